import { assert, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { demoPassword } from "../../src/account/demo.ts"
import { Challenge, Event, Outcome, TwoFactor } from "../../src/domain/TwoFactor.ts"
import { FrontDoor, member, password, readAs } from "../kit/frontDoor.ts"
import { eventually } from "../kit/process.ts"

const phone = "+60125550101"
const email = "alex@customer.example"
const said = "Your security standard has been updated to EMAIL"

/** Every event of all accounts, as a portal follows them: in small pages, from the first on. */
const wholeFeed = Effect.fnUntraced(function* (door: FrontDoor["Service"]) {
  const Page = Schema.Struct({ events: Schema.Array(Event), next: Schema.String })
  const all: Array<Event> = []
  let after = ""
  for (;;) {
    const { events, next } = readAs(yield* door.call("GET", `/v1/events?limit=7${after}`), 200, Page)
    if (events.length === 0) return all
    all.push(...events)
    after = `&after=${next}`
  }
})

layer(FrontDoor.layer(), { excludeTestServices: true })("the article over HTTP", (it) => {
  it.effect("alex goes from SMS to e-mail: sign in, disable, set up, verify", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const alex = door.of("alex")

      const signIn = readAs(yield* door.post(`${alex}/sign-in`, { password: demoPassword }), 201, Challenge)
      assert.include(signIn, { purpose: "sign-in", method: "SMS", status: "open", codeLength: 6, attemptsRemaining: 5 })
      const signedIn = yield* door.answerRightly(signIn.id, phone)
      assert.include(signedIn, { purpose: "sign-in", status: "signed-in" })
      const grant = signedIn.grant ?? ""
      assert.notStrictEqual(grant, "")

      const disabled = readAs(
        yield* door.post(`${alex}/two-factor/disable`, { password: demoPassword, grant }),
        200,
        TwoFactor
      )
      assert.include(disabled, { status: "disabled", securityStandard: "NONE" })
      assert.deepStrictEqual([...disabled.allowed], ["sign-in", "setup"])

      const setup = readAs(
        yield* door.post(`${alex}/two-factor/setup`, { method: "EMAIL", password: demoPassword, acknowledged: "v1" }),
        201,
        Challenge
      )
      assert.include(setup, { purpose: "setup", method: "EMAIL", status: "open" })
      assert.include(yield* door.twoFactor("alex"), { status: "disabled", securityStandard: "NONE" })

      const outcome = yield* door.answerRightly(setup.id, email)
      assert.include(outcome, { purpose: "setup", status: "enabled", message: said })
      assert.include(outcome.twoFactor, { status: "enabled", securityStandard: "EMAIL" })

      const now = yield* door.twoFactor("alex")
      assert.deepStrictEqual(now, outcome.twoFactor)
      assert.deepStrictEqual(
        now.methods.map(({ method, assurance }) => ({ method, assurance })),
        [{ method: "EMAIL", assurance: { aal: 1, restricted: false } }]
      )

      const confirmation = yield* eventually(
        Effect.map(door.inbox(email), (mails) => mails.find(({ subject }) => subject === said)),
        "the confirmation mail"
      )
      assert.include(confirmation.text, said)
      const texts = yield* eventually(
        Effect.map(door.inbox(phone), (all) => (all.length >= 3 ? all.map(({ text }) => text) : undefined)),
        "the notices to the old phone"
      )
      const told = [
        "your code to sign in",
        "Two-factor authentication was turned off",
        "SMS codes were replaced by email"
      ]
      assert.deepStrictEqual(
        texts.toReversed().map((text, place) => text.includes(told[place] ?? "")),
        [true, true, true],
        texts.join("\n")
      )

      const story = yield* door.events("alex")
      assert.deepStrictEqual(
        story.map(({ type, purpose, method, outcome: how }) => [type, purpose, method, how]),
        [
          ["account.imported", undefined, "SMS", "succeeded"],
          ["code.requested", "sign-in", "SMS", "succeeded"],
          ["code.accepted", "sign-in", "SMS", "succeeded"],
          ["challenge.closed", "sign-in", "SMS", "succeeded"],
          ["signed_in", "sign-in", "SMS", "succeeded"],
          ["method.disabled", undefined, "SMS", "succeeded"],
          ["code.requested", "setup", "EMAIL", "succeeded"],
          ["code.accepted", "setup", "EMAIL", "succeeded"],
          ["challenge.closed", "setup", "EMAIL", "succeeded"],
          ["method.enabled", "setup", "EMAIL", "succeeded"]
        ]
      )
      assert.include(story.find(({ purpose }) => purpose === "setup")?.reason ?? "", "v1")
      // The feed waits for whatever else is going on at the server, which the other tests share.
      const feed = yield* eventually(
        Effect.map(wholeFeed(door), (events) => {
          const alexs = events.filter(({ accountId }) => accountId === "alex")
          return alexs.length >= story.length ? alexs : undefined
        }),
        "the whole story in the feed"
      )
      assert.deepStrictEqual(feed, story)
    })
  )

  it.effect("S-10: the safe change leaves SMS in force until the e-mail code is verified, then both flip at once", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email: address, phone: number } = yield* door.anAccount({ twoFactor: "SMS" })
      const grant = yield* door.grantOf(accountId, number)
      const before = yield* door.twoFactor(accountId)
      const change = yield* door.started(door.of(accountId, "/two-factor/change"), {
        method: "EMAIL",
        password,
        grant
      })
      assert.include(change, { purpose: "change", method: "EMAIL" })

      const between = yield* door.twoFactor(accountId)
      assert.include(between, { status: "enabled", securityStandard: "SMS", epoch: before.epoch })
      assert.include(between.pending, { challengeId: change.id, purpose: "change", method: "EMAIL" })
      assert.deepStrictEqual(
        [...between.allowed],
        ["sign-in", "step-up", "change", "disable", "verify", "resend", "cancel"]
      )
      const signIn = yield* door.started(door.of(accountId, "/sign-in"), { password })
      assert.strictEqual(signIn.method, "SMS")

      const outcome = yield* door.answerRightly(change.id, address)
      assert.include(outcome, { purpose: "change", status: "changed", message: said })
      assert.include(outcome.twoFactor, { securityStandard: "EMAIL", epoch: before.epoch + 1, pending: null })
      assert.strictEqual((yield* door.challenge(signIn.id)).status, "voided")
      assert.strictEqual((yield* door.started(door.of(accountId, "/sign-in"), { password })).method, "EMAIL")
      yield* eventually(
        Effect.map(door.inbox(number), (all) => all.find(({ text }) => text.includes("were replaced by email"))),
        "the notice to the old phone"
      )
    })
  )

  it.effect("a new phone number is a change like any other, and becomes the account's", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, phone: old } = yield* door.anAccount({ twoFactor: "SMS" })
      const fresh = "+60125559101"
      const grant = yield* door.grantOf(accountId, old)
      const change = yield* door.started(door.of(accountId, "/two-factor/change"), {
        method: "SMS",
        destination: fresh,
        password,
        grant
      })
      assert.strictEqual((yield* door.twoFactor(accountId)).methods[0]?.destination.slice(-2), old.slice(-2))
      const outcome = yield* door.answerRightly(change.id, fresh)
      assert.include(outcome, { status: "changed", message: "Your security standard has been updated to SMS" })
      assert.include(outcome.twoFactor.methods[0]?.destination ?? "", fresh.slice(-2))
      const account = yield* door.call("GET", door.of(accountId))
      assert.include(String(member(account, "phone")), fresh.slice(-2))
      assert.notInclude(account.text, fresh)
    })
  )

  it.effect("a sign-in can be sent again, cancelled twice, and begun anew", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email: address } = yield* door.anAccount({ twoFactor: "EMAIL" })
      const first = yield* door.started(door.of(accountId, "/sign-in"), { password })
      const code = yield* door.codeOf(first.id, address)
      const again = yield* door.post(`/v1/challenges/${first.id}/resend`)
      assert.strictEqual(member(again, "code"), "resend_too_soon")

      assert.strictEqual((yield* door.call("DELETE", `/v1/challenges/${first.id}`)).status, 204)
      assert.strictEqual((yield* door.call("DELETE", `/v1/challenges/${first.id}`)).status, 204)
      const late = yield* door.verify(first.id, code)
      assert.deepStrictEqual([late.status, member(late, "challengeStatus")], [410, "cancelled"])

      const second = yield* door.started(door.of(accountId, "/sign-in"), { password })
      const third = yield* door.started(door.of(accountId, "/sign-in"), { password })
      assert.strictEqual((yield* door.challenge(second.id)).status, "superseded")
      const outcome = yield* door.answerRightly(third.id, address)
      assert.include(outcome, { purpose: "sign-in", status: "signed-in" })
      assert.isDefined(outcome.grant)
    })
  )

  it.effect("without a method a sign-in is done at once, with the grant of the portal", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const answer = yield* door.post(door.of("sam", "/sign-in"), { password: demoPassword })
      const outcome = readAs(answer, 200, Outcome)
      assert.include(outcome, { purpose: "sign-in", status: "signed-in" })
      assert.isDefined(outcome.grant)
      assert.include(outcome.twoFactor, { status: "disabled", securityStandard: "NONE" })
    })
  )

  it.effect("S-08: a step-up gives a grant that works once", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, phone: number } = yield* door.anAccount({ twoFactor: "SMS" })
      const change = { method: "EMAIL", password, grant: yield* door.grantOf(accountId, number) }
      yield* door.started(door.of(accountId, "/two-factor/change"), change)
      const second = yield* door.post(door.of(accountId, "/two-factor/change"), change)
      assert.strictEqual(member(second, "code"), "grant_invalid")
    })
  )
})
