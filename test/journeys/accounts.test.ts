import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Account } from "../../src/domain/TwoFactor.ts"
import { FrontDoor, member, password, pointersIn, readAs, refusal } from "../kit/frontDoor.ts"
import { eventually } from "../kit/process.ts"

type Door = FrontDoor["Service"]

const contact = { email: "new@customer.example", phone: "+60125558801" }
const put = (door: Door, accountId: string, body: unknown) => door.call("PUT", door.of(accountId), { body })

/** Requests that create nothing, each with the field that is named as wrong. */
const badCreations: ReadonlyArray<readonly [what: string, body: unknown, pointer: string]> = [
  ["no e-mail", { password }, "/email"],
  ["no password", contact, "/password"],
  ["password and hash", { ...contact, password, passwordHash: "$2b$10$x" }, "/passwordHash"],
  ["an empty password", { ...contact, password: "" }, "/password"],
  ["a password of 1025 code points", { ...contact, password: "𝕏".repeat(1025) }, "/password"],
  ["an e-mail that is two", { ...contact, email: "a@b.example, c@d.example", password }, "/email"],
  ["an e-mail with a name", { ...contact, email: "A <a@b.example>", password }, "/email"],
  ["an e-mail with a line break", { ...contact, email: "a@b.example\r\nBcc: c@d.example", password }, "/email"],
  ["an e-mail of null", { ...contact, email: null, password }, "/email"],
  ["a phone that is not E.164", { ...contact, phone: "012-555 8801", password }, "/phone"],
  ["an unknown time zone", { ...contact, timeZone: "Mars/Olympus", password }, "/timeZone"],
  ["a locale that is none", { ...contact, locale: "not a locale", password }, "/locale"],
  ["an unknown method", { ...contact, twoFactor: "TOTP", password }, "/twoFactor"],
  ["SMS without a phone", { email: contact.email, twoFactor: "SMS", password }, "/phone"],
  ["an unknown hash format", { ...contact, passwordHash: "md5$abcdef" }, "/passwordHash"],
  [
    "a hostile hash",
    { ...contact, passwordHash: "$argon2id$v=19$m=4194304,t=99,p=1$c2FsdHNhbHQ$aGFzaA" },
    "/passwordHash"
  ],
  ["a field nobody knows", { ...contact, password, epoch: 7 }, "/epoch"]
]

/** Ids that are none: the path says so with 400. */
const badIds = ["a b", "ä", "a/b", "a".repeat(129), "a\u0000"]

layer(FrontDoor.layer(), { excludeTestServices: true })("accounts over HTTP", (it) => {
  it.effect.each(badCreations)("creation refuses %s and creates nothing", ([, body, pointer]) =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const answer = refusal(yield* put(door, "nobody", body), 400, "validation_failed", door.base)
      assert.include(pointersIn(answer), pointer, answer.text)
      refusal(yield* door.call("GET", door.of("nobody")), 404, "not_found", door.base)
    })
  )

  it.effect("an account id is 1 to 128 characters of the contract, and differs by case", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      for (const id of badIds) {
        const answer = yield* put(door, id, { ...contact, password })
        assert.include([400, 404], answer.status, id)
      }
      for (const id of ["A.b_c~d:e@f-9", "a.b_c~d:e@f-9", "x".repeat(128)]) {
        assert.strictEqual((yield* put(door, id, { ...contact, password })).status, 201, id)
        assert.strictEqual((yield* door.twoFactor(id)).accountId, id)
      }
    })
  )

  it.effect("S-41: creation, update, clearing and reading; contacts are shown masked", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const created = readAs(
        yield* put(door, "harriet", {
          ...contact,
          name: "Harriet Lim",
          locale: "de-CH",
          timeZone: "Asia/Kuala_Lumpur",
          password
        }),
        201,
        Account
      )
      assert.include(created, { name: "Harriet Lim", locale: "de-CH", timeZone: "Asia/Kuala_Lumpur" })
      assert.notInclude(JSON.stringify(created), contact.phone)
      assert.notInclude(JSON.stringify(created), contact.email)
      const kept = readAs(yield* put(door, "harriet", {}), 200, Account)
      assert.deepStrictEqual(kept, created)
      const cleared = readAs(
        yield* put(door, "harriet", { phone: null, name: null, locale: null, timeZone: null }),
        200,
        Account
      )
      assert.include(cleared, { phone: null, name: null, locale: null, timeZone: null, email: created.email })
      assert.deepStrictEqual(readAs(yield* door.call("GET", door.of("harriet")), 200, Account), cleared)
    })
  )

  it.effect("twoFactor turns a verified method on at creation; afterwards only the operations change protection", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const on = yield* door.anAccount({ twoFactor: "SMS" })
      assert.include(yield* door.twoFactor(on.accountId), { status: "enabled", securityStandard: "SMS" })
      assert.strictEqual((yield* put(door, on.accountId, { twoFactor: "SMS" })).status, 200)
      yield* door.refused(on.accountId, put(door, on.accountId, { twoFactor: "EMAIL" }), 409, "managed_here")
      const off = yield* door.anAccount()
      yield* door.refused(off.accountId, put(door, off.accountId, { twoFactor: "EMAIL" }), 409, "managed_here")
    })
  )

  it.effect("S-42: a changed contact leaves the method where it was verified, and the old address is told", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
      const before = yield* door.twoFactor(accountId)
      const moved = `moved-${email}`
      assert.strictEqual((yield* put(door, accountId, { email: moved })).status, 200)
      const after = yield* door.twoFactor(accountId)
      assert.deepStrictEqual(after.methods, before.methods)
      assert.strictEqual(after.epoch, before.epoch)
      for (const address of [email, moved]) {
        yield* eventually(
          Effect.map(door.inbox(address), (all) => all.find(({ subject }) => subject?.includes("contact details"))),
          `the notice to ${address}`
        )
      }
      const signIn = yield* door.started(door.of(accountId, "/sign-in"), { password })
      assert.strictEqual((yield* door.answerRightly(signIn.id, email)).status, "signed-in")
      assert.include(
        (yield* door.events(accountId)).map(({ type, reason }) => `${type} ${reason ?? ""}`),
        "account.contact_changed email"
      )
    })
  )

  it.effect("a changed contact voids the set-up that was under way to the old one, and no sign-in", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, phone } = yield* door.anAccount()
      const setup = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "SMS", password })
      const code = yield* door.codeOf(setup.id, phone)
      yield* put(door, accountId, { phone: "+60125557701" })
      const late = refusal(yield* door.verify(setup.id, code), 410, "challenge_closed", door.base)
      assert.strictEqual(member(late, "challengeStatus"), "voided")
      assert.include(yield* door.twoFactor(accountId), { status: "disabled", pending: null })

      const on = yield* door.anAccount({ twoFactor: "EMAIL" })
      const signIn = yield* door.started(door.of(on.accountId, "/sign-in"), { password })
      yield* put(door, on.accountId, { phone: "+60125557702" })
      assert.strictEqual((yield* door.challenge(signIn.id)).status, "open")
    })
  )

  it.effect("S-48: the same password is no change; another one voids challenges and grants and is told", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, phone, email } = yield* door.anAccount({ twoFactor: "SMS" })
      const grant = yield* door.grantOf(accountId, phone)
      const before = yield* door.twoFactor(accountId)
      yield* put(door, accountId, { password })
      assert.deepStrictEqual(yield* door.twoFactor(accountId), before)
      const signIn = yield* door.started(door.of(accountId, "/sign-in"), { password })
      const code = yield* door.codeOf(signIn.id, phone)

      const next = "another long password"
      assert.strictEqual((yield* put(door, accountId, { password: next })).status, 200)
      assert.strictEqual((yield* door.twoFactor(accountId)).epoch, before.epoch + 1)
      refusal(yield* door.verify(signIn.id, code), 410, "challenge_closed", door.base)
      const disable = { password: next, grant }
      refusal(yield* door.post(door.of(accountId, "/two-factor/disable"), disable), 403, "grant_invalid", door.base)
      yield* eventually(
        Effect.map(door.inbox(email), (all) =>
          all.find(({ text }) => text.includes("What is different now: password"))
        ),
        "the notice"
      )
      yield* door.refused(
        "sam",
        door.post(door.of("sam", "/two-factor/disable"), { password: "harbor-demo-2026" }),
        409,
        "already_disabled"
      )
    })
  )

  it.effect("S-78: an account that came with a hash signs in with its password", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      // "U*U" of the vectors of crypt_blowfish
      const passwordHash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
      assert.strictEqual((yield* put(door, "bcrypt", { ...contact, passwordHash })).status, 201)
      const wrongly = yield* door.post(door.of("bcrypt", "/sign-in"), { password: "U*V" })
      refusal(wrongly, 403, "password_incorrect", door.base)
      assert.strictEqual((yield* door.post(door.of("bcrypt", "/sign-in"), { password: "U*U" })).status, 200)
      const before = yield* door.twoFactor("bcrypt")
      assert.strictEqual((yield* put(door, "bcrypt", { passwordHash })).status, 200)
      assert.deepStrictEqual(yield* door.twoFactor("bcrypt"), before)
    })
  )

  it.effect("deletion leaves nothing but the audit trail, and the id is free again", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
      const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
      assert.strictEqual((yield* door.call("DELETE", door.of(accountId))).status, 204)
      for (const [method, path] of [
        ["GET", door.of(accountId)],
        ["GET", door.of(accountId, "/two-factor")],
        ["GET", `/v1/challenges/${id}`],
        ["DELETE", `/v1/challenges/${id}`],
        ["DELETE", door.of(accountId)]
      ] as const) {
        refusal(yield* door.call(method, path), 404, "not_found", door.base)
      }
      // The feed waits for whatever else is going on at the server, which the other tests share.
      yield* eventually(
        Effect.map(
          door.call("GET", "/v1/events?limit=200"),
          ({ text }) => text.includes("account.deleted") || undefined
        ),
        "the deletion in the feed"
      )
      assert.strictEqual((yield* put(door, accountId, { email, password })).status, 201)
      assert.include(yield* door.twoFactor(accountId), { status: "disabled", securityStandard: "NONE" })
    })
  )
})
