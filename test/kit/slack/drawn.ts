import type { Message } from "../../../src/bot/messages/Message.ts"
import { html, Html } from "../../../src/words/html.ts"

type Fields = Readonly<Record<string, unknown>>
const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {})
const list = (value: unknown): ReadonlyArray<Fields> => (Array.isArray(value) ? value.map(fields) : [])

const entities: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" }
const plain = (text: string): string => text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity)

/** `*bold*`, `` `code` `` and mentions, as Slack shows them. */
const shown = (object: unknown): Html => {
  const { type, text } = fields(object)
  if (typeof text !== "string") return html``
  if (type === "plain_text") return html`${text}`
  const parts = text.split(/(\*[^*\n]+\*|`[^`\n]+`|<@[A-Z0-9]+>|\n)/)
  return html`${parts.map((part) => {
    if (part === "\n") return html`<br />`
    if (/^\*.+\*$/.test(part)) return html`<b>${plain(part.slice(1, -1))}</b>`
    if (/^`.+`$/.test(part)) return html`<code>${plain(part.slice(1, -1))}</code>`
    return /^<@.+>$/.test(part) ? html`<i>@support</i>` : html`${plain(part)}`
  })}`
}

const button = (element: Fields): Html =>
  html`<span class="button ${typeof element["style"] === "string" ? element["style"] : ""}"
    >${shown(element["text"])}</span
  >`

const drawnBlock = (block: Fields): Html => {
  switch (block["type"]) {
    case "header":
      return html`<h1>${shown(block["text"])}</h1>`
    case "context":
      return html`<p class="soft">${list(block["elements"]).map((element) => html`<span>${shown(element)}</span>`)}</p>`
    case "actions":
      return html`<p>${list(block["elements"]).map(button)}</p>`
    case "divider":
      return html`<hr />`
    default: {
      const { accessory } = block
      const texts = [
        ...(block["text"] === undefined ? [] : [shown(block["text"])]),
        ...list(block["fields"]).map(shown)
      ]
      return html`<div class="section">
        <div class="${block["fields"] === undefined ? "" : "fields"}">${texts.map((text) => html`<p>${text}</p>`)}</div>
        ${accessory === undefined ? html`` : button(fields(accessory))}
      </div>`
    }
  }
}

/** A message about as Slack shows it: for the pictures, and to see that nothing is cut off. */
export const drawn = ({ blocks }: Message, name: string): Html =>
  html`<!doctype html>
    <meta charset="utf-8" />
    <title>${name}</title>
    <style>
      body {
        margin: 0;
        padding: 16px 20px;
        width: 600px;
        font:
          15px/1.45 system-ui,
          sans-serif;
        color: #1d1c1d;
        background: #fff;
      }
      h1 {
        font-size: 18px;
        margin: 0 0 8px;
      }
      p {
        margin: 4px 0;
      }
      .section {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 16px;
      }
      .fields {
        display: grid;
        grid-template-columns: 1fr 1fr;
        column-gap: 24px;
        flex: 1;
      }
      .soft span {
        margin-right: 12px;
      }
      .soft {
        font-size: 13px;
        color: #616061;
      }
      .button {
        display: inline-block;
        white-space: nowrap;
        border: 1px solid #c8c8c8;
        border-radius: 4px;
        padding: 3px 10px;
        margin-right: 8px;
        font-size: 13px;
        font-weight: 700;
      }
      .primary {
        background: #007a5a;
        border-color: #007a5a;
        color: #fff;
      }
      .danger {
        color: #b3261e;
        border-color: #b3261e;
      }
      code {
        font-size: 13px;
        color: #c01343;
        background: #f6f6f6;
        border: 1px solid #ddd;
        border-radius: 3px;
        padding: 1px 3px;
      }
    </style>
    <h2 style="font-size: 15px; margin: 0 0 4px">${name}</h2>
    ${list(blocks).map(drawnBlock)}`
