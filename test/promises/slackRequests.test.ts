import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { anApp } from "../bot/slackKit.ts"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { FrontDoor, member } from "../kit/frontDoor.ts"
import { eventually, Rekey } from "../kit/process.ts"
import { slackDoor } from "../kit/slackDoor.ts"
import { type Answered, type Delivery, sendRaw } from "../kit/slack/deliver.ts"
import type { Delivered } from "../kit/slack/deliveries.ts"
import { casey, directOf, generalChannel, stranger, support, supportChannel, team } from "../kit/slack/people.ts"

/** What somebody on the way would have heard: the request is made, and has not come to Rekey yet. */
const overheard = Effect.fnUntraced(function* (ask: (target: string) => Effect.Effect<Delivered>) {
  const { base } = yield* FrontDoor
  const elsewhere = yield* anApp()
  const delivered = yield* ask(elsewhere.base)
  assert.property(delivered.sent, "url")
  return { ...delivered, sent: { ...delivered.sent, url: `${base}/slack/events` } }
}, Effect.scoped)

const bodyOf = ({ sent }: Delivered): string => ("body" in sent ? String(sent.body) : "")

/** Somebody asks for help and is answered, twice: what was let in before has been seen to by then. */
const seenTo = Effect.gen(function* () {
  const slack = yield* FakeSlack
  for (let times = 0; times < 2; times++) {
    const before = slack.ephemerals(stranger).length
    yield* slack.command({ user: stranger, text: "help", channel: generalChannel })
    yield* slack.until(() => slack.ephemerals(stranger)[before], "the answer to somebody else")
  }
})

/** All that requests of Slack can change, but for what is on its way by itself. */
const everything = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const slack = yield* FakeSlack
  const rows = yield* Effect.orDie(sql<{ all: string }>`
    select jsonb_build_object(
      'invitations', (select jsonb_agg(to_jsonb(t) order by id) from slack_invitations t),
      'links', (select jsonb_agg(to_jsonb(t) order by team) from slack_links t),
      'cases', (select jsonb_agg(to_jsonb(t) order by id) from cases t),
      'guides', (select jsonb_agg(to_jsonb(t) order by id) from slack_guides t),
      'messages', (select jsonb_agg(jsonb_build_object('subject', subject, 'version', version) order by id)
        from slack_messages)
    )::text as all`)
  const whispered = slack.ephemerals().filter(({ user }) => user !== stranger)
  return { rows: rows[0]?.all, whispered: whispered.length, modals: slack.modals(casey).length }
})

const counted = (what: "slack_requests" | "slack_invitations") =>
  SqlClient.SqlClient.use((sql) => sql<{ n: number }>`select count(*)::int as n from ${sql(what)}`).pipe(
    Effect.map(([row]) => row?.n ?? 0),
    Effect.orDie
  )

let teams = 0

/** A customer who is linked in a workspace of their own; how people are linked is another test's. */
const aLinkedCustomer = Effect.fnUntraced(function* () {
  const door = yield* FrontDoor
  const sql = yield* SqlClient.SqlClient
  const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
  const whose = { user: casey, team: `T0PLACE${teams++}` } as const
  yield* Effect.orDie(sql`insert into slack_links (enterprise, team, slack_user, account_id)
    values ('', ${whose.team}, ${whose.user}, ${accountId})`)
  const guides = Effect.orDie(sql<{ id: string }>`select id::text from slack_guides where account_id = ${accountId}`)
  const cases = Effect.orDie(sql<{ id: string; status: string }>`
    select id, status from cases where account_id = ${accountId}`)
  /** Where a message about the account stands, once it is written. */
  const written = (tag: string) =>
    eventually(
      Effect.map(
        Effect.orDie(sql<{ ts: string }>`select ts from slack_messages
          where account_id = ${accountId} and message ->> '_tag' = ${tag} and state = 'written' order by position desc`),
        ([row]) => row?.ts
      ),
      `the message ${tag}`
    )
  return { accountId, whose, guides, cases, written }
})

layer(slackDoor({ LOG_LEVEL: "trace" }, { pacing: false }), { excludeTestServices: true, timeout: "60 seconds" })(
  "requests that say they are of Slack",
  (it) => {
    const now = () => Math.floor(Date.now() / 1000)
    const marker = "quokka-on-the-roof"

    it.effect(
      "S-64: nothing but what Slack has signed just now has an effect, and nothing of the rest is logged",
      () =>
        Effect.gen(function* () {
          const slack = yield* FakeSlack
          const { base } = yield* FrontDoor
          const { output } = yield* Rekey
          const command = yield* overheard((to) =>
            slack.command({ user: stranger, text: "link", channel: generalChannel }, to)
          )
          const body = `${bodyOf(command)}&note=${marker}`
          const invalid = Buffer.concat([Buffer.from(body), Buffer.from([0xc3, 0x28, 0xff])])
          const headers = (name: string, ...values: ReadonlyArray<string>) => ({
            drop: [] as ReadonlyArray<string>,
            headers: values.map((value) => [name, value] as const)
          })
          const forged: Readonly<Record<string, Delivery>> = {
            "signed with another secret": { body, secret: slack.signingSecret.replace(/5$/, "6") },
            "signed with none": { body, secret: "" },
            "of zeros": { body, signature: `v0=${"0".repeat(64)}` },
            unsigned: { body, drop: ["X-Slack-Signature", "X-Slack-Request-Timestamp"] },
            "without a signature": { body, drop: ["X-Slack-Signature"] },
            "without a time": { body, drop: ["X-Slack-Request-Timestamp"] },
            "with the signature twice": { body, double: ["X-Slack-Signature"] },
            "with the time twice": { body, double: ["X-Slack-Request-Timestamp"] },
            "with two signatures": { body, ...headers("X-Slack-Signature", "v0=00") },
            "with two times": { body, ...headers("x-slack-request-timestamp", String(now() + 1)) },
            stale: { body, timestamp: now() - 303 },
            early: { body, timestamp: now() + 303 },
            "of the time 0": { body, timestamp: 0 },
            "of a signed time": { body, timestamp: `+${now()}` },
            "of a time in blanks": { body, timestamp: ` ${now()}` },
            "of a time with an exponent": { body, timestamp: `${now()}e0` },
            "of a time with zeros before": { body, timestamp: `0${now()}` },
            "of no time": { body, timestamp: "" },
            "no UTF-8": { body: invalid }
          }
          const before = [yield* counted("slack_requests"), yield* counted("slack_invitations")]
          for (const [what, delivery] of Object.entries(forged)) {
            const answer = yield* slack.deliver(delivery)
            assert.strictEqual(answer.status, 401, `one ${what}`)
            assert.include(answer.body, '"unauthorized"', what)
            assert.notInclude(answer.body, marker, what)
          }
          const changed = yield* slack
            .deliver({ body })
            .pipe(
              Effect.flatMap(({ sent }) =>
                "url" in sent ? sendRaw({ ...sent, body: body.replace("=link", "=lost") }) : Effect.die("no request")
              )
            )
          assert.strictEqual(changed.status, 401)
          yield* slack.until(() => slack.ephemerals(stranger)[0], "the answer to the one that was genuine")
          yield* seenTo
          const after = [yield* counted("slack_requests"), yield* counted("slack_invitations")]
          assert.deepStrictEqual(after, [(before[0] ?? 0) + 3, (before[1] ?? 0) + 1])
          const log = output()
          assert.include(log, "/slack/events")
          assert.notInclude(log, marker)
          assert.notInclude(log, "v0=")
          assert.notInclude(slack.everything(), marker)

          for (const seconds of [-290, 290])
            assert.strictEqual((yield* slack.deliver({ body, timestamp: now() + seconds })).status, 200)
          assert.strictEqual(
            (yield* slack.deliver({ body: "{", contentType: "application/json" })).status,
            400,
            "signed nonsense"
          )
          assert.strictEqual((yield* slack.deliver({ body: "" })).status, 200, "a form of nothing")
          assert.strictEqual((yield* Effect.promise(() => fetch(`${base}/health/live`))).status, 200)
        }),
      { timeout: 60_000 }
    )

    it.effect("S-64: a body of more than 256 KiB is not taken, however it is sent and signed", () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const { output } = yield* Rekey
        const most = 256 * 1024
        const padded = (bytes: number) => `ssl_check=1&note=${marker}`.padEnd(bytes, "y")
        const refused = (answer: Answered) => {
          assert.strictEqual(answer.status, 413)
          assert.include(answer.body, "payload_too_large")
        }
        assert.strictEqual((yield* slack.deliver({ body: padded(most) })).status, 200)
        refused(yield* slack.deliver({ body: padded(most + 1) }))
        refused(yield* slack.deliver({ body: padded(most + 1), drop: ["X-Slack-Signature"] }))
        refused(yield* slack.deliver({ body: padded(most + 1), drop: ["Content-Length"] }))
        assert.notInclude(output(), marker)
      })
    )

    it.effect("S-64: Slack's questions about the address are answered where they are signed", () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const { base, call } = yield* FrontDoor
        const verified = yield* slack.urlVerification("3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P")
        assert.deepInclude(verified, {
          status: 200,
          body: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
        })
        assert.match(String(verified.headers["content-type"]), /^text\/plain/)
        assert.strictEqual((yield* slack.sslCheck()).status, 200)
        const unsigned = '{"type":"url_verification","challenge":"abc"}'
        const refused = yield* slack.deliver({ body: unsigned, contentType: "application/json", secret: "x" })
        assert.strictEqual(refused.status, 401)
        assert.notInclude(refused.body, "abc")
        for (const method of ["GET", "PUT", "DELETE"]) {
          const answer = yield* call(method, "/slack/events", { key: null })
          assert.deepStrictEqual([answer.status, member(answer, "code")], [405, "method_not_allowed"])
          assert.include(answer.headers.get("allow") ?? "", "POST")
        }
        for (const path of ["/slack", "/slack/events/", "/slack/commands"])
          assert.strictEqual((yield* call("POST", path, { key: null })).status, 404, path)
        // Slack comes under whatever name the proxy has.
        const named = yield* slack
          .deliver({
            body: "ssl_check=1",
            drop: ["Host"],
            headers: []
          })
          .pipe(
            Effect.flatMap(({ sent }) =>
              "url" in sent ? sendRaw({ ...sent, headers: [["Host", "bot.example"], ...sent.headers] }) : Effect.die("")
            )
          )
        assert.strictEqual(named.status, 200, base)
      })
    )

    it.effect(
      "S-66: a request that comes again, at once, later or after a crash, has had its effect",
      () =>
        Effect.gen(function* () {
          const slack = yield* FakeSlack
          const rekey = yield* Rekey
          const all: Array<Delivered> = []

          /** Delivers the same bytes twice at the same moment; what they were to bring about is waited for. */
          const twice = Effect.fnUntraced(function* <A>(
            ask: (target: string) => Effect.Effect<Delivered>,
            effect: Effect.Effect<A>
          ) {
            const delivered = yield* overheard(ask)
            const answers = yield* Effect.all([slack.replay(delivered), slack.replay(delivered)], {
              concurrency: "unbounded"
            })
            assert.deepStrictEqual(
              answers.map(({ status }) => status),
              [200, 200]
            )
            all.push(delivered)
            const seen = yield* effect
            yield* seenTo
            return seen
          })
          const whispers = (user: string) => {
            const before = slack.ephemerals(user).length
            return slack.until(() => slack.ephemerals(user)[before], `an answer to ${user}`)
          }
          const once = <A>(list: ReadonlyArray<A>, what: string) => assert.lengthOf(list, 1, what)

          const { accountId, whose, guides, cases, written } = yield* aLinkedCustomer()
          const alone = { user: support, team: `T0PLACE${teams++}` }
          const sql = yield* SqlClient.SqlClient
          const invitations = Effect.orDie(sql`select 1 from slack_invitations where team = ${alone.team}`)
          const before = slack.ephemerals(support).length
          yield* twice(
            (to) => slack.command({ ...alone, text: "link", channel: generalChannel }, to),
            whispers(support)
          )
          once(yield* invitations, "one invitation")
          once(slack.ephemerals(support).slice(before), "one offer")

          yield* twice(
            (to) => slack.command({ ...whose, text: "change", channel: generalChannel }, to),
            whispers(casey)
          )
          once(yield* guides, "one checklist")
          const guide = yield* written("guide")

          const { modals } = yield* everything
          const pressing = { ...whose, channel: directOf(casey), messageTs: guide, actionId: "stuck" }
          const { id } = yield* twice(
            (to) => slack.press(pressing, to),
            eventually(
              Effect.map(cases, ([one]) => one),
              "a case"
            )
          )
          once(yield* cases, "one case")
          const post = yield* written("case")
          assert.lengthOf(slack.replies(supportChannel, post), 0, "nobody asked again")
          const shown = () => JSON.stringify([slack.modals(casey), slack.ephemerals(casey), slack.direct(casey)])
          yield* slack.until(() => (shown().includes(id) ? true : undefined), "the case to be named")
          assert.isAtMost((yield* everything).modals, modals + 1)

          const claims = slack.ephemerals(support).length
          yield* twice(
            (to) =>
              slack.press(
                { user: support, channel: supportChannel, messageTs: post, actionId: "case-claim", value: id },
                to
              ),
            eventually(
              Effect.map(cases, ([one]) => (one?.status === "claimed" ? one : undefined)),
              "the claim"
            )
          )
          assert.lengthOf(slack.ephemerals(support).slice(claims), 0, "nobody was told that it has moved on")

          const nudges = slack.ephemerals(support).length
          yield* twice(
            (to) => slack.command({ user: support, text: `nudge ${id}`, channel: supportChannel }, to),
            whispers(support)
          )
          once(slack.ephemerals(support).slice(nudges), "told once that the customer was asked")
          once(
            yield* Effect.orDie(sql`select 1 from slack_messages
              where account_id = ${accountId} and message ->> '_tag' = 'nudge'`),
            "asked once"
          )

          const asked = slack.ephemerals(casey).length
          const told = (text: string) => ({
            type: "app_mention",
            user: casey,
            text: `<@U0REKEY> ${text}`,
            channel: generalChannel
          })
          const first = yield* twice((to) => slack.event(told("status"), { team: whose.team }, to), whispers(casey))
          assert.include(first.text, accountId)
          once(slack.ephemerals(casey).slice(asked), "answered once")

          const settled = yield* everything
          const replayed = Effect.gen(function* () {
            for (const delivered of all) assert.strictEqual((yield* slack.replay(delivered)).status, 200)
            yield* seenTo
            assert.deepStrictEqual(yield* everything, settled)
          })
          yield* replayed
          yield* rekey.kill
          yield* rekey.start
          yield* replayed
        }),
      { timeout: 60_000 }
    )

    it.effect(
      "S-66: an event that Slack tells of again, signed anew, has had its effect",
      () =>
        Effect.gen(function* () {
          const slack = yield* FakeSlack
          const rekey = yield* Rekey
          const { whose, guides, written } = yield* aLinkedCustomer()
          const message = { type: "message", user: casey, text: "change", channel: directOf(casey) }
          const telling = { team: whose.team, eventId: `Ev0${whose.team}` }
          const make = (to: string) => slack.event(message, telling, to)
          // The same event in other bytes, as a retry is: the signatures differ, and so do the times of the message.
          const [first, second] = [yield* overheard(make), yield* overheard(make)]
          assert.notStrictEqual(bodyOf(first), bodyOf(second))
          yield* Effect.all([slack.replay(first), slack.replay(second), slack.replay(first)], {
            concurrency: "unbounded"
          })
          yield* written("guide")
          yield* seenTo
          assert.lengthOf(yield* guides, 1)

          const settled = yield* everything
          const again = Effect.gen(function* () {
            for (const num of [1, 2, 3]) {
              const base = yield* FrontDoor.useSync((door) => door.base)
              const retried = yield* slack.redeliver({ ...first, target: base }, num)
              assert.strictEqual(retried.status, 200)
            }
            yield* seenTo
            assert.deepStrictEqual(yield* everything, settled)
          })
          yield* again
          yield* rekey.kill
          yield* rekey.start
          yield* again

          // Another event with the same words is another wish.
          yield* slack.event(message, { team: whose.team })
          yield* eventually(
            Effect.map(guides, (all) => (all.length === 2 ? true : undefined)),
            "the second checklist"
          )
        }),
      { timeout: 60_000 }
    )

    it.effect(
      "S-66: a press that comes twice at the same moment opens one modal, and that one is filled",
      () =>
        Effect.gen(function* () {
          const slack = yield* FakeSlack
          const { whose, cases } = yield* aLinkedCustomer()
          // Whose modal is opened and whose answer is given are two races: several tries show both of their ends.
          for (let times = 0; times < 12; times++) {
            for (const { id } of slack.modals(casey)) yield* slack.close({ user: casey, viewId: id })
            const told = () =>
              [...slack.ephemerals(casey), ...slack.direct(casey)].filter(({ text }) => /\bC-\w{4,6}\b/.test(text))
                .length
            const before = told()
            const pressed = yield* overheard((to) =>
              slack.press({ ...whose, channel: directOf(casey), actionId: "stuck", value: "", anyway: true }, to)
            )
            yield* Effect.all([slack.replay(pressed), slack.replay(pressed)], { concurrency: "unbounded" })
            const { id } = yield* eventually(
              Effect.map(cases, ([one]) => one),
              "the case"
            )
            yield* slack.until(
              () =>
                told() > before || JSON.stringify(slack.modals(casey).at(0)?.view ?? "").includes(id)
                  ? true
                  : undefined,
              "the answer"
            )
            assert.lengthOf(slack.modals(casey), 1)
            assert.include(JSON.stringify(slack.modals(casey)[0]?.view), id, "it is filled")
            assert.strictEqual(told(), before, "nothing is told beside it")
          }
        }),
      { timeout: 60_000 }
    )

    it.effect("S-66: people of two workspaces who bear the same id are two", () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const one = yield* aLinkedCustomer()
        const other = yield* aLinkedCustomer()
        for (const { whose, accountId } of [one, other]) {
          const before = slack.ephemerals(casey).length
          yield* slack.command({ ...whose, text: "status", channel: generalChannel })
          const answer = yield* slack.until(() => slack.ephemerals(casey)[before], "the status")
          assert.include(answer.text, accountId)
        }
        const before = slack.ephemerals(casey).length
        yield* slack.command({ user: casey, team: `${team.id}X`, text: "status", channel: generalChannel })
        const answer = yield* slack.until(() => slack.ephemerals(casey)[before], "the answer")
        assert.notInclude(answer.text, "customer-")
      })
    )
  }
)

layer(FrontDoor.layer(), { excludeTestServices: true, timeout: "60 seconds" })("without a bot", (it) => {
  it.effect("S-65: there is no address for Slack", () =>
    Effect.gen(function* () {
      const { call, base } = yield* FrontDoor
      const slack = yield* FakeSlack.make()
      for (const method of ["GET", "POST"]) {
        const answer = yield* call(method, "/slack/events", { key: null })
        assert.deepStrictEqual([answer.status, member(answer, "code")], [404, "not_found"])
      }
      assert.strictEqual((yield* slack.command({ user: casey, text: "help" }, base)).status, 404)
      // With an empty secret, which is what a bot without one would sign by.
      assert.strictEqual((yield* slack.deliver({ body: "ssl_check=1", secret: "" }, base)).status, 404)
    })
  )
})
