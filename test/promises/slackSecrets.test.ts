import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { anApp } from "../bot/slackKit.ts"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { FrontDoor, password, refusal, wrong } from "../kit/frontDoor.ts"
import { Rekey } from "../kit/process.ts"
import { slackDoor } from "../kit/slackDoor.ts"
import { bot, casey, directOf, generalChannel, stranger, team } from "../kit/slack/people.ts"

/** Takes whatever is exported to it over OTLP, and keeps it. */
class Collector extends Context.Service<Collector, Effect.Success<ReturnType<typeof anApp>>>()("test/Collector") {
  static readonly layer = Layer.effect(
    Collector,
    anApp(() => ({}))
  )
}

const stage = Layer.unwrap(
  Collector.useSync(({ base }) =>
    slackDoor({ LOG_LEVEL: "trace", OTEL_EXPORTER_OTLP_ENDPOINT: base }, { pacing: false })
  )
).pipe(Layer.provideMerge(Collector.layer))

const dump = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = current_schema()`
  const texts = yield* Effect.forEach(tables, ({ name }) =>
    Effect.map(
      sql<{ row: string }>`select row_to_json(t)::text as row from ${sql(name)} t`,
      (rows) => `${name}\n${rows.map(({ row }) => row).join("\n")}`
    )
  )
  return texts.join("\n")
}).pipe(Effect.orDie)

/** Whether a text holds a secret, in whatever case and dress. Digits inside an id or a longer number are no code. */
const holds = (text: string, secret: string): boolean =>
  /^\d+$/.test(secret)
    ? new RegExp(`(?<![\\w.-])${secret}(?![\\w-])`).test(text)
    : [secret, Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")].some((form) =>
        text.toLowerCase().includes(form.toLowerCase())
      )

/** Stops Rekey, so that it has said all that it has to say, and looks for what somebody typed. */
const leavesNothing = Effect.fnUntraced(function* (secrets: ReadonlyArray<string>) {
  const slack = yield* FakeSlack
  const rekey = yield* Rekey
  const collector = yield* Collector
  assert.strictEqual(yield* rekey.stop, 0)
  const rows = yield* dump
  yield* rekey.start
  const exported = collector.heard.map(({ path, body }) => `${path} ${body}`).join("\n")
  for (const path of ["/v1/traces", "/v1/logs", "/v1/metrics"]) assert.include(exported, path)
  const places = { rows, log: rekey.output(), exported, slack: slack.everything() }
  assert.isTrue(holds("You typed 482913.", "482913") && holds("a Quokka", "quokka"))
  for (const [where, text] of Object.entries(places)) {
    assert.isAbove(text.length, 100, where)
    for (const secret of secrets) assert.isFalse(holds(text, secret), `${secret} is in ${where}`)
  }
})

let teams = 0

/** A customer who is linked in a workspace of their own; how people are linked is another test's. */
const aLinkedCustomer = Effect.fnUntraced(function* () {
  const door = yield* FrontDoor
  const sql = yield* SqlClient.SqlClient
  const account = yield* door.anAccount({ twoFactor: "SMS" })
  const whose = { user: casey, team: `T0PLACE${teams++}` } as const
  yield* Effect.orDie(sql`insert into slack_links (enterprise, team, slack_user, account_id)
    values ('', ${whose.team}, ${whose.user}, ${account.accountId})`)
  return { ...account, whose, of: (what: string) => door.of(account.accountId, what) }
})

/** Everywhere that somebody can type something to the bot. */
const ways = ["after the slash command", "in direct messages", "after a mention", "before a mention"] as const

/** Types something, and answers with what Slack shows to its author alone. */
const types = Effect.fnUntraced(function* (
  way: (typeof ways)[number],
  { user, team: at }: { readonly user: string; readonly team: string },
  text: string
) {
  const slack = yield* FakeSlack
  const channel = way === "in direct messages" ? directOf(user) : generalChannel
  const before = slack.ephemerals(user).length
  const said = (type: string, words: string) => slack.event({ type, user, text: words, channel }, { team: at })
  const delivered = yield* way === "after the slash command"
    ? slack.command({ user, team: at, text, channel })
    : way === "in direct messages"
      ? said("message", text)
      : said("app_mention", way === "after a mention" ? `<@${bot.userId}> ${text}` : `${text} <@${bot.userId}>`)
  assert.deepStrictEqual([delivered.status, delivered.body], [200, ""])
  const answer = yield* slack.until(() => slack.ephemerals(user)[before], `the answer ${way}`)
  assert.strictEqual(answer.channel, channel)
  return { text: answer.text, blocks: answer.blocks }
})

/** What the bot has said so that it stays. */
const staying = FakeSlack.useSync((slack) =>
  [...slack.messages(generalChannel), ...slack.direct(casey), ...slack.direct(stranger)].filter(
    ({ user }) => user === bot.userId
  )
)

layer(stage, { excludeTestServices: true, timeout: "60 seconds" })("a secret typed into Slack", (it) => {
  it.effect(
    "S-70: every open code of the linked account is void, right or wrong, wherever it was typed; nothing of it is kept",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const { accountId, phone, whose, of } = yield* aLinkedCustomer()
        const other = yield* door.anAccount({ twoFactor: "SMS" })
        const others = yield* door.started(door.of(other.accountId, "/sign-in"), { password })
        // Only where the bot has written before can its answers stay.
        yield* types("after the slash command", whose, "change")
        yield* slack.messageIn(directOf(casey), ({ user, text }) => user === bot.userId && text !== "", "the checklist")
        const stood = (yield* staying).length
        const typed: Array<string> = []
        const answers: Array<unknown> = []
        const effects: Array<unknown> = []
        for (const way of ways) {
          for (const right of [true, false]) {
            const { id } = yield* door.started(of("/sign-in"), { password })
            const code = yield* door.codeOf(id, phone)
            const shown = right ? code : wrong(code)
            const before = (yield* door.events(accountId)).length
            answers.push(yield* types(way, whose, `${shown.slice(0, 3)} ${shown.slice(3)} does not work`))
            effects.push({
              status: (yield* door.challenge(id)).status,
              events: (yield* door.events(accountId))
                .slice(before)
                .map(({ type, outcome, actor }) => [type, outcome, actor])
            })
            refusal(yield* door.verify(id, code), 410, "challenge_closed", door.base)
            typed.push(code, shown, `${shown.slice(0, 3)} ${shown.slice(3)}`)
          }
        }
        assert.lengthOf(new Set(answers.map((answer) => JSON.stringify(answer))), 1, "one answer for all")
        assert.lengthOf(new Set(effects.map((effect) => JSON.stringify(effect))), 1, "one effect for all")
        assert.deepInclude(effects[0], { status: "voided" })
        const [answer] = answers
        assert.match(JSON.stringify(answer), /all open codes of your account were cancelled/)
        assert.notMatch(JSON.stringify(answer), /right|correct|valid|match/i)
        assert.lengthOf(yield* staying, stood)
        assert.strictEqual((yield* door.twoFactor(accountId)).securityStandard, "SMS")
        assert.strictEqual((yield* door.challenge(others.id)).status, "open")
        assert.strictEqual((yield* door.answerRightly(others.id, other.phone)).status, "signed-in")
        // The next one works: nobody is locked out by what they typed.
        const { id } = yield* door.started(of("/sign-in"), { password })
        assert.strictEqual((yield* door.answerRightly(id, phone)).status, "signed-in")
        yield* leavesNothing(typed)
      }),
    { timeout: 60_000 }
  )

  it.effect(
    "S-70: a sign-in, a step-up and a change are all closed by one word, and the method stays as it was",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, phone, email, whose, of } = yield* aLinkedCustomer()
        const grant = yield* door.grantOf(accountId, phone)
        const change = yield* door.started(of("/two-factor/change"), { method: "EMAIL", password, grant })
        const signIn = yield* door.started(of("/sign-in"), { password })
        const stepUp = yield* door.started(of("/step-up"), {})
        const open = [
          { id: change.id, code: yield* door.codeOf(change.id, email) },
          { id: signIn.id, code: yield* door.codeOf(signIn.id, phone) },
          { id: stepUp.id, code: yield* door.codeOf(stepUp.id, phone) }
        ]
        yield* types("in direct messages", whose, "my password is Quokka-On-The-Roof")
        for (const { id, code } of open) refusal(yield* door.verify(id, code), 410, "challenge_closed", door.base)
        const now = yield* door.twoFactor(accountId)
        assert.deepInclude(now, { status: "enabled", securityStandard: "SMS", pending: null })
        // With nothing open the answer is the same.
        const first = yield* types("in direct messages", whose, "otpauth://totp/quokka?secret=JBSWY3DPEHPK3PXP")
        const second = yield* types("in direct messages", whose, "k7f3-9qwm-22xp-quok")
        assert.deepStrictEqual(second, first)
        assert.strictEqual((yield* door.call("GET", of(""))).status, 200)
        yield* leavesNothing(["quokka", "JBSWY3DPEHPK3PXP", "k7f3-9qwm"])
      }),
    { timeout: 60_000 }
  )

  it.effect(
    "S-70: whoever is not linked is told privately too; nothing is closed, and nothing of it is kept",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
        const code = yield* door.codeOf(id, phone)
        const nobody = { user: stranger, team: team.id }
        const before = yield* door.everythingOf(accountId)
        const stood = (yield* staying).length
        const texts = [code, wrong(code), "my password is Wombat-On-The-Roof", "wombat: 48 29 13 07"]
        for (const way of ways) {
          const answers = yield* Effect.forEach(texts, (text) => types(way, nobody, text))
          assert.lengthOf(new Set(answers.map((answer) => JSON.stringify(answer))), 1, way)
          assert.match(JSON.stringify(answers[0]), /No code was cancelled from here/)
        }
        assert.strictEqual(yield* door.everythingOf(accountId), before)
        assert.strictEqual((yield* door.answerRightly(id, phone)).status, "signed-in")
        assert.lengthOf(yield* staying, stood)
        yield* leavesNothing([code, wrong(code), "wombat", "48 29 13 07", "48291307"])
      }),
    { timeout: 60_000 }
  )

  it.effect(
    "S-70: what is no command and no secret is not kept either, and closes nothing",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { phone, whose, of } = yield* aLinkedCustomer()
        const { id } = yield* door.started(of("/sign-in"), { password })
        for (const text of ["bandicoot", "status bandicoot", "find bandicoot", "case bandicoot", "change bandicoot"])
          yield* types("after the slash command", whose, text)
        yield* types("after a mention", whose, "where is my bandicoot?")
        // A command is a command, whatever its id looks like.
        yield* types("after the slash command", whose, "find 48291307")
        assert.strictEqual((yield* door.answerRightly(id, phone)).status, "signed-in")
        yield* leavesNothing(["bandicoot"])
      }),
    { timeout: 60_000 }
  )
})
