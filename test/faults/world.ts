import { Effect } from "effect"
import { simpleParser } from "mailparser"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { mailServer, reply } from "../services/mailServer.ts"
import { aLink } from "./link.ts"

/** A mail or a text that arrived, and when. */
export interface Arrived {
  /** Of its outbox row: the same on every try. */
  readonly id: string
  readonly channel: "email" | "sms"
  readonly to: string
  readonly text: string
  readonly at: Date
}

/** What the mail server does to letters; what a link can do besides is done by the link. */
export type MailTrouble = "none" | "refuse" | "hang" | "drip" | "cutAfterData" | "bounce" | "repeat"
export type TextTrouble = "none" | "refuse" | "hang"

/** The code in a letter. */
const codeIn = (text: string): string => {
  const [, first = "", last = ""] = /\b(\d{3}) ?(\d{3})\b/.exec(text) ?? []
  return `${first}${last}`
}

/** How long the server takes for a letter: so that some are on their way at any moment. */
const handlingMillis = 40

/** The people and what brings them their letters: an SMTP server and a gateway for texts, each behind a link. */
export const aWorld = Effect.fn("aWorld")(function* () {
  const arrived: Array<Arrived> = []
  let trouble: MailTrouble = "none"
  let bounced = 0
  let cut: () => void = () => {}

  const keep = async (raw: string, to: string) => {
    const at = new Date()
    const { text = "", messageId = "" } = await simpleParser(raw)
    arrived.push({ id: messageId.replace(/^<|@.*$/g, ""), channel: "email", to, text, at })
  }
  const { port } = yield* mailServer({
    onRcptTo: (_, __, done) => {
      if (trouble !== "bounce" || bounced++ % 3 !== 0) return done()
      done(reply(550, "5.1.1 There is nobody of that name"))
    },
    onData: (stream, session, done) => {
      const chunks: Array<Buffer> = []
      const [to] = session.envelope.rcptTo
      stream.on("data", (chunk: Buffer) => chunks.push(chunk))
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString("utf8")
        const taken = keep(raw, to?.address ?? "")
        if (trouble === "cutAfterData") return cut()
        void (trouble === "repeat" ? taken.then(() => keep(raw, to?.address ?? "")) : taken)
        setTimeout(() => done(), handlingMillis)
      })
    }
  })
  const mailLink = yield* aLink({ host: "127.0.0.1", port })
  cut = mailLink.drop

  const gateway = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const {
        id = "",
        to = "",
        text = ""
      } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, string>
      arrived.push({ id, channel: "sms", to, text, at: new Date() })
      setTimeout(() => response.end(), handlingMillis)
    })
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      gateway.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.sync(() => {
        gateway.closeAllConnections()
        gateway.close()
      })
  )
  const textLink = yield* aLink({ host: "127.0.0.1", port: (gateway.address() as AddressInfo).port })

  return {
    arrived,
    env: {
      SMTP_URL: `smtp://127.0.0.1:${mailLink.port}`,
      SMS_URL: `webhook+http://127.0.0.1:${textLink.port}/texts`,
      REKEY_INBOX: "off",
      REKEY_DEMO: "off"
    },
    /** The newest code that arrived there since then. */
    codeSince: (to: string, since: number): string | undefined =>
      arrived
        .filter((letter) => letter.to === to && letter.at.getTime() >= since)
        .map(({ text }) => codeIn(text))
        .findLast((code) => code !== ""),
    mail: (next: MailTrouble) => {
      if (trouble === "hang" || trouble === "drip") mailLink.drop()
      trouble = next
      mailLink.be(next === "refuse" ? "cut" : next === "hang" ? "stalled" : next === "drip" ? "dripping" : "through")
    },
    texts: (next: TextTrouble) => {
      textLink.drop()
      textLink.be(next === "refuse" ? "cut" : next === "hang" ? "stalled" : "through")
    }
  }
})
export type World = Effect.Success<ReturnType<typeof aWorld>>
