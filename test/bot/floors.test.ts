import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { buttons } from "../../src/bot/actions/all.ts"
import { commands } from "../../src/bot/commands/all.ts"
import { actionIds } from "../../src/bot/messages/Message.ts"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { FrontDoor, password } from "../kit/frontDoor.ts"
import { keys } from "../kit/process.ts"
import { linked, slackDoor } from "../kit/slackDoor.ts"
import { casey, directOf, generalChannel, stranger, support, supportChannel } from "../kit/slack/people.ts"

const source = resolve(import.meta.dirname, "../../src")

/** What each file of a room imports from our own rooms, as `room/file.ts`; types alone do nothing. */
const importsOf = (room: string): ReadonlyArray<readonly [file: string, imported: string]> =>
  readdirSync(join(source, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const path = join(source, room, file)
      const text = readFileSync(path, "utf8")
      const found = [
        ...text.matchAll(/\b(?:import|export)\s+(?!type\b)[^"';]*?\bfrom\s*["'](\.[^"']+)["']/g),
        ...text.matchAll(/\bimport\s*\(?\s*["'](\.[^"']+)["']/g)
      ]
      return found.map(([, to = ""]) => [file, relative(source, resolve(dirname(path), to))] as const)
    })

const imported = importsOf("bot")
const from = (room: string) =>
  [...new Set(imported.map(([, to]) => to).filter((to) => to.startsWith(`${room}/`)))].toSorted()

/** The programs of an account that the bot may run, and what each can do at most. */
const programs: Readonly<Record<string, string>> = {
  "account/Caller.ts": "who asks",
  "account/actOnCase.ts": "claims, guides or closes a case of support",
  "account/ask.ts": "a bounded wait",
  "account/closeChallenges.ts": "ends open challenges, whatever the digits were (S-70)",
  "account/guide.ts": "begins a checklist",
  "account/inviteSlack.ts": "makes the link to the portal",
  "account/openCase.ts": "opens a case",
  "account/standing.ts": "reads",
  "account/unlinkSlack.ts": "ends a link",
  "account/views.ts": "reads"
}

/** The services that it may use; none of them can judge a code or a password, or write what protects an account. */
const services: ReadonlyArray<string> = [
  "services/AuditTrail.ts",
  "services/BearerTokens.ts",
  "services/Cases.ts",
  "services/NumberMatching.ts",
  "services/Outbox.ts",
  "services/SlackLinks.ts",
  "services/SlackOutbox.ts",
  "services/SlackRequests.ts",
  "services/SlackStatus.ts",
  "services/newReference.ts"
]

describe("what the bot stands on", () => {
  it("there are imports to look for", () => {
    assert.isAbove(imported.length, 100)
    assert.includeMembers(from("account"), ["account/openCase.ts", "account/ask.ts"])
  })

  it("S-69: of the programs of an account it imports those that guide, notify and gather, and no other", () => {
    assert.deepStrictEqual(from("account"), Object.keys(programs).toSorted())
  })

  it("S-69: it imports no method, nothing that knows a code or a password, and no store of accounts", () => {
    assert.deepStrictEqual(from("methods"), [])
    assert.deepStrictEqual(from("http"), [])
    assert.isEmpty(from("services").filter((service) => !services.includes(service)))
  })

  it("S-69: of the outbox of letters it uses a number, and of the tokens it makes and never reads one", () => {
    const users = imported.filter(([, to]) => to === "services/Outbox.ts").map(([file]) => file)
    assert.deepStrictEqual(users, ["courier.ts"])
    const textOf = (file: string) => readFileSync(join(source, "bot", file), "utf8")
    assert.match(textOf("courier.ts"), /import \{ backoffSeconds \} from "..\/services\/Outbox.ts"/)
    for (const [file, to] of imported) {
      if (to === "services/BearerTokens.ts") assert.notMatch(textOf(file), /\bidIn\b|\bclaimedId\b|kind: "grant"/, file)
      if (to === "services/NumberMatching.ts") assert.notMatch(textOf(file), /\bmatches\b|\bchoicesFor\b/, file)
      if (to === "services/SlackLinks.ts") assert.notMatch(textOf(file), /links\.(?:link|unlink|open|close)\(/, file)
    }
  })

  it("S-69: no command and no button has a name of an operation on protection", () => {
    const names = [...commands.map(({ word }) => word), ...buttons.map(({ id }) => id)]
    for (const name of names)
      assert.notMatch(name, /verif|disable|enable|approve|reset|confirm|resend|setup|sign|import|delete/, name)
    assert.deepStrictEqual(buttons.map(({ id }) => id).toSorted(), Object.values(actionIds).toSorted())
  })
})

layer(slackDoor({ SUPPORT_EMAIL: "help@harbor.example" }, { pacing: false }), {
  excludeTestServices: true,
  timeout: "60 seconds"
})("what Slack can do to an account", (it) => {
  it.effect(
    "S-69: no button, word, event or forged request verifies a code, decides a reset or changes what protects an account",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const sql = yield* SqlClient.SqlClient
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const { accountId, phone, email } = account
        yield* linked(account)
        yield* slack.command({ user: casey, text: "change", channel: generalChannel })
        yield* slack.messageIn(directOf(casey), ({ text }) => text.includes("Step 1 of"), "the checklist")
        yield* slack.press({ user: casey, actionId: "stuck" })
        const ofCase = yield* slack.messageIn(supportChannel, ({ text }) => text.includes(accountId), "the case")
        const caseId = /C-[A-Z0-9]{4,6}/.exec(ofCase.text)?.[0] ?? ""

        // A change that waits for its code, and a reset that waits for its time: both could be decided by somebody.
        const grant = yield* door.grantOf(accountId, phone)
        const change = yield* door.started(door.of(accountId, "/two-factor/change"), {
          method: "EMAIL",
          password,
          grant
        })
        const code = yield* door.codeOf(change.id, email)
        const asked = yield* door.post(
          door.of(accountId, "/two-factor/reset"),
          { reason: "lost phone", requestedBy: "robin" },
          { key: keys.support }
        )
        assert.strictEqual(asked.status, 202, asked.text)
        yield* slack.messageIn(supportChannel, ({ text }) => /reset/i.test(text), "the reset")

        const guides = yield* Effect.orDie(sql<{ id: string }>`select id::text from slack_guides`)
        const resets = yield* Effect.orDie(sql<{ id: string }>`select id::text from resets`)
        const ids = [...guides, ...resets].map(({ id }) => id)
        const values = ["", change.id, caseId, caseId.toLowerCase(), accountId, code, "SMS", "EMAIL", "NONE", ...ids]
        const unknown = `verify approve approve-reset cancel-reset reset disable enable setup confirm resend cancel report
          undo grant case-reset notice-report`
        const forged = [...Object.values(actionIds), ...unknown.split(/\s+/)]
        const protectionOf = Effect.gen(function* () {
          const now = yield* door.twoFactor(accountId)
          const rows = yield* Effect.orDie(sql`select * from enrolments where account_id = ${accountId}`)
          const [ofReset] = yield* Effect.orDie(sql`select * from resets where account_id = ${accountId}`)
          const { pending: _, allowed: __, ...rest } = now
          return JSON.stringify([rest, rows, ofReset])
        })
        /** The answers to those who asked last, once everything before was worked on. */
        const idle = Effect.gen(function* () {
          for (const user of [casey, stranger, support]) {
            const before = slack.ephemerals(user).length
            yield* slack.command({ user, text: "help", channel: generalChannel })
            yield* slack.until(() => slack.ephemerals(user)[before], `an answer to ${user}`)
          }
          yield* slack.until(() => {
            const [last] = slack.calls().slice(-1)
            return last !== undefined && performance.now() - last.at > 1500 ? true : undefined
          }, "nothing more to be said")
        })

        const everything = yield* door.everythingOf(accountId)
        const protection = yield* protectionOf
        for (const user of [casey, stranger, support]) {
          for (const actionId of forged) {
            for (const value of values) {
              const pressed = yield* slack.press({ user, channel: supportChannel, actionId, value, anyway: true })
              assert.strictEqual(pressed.status, 200)
            }
          }
        }
        yield* idle
        assert.strictEqual(yield* door.everythingOf(accountId), everything, "a press changed something")
        assert.strictEqual(yield* protectionOf, protection)

        // Words and texts: these may close challenges, and end the link at last; nothing else.
        const texts = [
          ...commands
            .filter(({ word }) => word !== "unlink")
            .flatMap(({ word }) => values.map((value) => `${word} ${value}`)),
          ...["verify", "approve", "reset", "disable", "confirm", "enable", "cancel", "execute"].flatMap((word) =>
            [code, caseId, accountId, ...ids].map((value) => `${word} ${value}`)
          ),
          code,
          `my code is ${code}`,
          `my password is ${password}`
        ]
        for (const text of texts)
          for (const user of [stranger, support, casey]) yield* slack.command({ user, text, channel: generalChannel })
        for (const user of [stranger, support, casey]) {
          yield* slack.event({ type: "message", user, text: code })
          yield* slack.event({ type: "app_mention", user, text: `<@U0REKEY> verify ${code}` })
          yield* slack.event({ type: "app_home_opened", user })
          yield* slack.command({ user, text: "unlink", channel: generalChannel })
        }
        yield* idle
        assert.strictEqual(yield* protectionOf, protection)
        const known = everything.split("\n")[1] ?? ""
        const after = (yield* door.events(accountId)).filter(({ id }) => !known.includes(id)).map(({ type }) => type)
        assert.deepStrictEqual(new Set(after), new Set(["challenge.closed", "slack.unlinked"]))
        // The code was right all the time: it is void, and was never taken.
        const late = yield* door.verify(change.id, code)
        assert.strictEqual(late.status, 410, late.text)
      }),
    { timeout: 60_000 }
  )
})
