import { html, type Html } from "../html.ts"
import type { Content, ContentLink } from "./Content.ts"

/**
 * Mail programs that know dark mode and narrow screens read this; the others keep the inline styles, which are light
 * and fit anyway.
 */
const enhancement = html`<style>
  :root {
    color-scheme: light dark;
    supported-color-schemes: light dark;
  }
  @media (max-width: 480px) {
    .page {
      padding: 8px !important;
    }
    .sheet {
      padding: 20px 16px !important;
    }
    .label,
    .value {
      display: block !important;
      padding: 0 !important;
    }
    .value {
      padding-bottom: 8px !important;
    }
  }
  @media (prefers-color-scheme: dark) {
    .page {
      background: #14171a !important;
      color: #e8eaed !important;
    }
    .sheet {
      background: #1e2226 !important;
      border-color: #3a4046 !important;
    }
    .quiet {
      color: #a9b1b9 !important;
    }
    .code {
      background: #2a3036 !important;
      color: #ffffff !important;
    }
    .link {
      background: #8ab4f8 !important;
      color: #10141a !important;
    }
    .rule {
      border-color: #3a4046 !important;
    }
  }
</style>`

const paragraph = (text: string): Html => html`<p style="margin:0 0 16px">${text}</p>`

const emphasis = (text: string): Html => html`<p style="margin:0 0 16px;font-weight:bold">${text}</p>`

/** A part that not every mail has. */
const where = <Part>(part: Part | null, show: (part: Part) => Html): Html | string => (part === null ? "" : show(part))

const greetingLine = ({ before, name, after }: NonNullable<Content["greeting"]>): Html =>
  html`<p style="margin:0 0 16px">${before}${name === "" ? "" : html`<span dir="auto">${name}</span>`}${after}</p>`

const fact = ([label, value]: readonly [string, string]): Html =>
  html`<tr>
    <th
      class="label quiet"
      scope="row"
      style="padding:2px 16px 2px 0;text-align:left;vertical-align:top;font-weight:normal;white-space:nowrap;color:#5f6368"
    >
      ${label}
    </th>
    <td class="value" dir="auto" style="padding:2px 0;vertical-align:top">${value}</td>
  </tr>`

const codeBlock = (code: string): Html =>
  html`<p
    class="code"
    style="margin:0 0 16px;padding:16px 8px;border-radius:8px;background:#f1f3f4;color:#111111;font:bold 30px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:3px;text-align:center"
  >
    ${code}
  </p>`

/** What it does and where it leads are both visible before it is pressed. */
const linkBlock = ({ intro, label, url }: ContentLink): Html =>
  html`${paragraph(intro)}
    <p style="margin:0 0 16px">
      <a
        class="link"
        href="${url}"
        style="display:inline-block;padding:10px 20px;border-radius:8px;background:#0b57d0;color:#ffffff;text-decoration:none"
        ><strong>${label}</strong> <span style="display:block;font-size:13px">${new URL(url).host}</span></a
      >
    </p>`

/** The mail as one column of HTML: inline styles, nothing remote, no picture (S-45). */
export const htmlOf = (content: Content): Html =>
  html`<!doctype html>
    <html lang="${content.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <title>${content.subject}</title>
        ${enhancement}
      </head>
      <body
        class="page"
        style="margin:0;padding:24px 12px;background:#f6f7f8;color:#202124;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
      >
        <div
          class="sheet"
          style="max-width:600px;margin:0 auto;padding:24px;border:1px solid #dadce0;border-radius:12px;background:#ffffff;overflow-wrap:anywhere;word-break:break-word"
        >
          <p class="quiet" dir="auto" style="margin:0 0 8px;font-size:14px;color:#5f6368">${content.brand}</p>
          <h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${content.subject}</h1>
          ${where(content.greeting, greetingLine)} ${content.paragraphs.map(paragraph)}
          ${content.code === undefined ? "" : codeBlock(content.code)}
          ${content.codeLives === undefined ? "" : paragraph(content.codeLives)}
          <table style="margin:0 0 16px;border-collapse:collapse;font-size:14px">
            ${content.facts.map(fact)}
          </table>
          ${where(content.link, linkBlock)} ${where(content.warning, paragraph)}
          ${where(content.neverAsk, (lines) => emphasis(lines.join(" ")))}
          <p
            class="quiet rule"
            style="margin:0;padding-top:16px;border-top:1px solid #dadce0;font-size:12px;color:#5f6368"
          >
            ${content.footer}
          </p>
        </div>
      </body>
    </html> `
