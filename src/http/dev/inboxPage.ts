import type { InboxMessage } from "../../services/Inbox.ts"
import { html, type Html } from "../../words/html.ts"

const kinds = { email: "E-mail", sms: "SMS" } as const

/** `2026-11-24 20:04:12 UTC` */
const clock = (instant: Date): string => `${instant.toISOString().slice(0, 19).replace("T", " ")} UTC`

const frame = (id: string, subject: string): Html =>
  html`<details>
    <summary>As the mail program shows it</summary>
    <iframe src="/dev/inbox/messages/${id}/html" title="${`Mail: ${subject}`}" sandbox loading="lazy"></iframe>
  </details>`

const entry = (message: InboxMessage): Html =>
  html`<article>
    <h2>${message.channel === "sms" ? "Text message" : message.subject}</h2>
    <p class="about">
      <span class="kind">${kinds[message.channel]}</span> to <strong>${message.to}</strong>,
      <time datetime="${message.receivedAt.toISOString()}">${clock(message.receivedAt)}</time>
    </p>
    <pre>${message.text}</pre>
    ${message.html === null ? "" : frame(message.id, message.subject)}
  </article>`

const reset = html`<form method="post" action="/dev/demo/reset"><button>Reset the demo</button></form>`

/**
 * The page of the built-in inbox: what was sent, newest first. Every word of a message is escaped. Where the demo is on
 * a button puts it back.
 */
export const inboxPage = (messages: ReadonlyArray<InboxMessage>, demo: boolean): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Inbox</title>
        <link rel="stylesheet" href="/dev/inbox.css" />
      </head>
      <body>
        <main>
          <header>
            <h1>Inbox</h1>
            <p>
              Every mail and text of this local Rekey ends here. It holds the last 500 and forgets them when Rekey
              stops. <a href="/dev/inbox">Look again</a> · <a href="/dev/mail">All mails</a>
            </p>
            ${demo ? reset : ""}
          </header>
          ${messages.length === 0 ? html`<p class="empty">Nothing has arrived yet.</p>` : messages.map(entry)}
        </main>
      </body>
    </html> `

/** Its style sheet. */
export const inboxStyle = `:root { color-scheme: light dark; --ink: #202124; --quiet: #5f6368; --ground: #f6f7f8; --sheet: #fff; --line: #dadce0; --link: #0b57d0 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --quiet: #a9b1b9; --ground: #14171a; --sheet: #1e2226; --line: #3a4046; --link: #8ab4f8 }
}
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem }
article { margin: 0 0 1rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: 12px; background: var(--sheet) }
h1, h2 { line-height: 1.3; margin: 0 0 .25rem; overflow-wrap: anywhere }
h2 { font-size: 1.15rem }
a, summary { color: var(--link) }
summary { cursor: pointer }
.about, .empty { color: var(--quiet); overflow-wrap: anywhere }
.kind { padding: 0 .5rem; border: 1px solid var(--line); border-radius: 999px; font-size: .85rem }
button { padding: .35rem .9rem; border: 1px solid var(--line); border-radius: 8px; background: var(--sheet); color: var(--link); font: inherit; cursor: pointer }
pre { margin: 0 0 .5rem; white-space: pre-wrap; overflow-wrap: anywhere; font: .95rem/1.5 ui-monospace, monospace }
iframe { width: 100%; height: 34rem; margin-top: .5rem; border: 1px solid var(--line); border-radius: 8px; background: #fff }
`
