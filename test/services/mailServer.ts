import { Effect } from "effect"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"

/** What a mail server of a test saw. */
export interface Received {
  readonly from: string
  readonly recipients: ReadonlyArray<string>
  readonly raw: string
}

/** Headers of a raw mail, unfolded, as `name: value` lines. */
export const headerLines = ({ raw }: Received): ReadonlyArray<string> =>
  (raw.split("\r\n\r\n")[0] ?? "").replace(/\r\n[ \t]+/g, " ").split("\r\n")

/** A header's values. */
export const headers = (mail: Received, name: string): ReadonlyArray<string> =>
  headerLines(mail)
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim())

/** A real mail server on loopback, closed with the scope; it keeps what it took. */
export const mailServer = (options: SMTPServerOptions = {}, port = 0) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly port: number; readonly received: Array<Received>; readonly server: SMTPServer }>(
      (resume) => {
        const received: Array<Received> = []
        const server = new SMTPServer({
          authOptional: true,
          disableReverseLookup: true,
          disabledCommands: options.secure === true || options.key !== undefined ? [] : ["STARTTLS"],
          logger: false,
          closeTimeout: 100,
          onData: (stream, session, done) => {
            const chunks: Array<Buffer> = []
            stream.on("data", (chunk: Buffer) => chunks.push(chunk))
            stream.on("end", () => {
              const { mailFrom, rcptTo } = session.envelope
              received.push({
                from: mailFrom === false ? "" : mailFrom.address,
                recipients: rcptTo.map(({ address }) => address),
                raw: Buffer.concat(chunks).toString("utf8")
              })
              done()
            })
          },
          ...options
        })
        server.on("error", () => {
          // a client that hangs up is part of the story of some tests
        })
        const listener = server.listen(port, "127.0.0.1", () => {
          const address = listener.address()
          const at = typeof address === "object" && address !== null ? address.port : 0
          resume(Effect.succeed({ port: at, received, server }))
        })
      }
    ),
    ({ server }) => Effect.callback<void>((resume) => server.close(() => resume(Effect.void)))
  )

/** A reply of the server with this code. */
export const reply = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode })
