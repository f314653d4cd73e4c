import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { createServer } from "node:http"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { FrontDoor, wrong } from "../kit/frontDoor.ts"
import { eventually, keys, Rekey } from "../kit/process.ts"
import { linked, numberShownTo, slackDoor, urlsIn } from "../kit/slackDoor.ts"
import { casey, directOf, generalChannel, stranger, support, supportChannel } from "../kit/slack/people.ts"

/** Takes whatever is exported to it over OTLP, and keeps it. */
class Collector extends Context.Service<Collector, { readonly url: string; readonly taken: Array<string> }>()(
  "test/Collector"
) {
  static readonly layer = Layer.effect(
    Collector,
    Effect.acquireRelease(
      Effect.callback<{ readonly url: string; readonly taken: Array<string>; readonly close: () => void }>((resume) => {
        const taken: Array<string> = []
        const server = createServer((request, response) => {
          const chunks: Array<Buffer> = []
          request.on("data", (chunk: Buffer) => chunks.push(chunk))
          request.on("end", () => {
            taken.push(`${request.url} ${Buffer.concat(chunks).toString("utf8")}`)
            response.end("{}")
          })
        }).listen(0, "127.0.0.1", () => {
          const address = server.address()
          const port = typeof address === "object" && address !== null ? address.port : 0
          const close = () => {
            server.closeAllConnections()
            server.close()
          }
          resume(Effect.succeed({ url: `http://127.0.0.1:${port}`, taken, close }))
        })
      }),
      ({ close }) => Effect.sync(close)
    )
  )
}

const stage = Layer.unwrap(
  Collector.useSync(({ url }) =>
    slackDoor({ LOG_LEVEL: "debug", OTEL_EXPORTER_OTLP_ENDPOINT: url, SMS_URL: "" }, { pacing: false })
  )
).pipe(Layer.provideMerge(Collector.layer))

/** A customer of whom nothing can be mistaken for something else. The portal uses an e-mail address as account id. */
const customer = {
  accountId: "quillfeather@portal-login.example",
  email: "xanthippe@private-mail.example",
  phone: "+60198765432",
  name: "Xanthippe Quillfeather",
  password: "plum-velvet-harpsichord-77",
  ip: "203.0.113.177",
  userAgent: "Mozilla/5.0 Canarybrowser/9.1"
} as const

/** What somebody types in Slack although they must not, and what else they say there. */
const typed = {
  "a password in Slack": "walrus-trombone-4821",
  "a code in Slack": "739 150",
  "a recovery code in Slack": "k7fq-9zt2-m4xw",
  "free text in Slack": "unusual-marmalade",
  "an address in Slack": "somebody-else@gossip.example"
} as const

/** Six digits inside a longer number, an id or a fraction of a second are no code. */
const asCode = (digits: string) => `(?<![\\w.-])${digits}(?![\\w-])`

/** Looks through every column of every table: where something is found, as `table.column`. */
const columnsWith = Effect.fnUntraced(function* (what: string) {
  const sql = yield* SqlClient.SqlClient
  const columns = yield* sql<{ table: string; column: string }>`
    select table_name as "table", column_name as "column" from information_schema.columns
    where table_schema = current_schema()`
  const pattern = /^\d{6}$/.test(what) ? asCode(what) : what.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
  const found: Array<string> = []
  for (const { table, column } of columns) {
    const [row] = yield* sql<{ found: boolean }>`
      select exists (select from ${sql(table)} where ${sql(column)}::text ~ ${pattern}) as found`
    if (row?.found === true) found.push(`${table}.${column}`)
  }
  return found.toSorted()
}, Effect.orDie)

/** Whether a text has a secret. */
const holds = (text: string, secret: string): boolean =>
  /^\d{6}$/.test(secret) ? new RegExp(asCode(secret)).test(text) : text.includes(secret)

/** Everything that may be read in what Slack got: texts of messages, blocks, modals and home tabs. */
const textsIn = (part: unknown): ReadonlyArray<string> => {
  if (Array.isArray(part)) return part.flatMap(textsIn)
  if (typeof part !== "object" || part === null) return []
  return Object.entries(part).flatMap(([name, value]) =>
    name === "text" && typeof value === "string" ? [value] : textsIn(value)
  )
}

/** Where what belongs to a customer may stand in the database, and why. */
const belongs: Readonly<Record<"email" | "phone" | "name" | "ip" | "userAgent", ReadonlyArray<string>>> = {
  // the contact, where a method was verified, where a challenge went, and the letters on their way
  email: ["accounts.email", "challenges.destination", "enrolments.destination", "outbox.address"],
  phone: ["accounts.phone", "challenges.destination", "enrolments.destination", "outbox.address", "outbox.lane"],
  // for the greeting of a letter
  name: ["accounts.name", "outbox.name"],
  // from where: for the audit trail and the notices that say it
  ip: ["audit_events.client", "audit_events.canonical", "outbox.letter"],
  userAgent: ["audit_events.client", "audit_events.canonical", "outbox.letter"]
}

layer(stage, { excludeTestServices: true, timeout: "60 seconds" })("what never leaves for Slack", (it) => {
  it.effect(
    "S-26, S-27, S-67, S-70: a whole journey leaves no code, password, address, number, name, IP or typed text behind",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const rekey = yield* Rekey
        const collector = yield* Collector
        const { accountId, email, phone, name, password, ip, userAgent } = customer
        const client = { ip, userAgent }
        const of = (what = "") => door.of(accountId, what)
        const body = { email, phone, name, password, twoFactor: "SMS", client }
        const { client: _, ...account } = body
        const made = yield* door.call("PUT", of(), { body: account })
        assert.strictEqual(made.status, 201, made.text)

        // Linked by the number, guided, told.
        const { path } = yield* linked({ accountId, phone }, casey)
        const number = yield* numberShownTo(casey)
        yield* slack.command({ user: casey, text: "change", channel: generalChannel })
        yield* slack.messageIn(directOf(casey), ({ text }) => text.includes("Step 1 of"), "the checklist")
        const step = yield* door.started(of("/step-up"), { client })
        const proof = yield* door.codeOf(step.id, phone)
        yield* door.verify(step.id, wrong(proof))
        const { grant = "" } = yield* door.answerRightly(step.id, phone)
        yield* door.post(of("/two-factor/disable"), { password, grant, client })
        yield* slack.messageIn(directOf(casey), ({ text }) => text.includes("turned off"), "the notice")
        const setUp = yield* door.started(of("/two-factor/setup"), { method: "EMAIL", password, client })
        const code = yield* door.codeOf(setUp.id, email)
        yield* door.verify(setUp.id, wrong(code))
        yield* slack.press({ user: casey, actionId: "code-not-arrived" })
        yield* slack.press({ user: casey, actionId: "stuck" })
        const ofCase = yield* slack.messageIn(supportChannel, ({ text }) => text.includes("Stuck"), "the case")
        const caseId = /C-[A-Z0-9]{4,6}/.exec(ofCase.text)?.[0] ?? ""
        yield* slack.press({ user: support, channel: supportChannel, actionId: "case-claim" })
        yield* slack.press({ user: support, channel: supportChannel, actionId: "case-guide" })
        for (const text of ["cases", `case ${caseId}`, `find ${accountId}`, `nudge ${caseId}`])
          yield* slack.command({ user: support, text, channel: generalChannel })
        yield* door.answerRightly(setUp.id, email)
        yield* slack.messageIn(directOf(casey), ({ text }) => text.includes("turned on"), "the second notice")

        // What must not be typed there is, everywhere; and so is what nobody understands.
        const open = yield* door.started(of("/sign-in"), { password, client })
        const live = yield* door.codeOf(open.id, email)
        const chat = [
          `my password is ${typed["a password in Slack"]}`,
          typed["a code in Slack"],
          typed["a recovery code in Slack"],
          `hello ${typed["free text in Slack"]} ${typed["an address in Slack"]}`,
          `find ${typed["an address in Slack"]}`,
          live
        ]
        for (const text of chat) {
          yield* slack.command({ user: casey, text, channel: generalChannel })
          yield* slack.event({ type: "message", user: casey, text })
          yield* slack.event({ type: "app_mention", user: stranger, text: `<@U0REKEY> ${text}` })
        }
        yield* slack.event({ type: "app_home_opened", user: casey })
        yield* slack.until(() => slack.home(casey), "the home tab")
        for (const text of ["status", "why", "lost", "help"])
          yield* slack.command({ user: casey, text, channel: generalChannel })
        yield* eventually(
          Effect.map(door.challenge(open.id), ({ status }) => (status === "open" ? undefined : status)),
          "the end of the challenge whose code was typed"
        )
        yield* door.post(
          of("/two-factor/reset"),
          { reason: "lost phone", requestedBy: "robin", client },
          { key: keys.support }
        )
        yield* slack.messageIn(supportChannel, ({ text }) => /reset/i.test(text), "the reset")
        yield* slack.until(
          () => (slack.ephemerals(casey).some(({ text }) => /phone|mailbox/i.test(text)) ? true : undefined),
          "the last answer"
        )
        yield* slack.until(() => {
          const last = slack.calls().at(-1)
          return last !== undefined && performance.now() - last.at > 1500 ? true : undefined
        }, "nothing more to be said")

        const noticeUrls = [...new Set(slack.direct(casey).flatMap(({ blocks }) => urlsIn(blocks)))]
          .filter((url) => url.includes("/notice/"))
          .map((url) => new URL(url).pathname.split("/")[2] ?? "")
        assert.isAtLeast(noticeUrls.length, 2)
        const linkToken = path.split("/")[3] ?? ""
        assert.isAbove(linkToken.length, 40)

        const metrics = yield* door.call("GET", "/metrics", { key: keys.metrics })
        assert.include(metrics.text, "rekey_slack_messages_total")
        const contents = {
          "a code of a proof": proof,
          "a wrong code": wrong(code),
          "the code of the set-up": code,
          "the code that was typed": live,
          "a typed code without its blank": typed["a code in Slack"].replace(" ", ""),
          password,
          grant,
          "the token of the link": linkToken.split(".")[1] ?? linkToken,
          "the bot's token": slack.botToken,
          "the signing secret": slack.signingSecret,
          "a response_url": "/commands/T0HARBOR/",
          ...typed
        }
        const links = Object.fromEntries(
          noticeUrls.map((token, place) => [`the link of notice ${place}`, token.split(".")[1] ?? token])
        )

        // The database: secrets nowhere, what belongs to the customer where it belongs and nowhere else.
        for (const [what, secret] of Object.entries({ ...contents, ...links })) {
          assert.isAbove(secret.length, 5, what)
          assert.deepStrictEqual(yield* columnsWith(secret), [], what)
        }
        for (const what of Object.keys(belongs) as ReadonlyArray<keyof typeof belongs>) {
          const columns = yield* columnsWith(customer[what])
          assert.isEmpty(
            columns.filter((column) => !belongs[what].includes(column)),
            `${what}: ${columns.join(", ")}`
          )
          assert.isNotEmpty(columns, `${what} is found where it belongs`)
        }
        const withAccount = yield* columnsWith(accountId)
        assert.includeMembers(withAccount, ["accounts.account_id", "cases.account_id", "slack_messages.account_id"])
        for (const column of withAccount) assert.notMatch(column, /^(?:slack_requests|slack_lanes|feed_positions)\./)
        const read = [...(yield* door.inbox(phone)), ...(yield* door.inbox(email))].map(({ text }) =>
          text.replaceAll(" ", "")
        )
        for (const known of [proof, code, live])
          assert.isTrue(
            read.some((text) => text.includes(known)),
            "a code is found where it belongs"
          )

        assert.strictEqual(yield* rekey.stop, 0)
        const exported = collector.taken.join("\n")
        for (const signal of ["/v1/traces", "/v1/logs", "/v1/metrics"]) assert.include(exported, signal)
        assert.include(exported, "SlackCourier.deliver")
        assert.include(rekey.output(), "Message for Slack")
        const everything = slack.everything()
        assert.include(everything, "rekey_case")

        // What the bot itself logs does not even name the account, whose id is an address here.
        const ofSlack = rekey
          .output()
          .split("\n")
          .filter((line) => /"message":"[^"]*Slack/.test(line))
        assert.isAbove(ofSlack.length, 10)
        for (const line of ofSlack) assert.notInclude(line, accountId)
        // Logs, metrics and traces: no secret, nothing typed, nothing of the customer.
        const personal = { email, phone, name, "a part of the name": "Quillfeather", ip, userAgent }
        for (const [where, text] of Object.entries({ log: rekey.output(), metrics: metrics.text, exported })) {
          for (const [what, secret] of Object.entries({ ...contents, ...links, ...personal }))
            assert.isFalse(holds(text, secret), `${what} is in ${where}`)
          for (const said of textsIn(slack.calls("chat.postMessage").map(({ args }) => args)).filter(
            (it) => it.length > 40
          ))
            assert.isFalse(text.includes(said), `a message is in ${where}: ${said}`)
        }
        // Slack: neither, but for the links in the buttons; and the account id, which is an address, is masked.
        const { "a response_url": __, "the token of the link": ___, ...secrets } = contents
        for (const [what, secret] of Object.entries({ ...secrets, ...personal, accountId, "its host": "portal-login" }))
          assert.isFalse(holds(everything, secret), `${what} is in what Slack got`)
        for (const part of ["xanthippe", "private-mail", "8765432", "203.0.113"])
          assert.notInclude(everything.toLowerCase(), part)

        // The number to pick: once, in its one direct message.
        const withNumber = slack
          .calls()
          .filter(
            ({ method }) => method.startsWith("chat.") || method.startsWith("views.") || method === "response_url"
          )
          .filter(({ args }) =>
            textsIn(args).some(
              (text) => text.includes(`*${number}*`) || new RegExp(`number[^.]*\\b${number}\\b`, "i").test(text)
            )
          )
        assert.deepStrictEqual(
          withNumber.map(({ method, args }) => `${method} ${String(args["channel"])}`),
          [`chat.postMessage ${directOf(casey)}`]
        )
        // The channels: nothing of a customer but the masked id, and the case without a person.
        for (const channel of [supportChannel, generalChannel])
          for (const { text } of slack.messages(channel).filter(({ user }) => user !== stranger))
            assert.notMatch(text, /[\w.+-]+@[\w-]+\.\w+|\+\d{6,}|\b\d{6}\b/, text)
        assert.deepStrictEqual(slack.blockFaults, [])
      }),
    { timeout: 60_000 }
  )
})
