import { Effect, Exit, Scope } from "effect"
import { simpleParser } from "mailparser"
import { createServer } from "node:http"
import type { SMTPServerOptions } from "smtp-server"
import { mailServer, type Received } from "../services/mailServer.ts"
import { freePort } from "./freePort.ts"

/** A mail or a text as its receiver reads it. */
export interface Letter {
  readonly to: string
  readonly subject: string | undefined
  readonly text: string
  readonly messageId: string
}

const read = async ({ raw, recipients }: Received): Promise<Letter> => {
  const { subject, text = "", messageId = "" } = await simpleParser(raw)
  return { to: recipients.join(", "), subject, text, messageId }
}

/** A real mail server on one port that can be away for a while; it keeps what it took. */
export const aMailServer = Effect.fn("aMailServer")(function* (options: SMTPServerOptions = {}) {
  const port = yield* freePort
  const runs: Array<Array<Received>> = []
  // people look into their inboxes over and over, and a mail stays what it is
  const opened = new WeakMap<Received, Promise<Letter>>()
  const opening = (mail: Received): Promise<Letter> => {
    const letter = opened.get(mail) ?? read(mail)
    opened.set(mail, letter)
    return letter
  }
  let open: Scope.Closeable | undefined
  const stop = Effect.suspend(() => (open === undefined ? Effect.void : Scope.close(open, Exit.void)))
  const start = Effect.gen(function* () {
    open = yield* Scope.make()
    const { received } = yield* Scope.provide(mailServer(options, port), open)
    runs.push(received)
  })
  yield* Effect.addFinalizer(() => stop)
  yield* start
  const letters = Effect.promise(() => Promise.all(runs.flat().map(opening)))
  return { url: `smtp://127.0.0.1:${port}`, letters, stop, start }
})

/** A gateway that takes texts over HTTP and keeps them. */
export const aTextGateway = Effect.acquireRelease(
  Effect.callback<{ readonly url: string; readonly texts: Array<Letter>; readonly close: () => void }>((resume) => {
    const texts: Array<Letter> = []
    const server = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const { id, to, text } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, string>
        texts.push({ to: to ?? "", subject: undefined, text: text ?? "", messageId: id ?? "" })
        response.end()
      })
    })
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const close = () => {
        server.closeAllConnections()
        server.close()
      }
      resume(Effect.succeed({ url: `webhook+http://127.0.0.1:${port}/texts`, texts, close }))
    })
  }),
  ({ close }) => Effect.sync(close)
)

/** What is outside of Rekey: a mail server, a gateway for texts, and the people who read what arrives, newest first. */
export const theWorld = Effect.fn("theWorld")(function* (options: SMTPServerOptions = {}) {
  const mail = yield* aMailServer(options)
  const gateway = yield* aTextGateway
  return {
    mail,
    env: { SMTP_URL: mail.url, SMS_URL: gateway.url, REKEY_INBOX: "off", REKEY_DEMO: "off" },
    lettersTo: (to: string): Effect.Effect<ReadonlyArray<Letter>> =>
      Effect.map(mail.letters, (mails) =>
        [...mails, ...gateway.texts].filter((letter) => letter.to === to).toReversed()
      )
  }
})
