import type { Button, ContextBlock, HeaderBlock, KnownBlock, SectionBlock } from "@slack/types"
import { oneLine } from "../../words/plain.ts"
import type { Message } from "./Message.ts"

/** Text in which everything from elsewhere is escaped already; only `mrkdwn`, `mention` and `mailto` make it. */
export class Mrkdwn {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What a block says: a text is escaped, whatever is in it. */
export type Said = string | Mrkdwn

/** Slack reads `<` as the begin of a link, of a mention or of a call to everybody (S-71). */
export const escaped = (said: Said): string =>
  typeof said === "string" ? said.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") : said.text

/** Puts pieces together; each that is not `Mrkdwn` is escaped. */
export const mrkdwn = (marks: TemplateStringsArray, ...pieces: ReadonlyArray<Said>): Mrkdwn =>
  new Mrkdwn(marks.map((mark, place) => mark + escaped(pieces[place] ?? "")).join(""))

/** Several lines, or pieces with something else between them. */
export const joined = (pieces: ReadonlyArray<Said>, between = "\n"): Mrkdwn =>
  new Mrkdwn(pieces.map(escaped).join(between))

/** A person of this workspace, by Slack's id. */
export const mention = (user: string): Said => (/^[UW][A-Z0-9]+$/.test(user) ? new Mrkdwn(`<@${user}>`) : user)

/** An address to write to. */
export const mailto = (address: string): Said =>
  /^[^\s<>|]+$/.test(address) ? mrkdwn`<mailto:${address}|${address}>` : address

/** An id or a command as it is: without formatting, smileys or links in it. */
export const code = (text: string): string => `\`${text.replaceAll("`", "'")}\``

const marked = (said: Said) => ({ type: "mrkdwn", text: escaped(said), verbatim: true }) as const
const plain = (text: string, longest: number) =>
  ({ type: "plain_text", text: oneLine(text, longest), emoji: false }) as const

export const header = (text: string): HeaderBlock => ({ type: "header", text: plain(text, 150) })

export const section = (said: Said, accessory?: Button): SectionBlock => ({
  type: "section",
  text: marked(said),
  ...(accessory === undefined ? {} : { accessory })
})

/** Labels with what they are about, in two columns; ten at most. */
export const fields = (pairs: ReadonlyArray<readonly [label: string, said: Said]>): SectionBlock => ({
  type: "section",
  fields: pairs.slice(0, 10).map(([label, said]) => marked(mrkdwn`*${label}*\n${said}`))
})

export const context = (...said: ReadonlyArray<Said>): ContextBlock => ({
  type: "context",
  elements: said.slice(0, 10).map(marked)
})

/** A row of buttons; no block at all without one. */
export const actions = (...buttons: ReadonlyArray<Button>): ReadonlyArray<KnownBlock> =>
  buttons.length === 0 ? [] : [{ type: "actions", elements: [...buttons] }]

/** What a button may have beside its label; `spoken` is what a screen reader says where the label alone is too little. */
interface ButtonMore {
  readonly value?: string
  readonly url?: string
  readonly style?: "primary" | "danger"
  readonly spoken?: string
}

/** A button that does something in Slack, or with `url` opens an address. */
export const button = (actionId: string, label: string, { value, url, style, spoken }: ButtonMore = {}): Button => ({
  type: "button",
  action_id: actionId,
  text: plain(label, 75),
  ...(value === undefined ? {} : { value }),
  ...(url === undefined ? {} : { url }),
  ...(style === undefined ? {} : { style }),
  ...(spoken === undefined ? {} : { accessibility_label: oneLine(spoken, 75) })
})

const saidIn = (block: KnownBlock): ReadonlyArray<string> => {
  switch (block.type) {
    case "header":
      return [escaped(block.text.text)]
    case "section":
      return [
        ...(block.text === undefined ? [] : [block.text.text]),
        ...(block.fields ?? []).map(({ text }) => text.replace("\n", " "))
      ]
    case "context":
      return block.elements.flatMap((element) => ("text" in element ? [element.text] : []))
    default:
      return []
  }
}

/** Slack takes 4,000 characters; whole lines only, so that nothing is cut in its middle. */
const longestText = 3900

const shortened = (lines: ReadonlyArray<string>): string =>
  lines.reduce((text, line) => {
    const longer = text === "" ? line : `${text}\n${line}`
    return longer.length <= longestText ? longer : text
  }, "")

/** A message of these blocks; its `text` says what they say, or what is given instead. */
export const message = (blocks: ReadonlyArray<KnownBlock>, text?: ReadonlyArray<Said>): Message => ({
  text: shortened(text === undefined ? blocks.flatMap(saidIn) : text.map(escaped)),
  blocks
})
