import { html, type Html } from "../html.ts"
import type { Content } from "./Content.ts"

/** Mail programs that know dark mode read this; the others keep the inline styles, which are light. */
const dark = html`<style>
  :root {
    color-scheme: light dark;
    supported-color-schemes: light dark;
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
    a {
      color: #8ab4f8 !important;
    }
  }
</style>`

const paragraph = (text: string): Html => html`<p style="margin:0 0 16px">${text}</p>`

const fact = ([label, value]: readonly [string, string]): Html =>
  html`<tr>
    <th
      class="quiet"
      scope="row"
      style="padding:2px 16px 2px 0;text-align:left;vertical-align:top;font-weight:normal;color:#5f6368"
    >
      ${label}
    </th>
    <td style="padding:2px 0;vertical-align:top">${value}</td>
  </tr>`

const codeBlock = (code: string): Html =>
  html`<p
    class="code"
    style="margin:0 0 16px;padding:16px;border-radius:8px;background:#f1f3f4;color:#111111;font:bold 32px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:4px;text-align:center"
  >
    ${code}
  </p>`

/** The mail as one column of HTML: inline styles, nothing remote, no picture (S-45). */
export const htmlOf = (content: Content): Html =>
  html`<!doctype html>
    <html lang="${content.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <title>${content.subject}</title>
        ${dark}
      </head>
      <body
        class="page"
        style="margin:0;padding:24px 12px;background:#f6f7f8;color:#202124;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
      >
        <div
          class="sheet"
          style="max-width:544px;margin:0 auto;padding:24px;border:1px solid #dadce0;border-radius:12px;background:#ffffff"
        >
          <p class="quiet" style="margin:0 0 8px;font-size:14px;color:#5f6368">${content.brand}</p>
          <h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${content.subject}</h1>
          ${paragraph(content.greeting)} ${content.paragraphs.map(paragraph)}
          ${content.code === undefined ? "" : codeBlock(content.code)}
          ${content.codeLives === undefined ? "" : paragraph(content.codeLives)}
          <table style="margin:0 0 16px;border-collapse:collapse;font-size:14px">
            ${content.facts.map(fact)}
          </table>
          ${paragraph(content.warning)}
          ${content.link === null ? "" : html`<p style="margin:0 0 16px"><a href="${content.link}" style="color:#0b57d0">${content.link}</a></p>`}
          <p style="margin:0 0 16px;font-weight:bold">${content.neverAsk.join(" ")}</p>
          <p class="quiet" style="margin:0;font-size:12px;color:#5f6368">${content.footer}</p>
        </div>
      </body>
    </html> `
