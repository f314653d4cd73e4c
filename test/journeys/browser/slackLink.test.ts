import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { inviteSlack, invitationUrl } from "../../../src/account/inviteSlack.ts"
import type { SlackInvitation, SlackUser } from "../../../src/domain/slack.ts"
import { BearerTokens } from "../../../src/services/BearerTokens.ts"
import { KeyRing } from "../../../src/services/KeyRing.ts"
import { NumberMatching } from "../../../src/services/NumberMatching.ts"
import { SlackLinks } from "../../../src/services/SlackLinks.ts"
import { Settings } from "../../../src/settings.ts"
import { en } from "../../../src/words/pages/en.ts"
import { assertAccessible } from "../../kit/axe.ts"
import { Browser, faultsOf } from "../../kit/browser.ts"
import { asPortal } from "../../kit/core.ts"
import { FrontDoor, member, wrongPassword } from "../../kit/frontDoor.ts"
import { aPerson, onThePages } from "../../kit/person.ts"
import { eventually, Rekey, secretKey } from "../../kit/process.ts"

const { slackLink: w, proof, refusals } = en
type Person = Effect.Success<ReturnType<typeof aPerson>>

/** What the bot does when somebody asks for a link, over the same database and with the same key ring. */
const bot = Layer.mergeAll(SlackLinks.layer, BearerTokens.layer, NumberMatching.layer).pipe(
  Layer.provideMerge(KeyRing.layerOf([{ id: "k1", key: Redacted.make(Buffer.from(secretKey, "base64")) }])),
  Layer.provideMerge(Layer.unwrap(Rekey.useSync(({ base }) => Settings.layerOf({ PUBLIC_URL: base })))),
  Layer.provideMerge(FrontDoor.layer())
)

let users = 0

/** Somebody in Slack, and the invitation that was sent to them. */
const invited = Effect.fnUntraced(function* (displayName = "casey") {
  const user: SlackUser = { enterprise: null, team: "T0HARBOR", user: `U0CASEY${users++}` }
  const made = yield* inviteSlack(user, { displayName, workspace: "Harbor Town" }).pipe(asPortal())
  const invitation = Option.getOrThrow(made)
  const { pathname: path } = new URL(yield* invitationUrl(invitation))
  return { user, invitation, path }
})

/** The number that Slack would show, and the two that it would not. */
const numbersOf = Effect.fnUntraced(function* (invitation: SlackInvitation) {
  const matching = yield* NumberMatching
  const right = Redacted.value(yield* matching.numberFor(invitation))
  const choices = yield* matching.choicesFor(invitation)
  return { right, choices, others: choices.filter((one) => one !== right) }
})

const linkedWith = (user: SlackUser) =>
  Effect.map(
    SlackLinks.use(({ accountOf }) => accountOf(user)),
    (accountId): string | undefined => Option.getOrUndefined(accountId)
  )

/** What linking could change, of the invitation and of the account. */
const everythingOf = Effect.fnUntraced(function* (accountId: string, { id }: SlackInvitation) {
  const sql = yield* SqlClient.SqlClient
  const door = yield* FrontDoor
  const rows = yield* sql`
    select (select to_jsonb(i)::text from slack_invitations i where id = ${id}::uuid) as invitation,
      (select jsonb_agg(to_jsonb(l))::text from slack_links l where account_id = ${accountId}) as links,
      (select jsonb_agg(to_jsonb(m))::text from slack_messages m where account_id = ${accountId}) as messages,
      (select count(*)::int from outbox where account_id = ${accountId}) as letters`
  return `${JSON.stringify(rows)}\n${yield* door.everythingOf(accountId)}`
})

const look = ({ act }: Person, what: string) => act((page) => assertAccessible(page, what))

const pick = Effect.fnUntraced(function* ({ act, press }: Person, number: string) {
  yield* act((page) => page.getByLabel(number, { exact: true }).check())
  yield* press(w.control)
})

/** A new account, on the hosted pages without a proof: its link from the portal came without one. */
const withoutProof = Effect.fnUntraced(function* (twoFactor?: "SMS" | "EMAIL") {
  const door = yield* FrontDoor
  const account = yield* door.anAccount(twoFactor === undefined ? {} : { twoFactor })
  const made = yield* door.post("/v1/portal-sessions", { accountId: account.accountId })
  const person = yield* aPerson()
  yield* person.open(String(member(made, "url")))
  yield* person.arrive
  return { ...person, ...account, door }
})

/** Sends the form of the page that is open as it is, but to another address. */
const sent = ({ act }: Person, path: string, fields: Record<string, string> = {}) =>
  act(async (page) => {
    const hidden = (name: string) => page.locator(`main form input[name="${name}"]`).first().inputValue()
    const form = { csrf: await hidden("csrf"), once: await hidden("once"), ...fields }
    const answer = await page.request.post(path, {
      form,
      maxRedirects: 0,
      headers: { "sec-fetch-site": "same-origin", origin: "null" }
    })
    return { status: answer.status(), text: await answer.text(), location: answer.headers()["location"] }
  })

layer(Layer.merge(bot, Browser.layer), { excludeTestServices: true, timeout: "60 seconds" })(
  "linking a Slack user",
  (it) => {
    it.effect(
      "S-68: whoever signed in with the second factor and picks the number that Slack shows is linked, and told by mail",
      () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const person = yield* onThePages("SMS")
          const { door, accountId, email } = person
          const { user, invitation, path } = yield* invited()
          const { right, choices } = yield* numbersOf(invitation)
          yield* person.open(path)
          assert.strictEqual(yield* person.heading, w.heading)
          for (const sentence of ["casey", "Harbor Town", accountId, w.sees.never, w.ends("/2fa unlink"), w.onlyYou])
            assert.include(yield* person.text, sentence)
          for (const secret of [email, person.phone]) assert.notInclude(yield* person.text, secret)
          yield* look(person, "Slack, asked")

          yield* person.press(w.send)
          assert.strictEqual(yield* person.path, path)
          const subject = `number:${invitation.id}`
          const messages = yield* sql`
            select recipient, message, account_id as "accountId" from slack_messages where subject = ${subject}`
          assert.deepStrictEqual(messages, [
            { recipient: user.user, message: { _tag: "number", invitationId: invitation.id }, accountId }
          ])
          assert.deepStrictEqual(yield* person.act((page) => page.locator(".choice label").allInnerTexts()), choices)
          yield* look(person, "Slack, numbers")
          assert.isUndefined(yield* linkedWith(user))

          yield* pick(person, right)
          assert.strictEqual(yield* person.path, `${path}/linked`)
          assert.strictEqual(yield* person.heading, w.linked.heading)
          assert.include(yield* person.text, w.ends("/2fa unlink"))
          yield* look(person, "Slack, linked")
          assert.strictEqual(yield* linkedWith(user), accountId)
          const events = yield* door.events(accountId)
          assert.include(events.at(-1), { type: "slack.linked", outcome: "succeeded", actor: "customer" })
          yield* eventually(
            Effect.map(door.inbox(email), (letters) =>
              letters.find(({ subject: said }) => said === "Slack user @casey can now see your two-factor status")
            ),
            "the mail about it"
          )
          assert.deepStrictEqual(faultsOf(person.page), [])
        }),
      { timeout: 120_000 }
    )

    it.effect("S-68: another number links nothing and ends the invitation; the right one is no use any more", () =>
      Effect.gen(function* () {
        const person = yield* onThePages("SMS")
        const { door, accountId } = person
        const { user, invitation, path } = yield* invited()
        const { right, others } = yield* numbersOf(invitation)
        yield* person.open(path)
        yield* person.press(w.send)
        const second = yield* person.act((page) => page.context().newPage())
        yield* Effect.promise(() => second.goto(path))
        yield* pick(person, others[1] ?? "")
        assert.strictEqual(yield* person.heading, w.wrong.heading)
        for (const sentence of [w.wrong.body, w.wrong.sent, w.again("/2fa link")])
          assert.include(yield* person.text, sentence)
        yield* look(person, "Slack, another number")
        assert.include((yield* door.events(accountId)).at(-1), { type: "slack.linked", outcome: "refused" })

        const before = yield* everythingOf(accountId, invitation)
        yield* Effect.promise(async () => {
          await second.getByLabel(right, { exact: true }).check()
          await second.getByRole("button", { name: w.control, exact: true }).click()
        })
        assert.strictEqual(yield* Effect.promise(() => second.locator("h1").innerText()), w.over.heading)
        yield* person.open(`${path}/number`)
        assert.strictEqual(yield* person.path, path)
        assert.strictEqual(yield* person.heading, w.over.heading)
        assert.strictEqual(yield* everythingOf(accountId, invitation), before)
        assert.isUndefined(yield* linkedWith(user))
      })
    )

    it.effect("S-68: an invitation is good once, for the account that opened it, and only while its time lasts", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const person = yield* onThePages("EMAIL")
        const other = yield* withoutProof()
        const { user, invitation, path } = yield* invited()
        const { right } = yield* numbersOf(invitation)
        const isOverFor = Effect.fnUntraced(function* (one: Person, at: string) {
          yield* one.open(at)
          assert.strictEqual(yield* one.heading, w.over.heading)
          assert.include(yield* one.text, w.again("/2fa link"))
        })
        yield* other.open(path)
        const own = yield* invited()
        yield* person.open(path)
        yield* person.press(w.send)
        // The other account had the page open before, and presses and picks only now.
        const before = yield* everythingOf(other.accountId, invitation)
        for (const [to, fields] of [
          [path, {}],
          [`${path}/number`, { number: right }]
        ] as const) {
          const answer = yield* sent(other, to, fields)
          assert.strictEqual(answer.status, 410, to)
          assert.include(answer.text, w.over.heading, to)
        }
        yield* isOverFor(other, path)
        yield* isOverFor(other, `${path}/linked`)
        yield* look(other, "Slack, over")
        assert.strictEqual(yield* everythingOf(other.accountId, invitation), before)

        yield* pick(person, right)
        assert.strictEqual(yield* person.heading, w.linked.heading)
        yield* isOverFor(person, path)
        yield* person.open(`${path}/linked`)
        assert.strictEqual(yield* person.heading, w.linked.heading)
        yield* isOverFor(other, `${path}/linked`)

        yield* other.open(own.path)
        assert.strictEqual(yield* other.heading, w.heading)
        yield* sql`update slack_invitations set expires_at = now() where id = ${own.invitation.id}::uuid`
        yield* other.press(w.send)
        assert.strictEqual(yield* other.heading, w.over.heading)
        yield* isOverFor(other, `${path}x`)
        yield* isOverFor(other, "/account/slack/none")
        assert.strictEqual(yield* linkedWith(user), person.accountId)
        assert.isUndefined(yield* linkedWith(own.user))
      })
    )

    it.effect("S-68: without a fresh proof a code to the current method is asked for first, and leads back here", () =>
      Effect.gen(function* () {
        const person = yield* withoutProof("EMAIL")
        const { accountId, email } = person
        const { user, invitation, path } = yield* invited()
        const { right } = yield* numbersOf(invitation)
        yield* person.open(path)
        assert.include(yield* person.text, "casey")
        assert.strictEqual(yield* person.act((page) => page.getByRole("button", { name: w.send }).count()), 0)
        yield* look(person, "Slack, without proof")
        const before = yield* everythingOf(accountId, invitation)
        for (const to of [path, `${path}/number`]) {
          const answer = yield* sent(person, to, { number: right })
          if (to === path) {
            assert.strictEqual(answer.status, 403)
            assert.include(answer.text, refusals.step_up_required({ inForce: "EMAIL", codeLength: 6 }))
            assert.include(answer.text, proof.send)
          } else assert.deepInclude(answer, { status: 303, location: path })
        }
        assert.strictEqual(yield* everythingOf(accountId, invitation), before)

        yield* person.enterCodeOf(person.press(proof.send), email)
        assert.strictEqual(yield* person.path, path)
        yield* person.press(w.send)
        // The proof lapses while the numbers are shown.
        const sql = yield* SqlClient.SqlClient
        yield* sql`update grants set expires_at = now() where account_id = ${accountId}`
        const opened = yield* everythingOf(accountId, invitation)
        yield* pick(person, right)
        assert.include(yield* person.text, proof.send)
        assert.strictEqual(yield* everythingOf(accountId, invitation), opened)
        assert.isUndefined(yield* linkedWith(user))
        yield* person.enterCodeOf(person.press(proof.send), email)
        yield* pick(person, right)
        assert.strictEqual(yield* person.heading, w.linked.heading)
        assert.strictEqual(yield* linkedWith(user), accountId)
      })
    )

    it.effect("an account without a second factor has nothing to prove", () =>
      Effect.gen(function* () {
        const person = yield* withoutProof()
        const { user, invitation, path } = yield* invited("  <b>casey</b>\n\u202e ")
        yield* person.open(path)
        assert.include(yield* person.text, "<b>casey</b>")
        yield* person.press(w.send)
        yield* pick(person, (yield* numbersOf(invitation)).right)
        assert.strictEqual(yield* person.heading, w.linked.heading)
        assert.strictEqual(yield* linkedWith(user), person.accountId)
      })
    )

    it.effect("a double click is one press: one number is sent, and one link is made", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const person = yield* withoutProof()
        const { invitation, path } = yield* invited()
        const { right } = yield* numbersOf(invitation)
        yield* person.open(path)
        yield* person.act((page) => page.getByRole("button", { name: w.send }).dblclick())
        yield* person.act((page) => page.getByLabel(right, { exact: true }).check())
        yield* person.act((page) => page.getByRole("button", { name: w.control, exact: true }).dblclick())
        yield* person.act((page) => page.waitForURL("**/linked"))
        const events = yield* person.door.events(person.accountId)
        assert.lengthOf(
          events.filter(({ type }) => type === "slack.linked"),
          1
        )
        const messages = yield* sql`
          select message ->> '_tag' as tag, version from slack_messages
          where account_id = ${person.accountId} order by position`
        assert.deepStrictEqual(messages, [
          { tag: "number", version: 1 },
          { tag: "linked", version: 1 }
        ])
      })
    )

    it.effect("what is none of the numbers is no pick: it says so at the field, and ends nothing", () =>
      Effect.gen(function* () {
        const person = yield* withoutProof()
        const { invitation, path } = yield* invited()
        const { right, choices } = yield* numbersOf(invitation)
        yield* person.open(path)
        yield* person.press(w.send)
        const before = yield* everythingOf(person.accountId, invitation)
        const none = ["", "9", `${right} `, `0${right}`, "10", "11", "12", "13"].filter((one) => !choices.includes(one))
        for (const number of none) {
          const answer = yield* sent(person, `${path}/number`, { number })
          assert.strictEqual(answer.status, 400, number)
          assert.include(answer.text, w.missing, number)
        }
        assert.strictEqual(yield* everythingOf(person.accountId, invitation), before)
        yield* person.act((page) => page.evaluate("document.querySelectorAll('main form')[0].noValidate = true"))
        yield* person.press(w.control)
        assert.match(yield* person.act((page) => page.title()), /^Error: /)
        assert.strictEqual(yield* person.act((page) => page.locator("#number-fault").innerText()), w.missing)
        yield* look(person, "Slack, no number picked")
        yield* pick(person, right)
        assert.strictEqual(yield* person.heading, w.linked.heading)
      })
    )

    it.effect("S-68: who is not signed in is sent to the portal, and learns nothing of the invitation", () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const sql = yield* SqlClient.SqlClient
        const { invitation, path } = yield* invited()
        const stranger = yield* aPerson()
        for (const at of [path, `${path}/number`, `${path}/linked`, "/account/slack/none"]) {
          yield* stranger.open(at)
          assert.strictEqual(yield* stranger.heading, w.signIn.heading, at)
          assert.notInclude(yield* stranger.text, "casey")
          assert.include(yield* stranger.text, "Back to Harbor")
        }
        yield* look(stranger, "Slack, not signed in")
        for (const at of [path, `${path}/number`]) {
          const answer = yield* door.call("POST", at, {
            key: null,
            body: "number=42",
            headers: { "content-type": "application/x-www-form-urlencoded" }
          })
          assert.strictEqual(answer.status, 403, at)
        }
        const [row] = yield* sql`
          select opened_at as opened, closed_at as closed from slack_invitations where id = ${invitation.id}::uuid`
        assert.deepStrictEqual(row, { opened: null, closed: null })
      })
    )

    it.effect("S-51: GET changes nothing, and a form wants the token of the session", () =>
      Effect.gen(function* () {
        const person = yield* withoutProof()
        const { accountId } = person
        const { invitation, path } = yield* invited()
        const { right } = yield* numbersOf(invitation)
        yield* person.open(path)
        const isAsBefore = Effect.fnUntraced(function* (before: string, fields: Record<string, string>) {
          for (const at of [path, `${path}/number`, `${path}/linked`, `${path}?number=${right}`])
            for (const method of ["GET", "HEAD"])
              yield* person.act((page) => page.request.fetch(at, { method, maxRedirects: 0 }))
          for (const at of [path, `${path}/number`]) {
            const answer = yield* sent(person, at, { ...fields, csrf: "none" })
            assert.strictEqual(answer.status, 403)
            assert.include(answer.text, en.misuse.heading)
          }
          assert.strictEqual(yield* everythingOf(accountId, invitation), before)
        })
        yield* isAsBefore(yield* everythingOf(accountId, invitation), {})
        yield* person.press(w.send)
        yield* isAsBefore(yield* everythingOf(accountId, invitation), { number: right })
      })
    )

    it.effect("S-52: an address with the token of an invitation in it is handed on to nobody", () =>
      Effect.gen(function* () {
        const person = yield* withoutProof("EMAIL")
        const { path } = yield* invited()
        const token = path.split("/").at(-1) ?? ""
        yield* person.open(path)
        yield* person.press(proof.send)
        const verify = yield* person.path
        for (const at of [path, `${path}/number`, `${path}/linked`, `${verify}?next=slack-${token}`]) {
          const answer = yield* person.act((page) => page.request.get(at, { maxRedirects: 0 }))
          assert.strictEqual(answer.headers()["referrer-policy"], "no-referrer", at)
        }
        assert.strictEqual((yield* sent(person, path, { csrf: "none" })).status, 403)
      })
    )

    // Last, for it spends the tries of the address that all browsers here come from.
    it.effect("S-37: a number is guessed from the same tries as a password: once they are spent, none is judged", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const person = yield* withoutProof()
        const { door, accountId } = person
        const spent = sql<{ count: number }>`
          select coalesce(sum(cardinality(hits)), 0)::int as count from rate_limits
          where subject like 'passwords-source:%'`
        const [before] = yield* spent
        const guessed = yield* invited()
        yield* person.open(guessed.path)
        yield* person.press(w.send)
        yield* pick(person, (yield* numbersOf(guessed.invitation)).others[0] ?? "")
        const [after] = yield* spent
        assert.strictEqual(after?.count, (before?.count ?? 0) + 1)

        const { user, invitation, path } = yield* invited()
        yield* person.open(path)
        yield* person.press(w.send)
        for (let tries = 0; tries < 30; tries++) {
          const one = yield* door.anAccount()
          yield* door.post(door.of(one.accountId, "/sign-in"), {
            password: wrongPassword,
            client: { ip: "127.0.0.1" }
          })
        }
        const opened = yield* everythingOf(accountId, invitation)
        yield* pick(person, (yield* numbersOf(invitation)).right)
        assert.match(yield* person.text, /Too many tries.* Try again after \d\d:\d\d/)
        yield* look(person, "Slack, too many tries")
        assert.strictEqual(yield* everythingOf(accountId, invitation), opened)
        assert.isUndefined(yield* linkedWith(user))
      })
    )
  }
)
