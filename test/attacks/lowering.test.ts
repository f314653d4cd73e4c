import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { en } from "../../src/words/pages/en.ts"
import { aBrowser } from "../kit/formBrowser.ts"
import { type Answer, FrontDoor, member, password } from "../kit/frontDoor.ts"
import { eventually } from "../kit/process.ts"
import { allRefused, inVain } from "./attack.ts"
import { aPortalBrowser } from "./portalBrowser.ts"

const thiefsPhone = "+60125550666"

layer(FrontDoor.layer(), { excludeTestServices: true })("lowering", (it) => {
  it.effect(
    "lower protection with the password only (S-07, CVE-2022-23807): no door takes it, nor anything that is no grant",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const two = (what: string, body: object = {}) => door.post(door.of(accountId, `/two-factor/${what}`), body)
        const challenge = yield* door.started(door.of(accountId, "/sign-in"), { password })
        const thief = yield* aBrowser(accountId)
        const { csrf, once } = yield* thief.form("/account/security/disable")
        const notGrants = { challenge: challenge.id, code: yield* door.codeOf(challenge.id, phone), csrf, once }
        const others = { session: thief.cookie().slice("rekey=".length), link: thief.link.pathname.slice(7), blank: "" }
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            yield* allRefused({
              disable: ["403 step_up_required", two("disable", { password })],
              change: ["403 step_up_required", two("change", { method: "EMAIL", password })],
              "change of number": [
                "403 step_up_required",
                two("change", { method: "SMS", destination: thiefsPhone, password })
              ],
              "set-up over it": ["409 already_enabled", two("setup", { method: "EMAIL", password })],
              "reset by the portal": ["403 forbidden", two("reset", { reason: "lost", requestedBy: "thief" })],
              "import without it": [
                "400 validation_failed",
                door.call("PUT", door.of(accountId), { body: { twoFactor: null } })
              ],
              "import of another": [
                "409 managed_here",
                door.call("PUT", door.of(accountId), { body: { twoFactor: "EMAIL" } })
              ]
            })
            for (const [what, grant] of Object.entries({ ...notGrants, ...others })) {
              const asked = { [what]: ["403 grant_invalid", two("disable", { password, grant })] } as const
              yield* allRefused<never, never>(asked)
            }
            for (const [page, more] of [
              ["disable", {}],
              ["change", { method: "EMAIL" }]
            ] as const) {
              const path = `/account/security/${page}`
              const seen = yield* thief.ask("POST", path, { ...(yield* thief.form(path)), password, ...more })
              assert.strictEqual(seen.status, 403, page)
              assert.include(seen.text, en.refusals.step_up_required({ inForce: "SMS", codeLength: 6 }), page)
            }
          })
        )
      })
  )

  it.effect(
    "half-done enrolment in force (S-11, CVE-2026-104106): until its code is right a method neither protects nor replaces",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const off = yield* door.anAccount({ phone: null })
        const on = yield* door.anAccount({ twoFactor: "SMS" })
        const grant = yield* door.grantOf(on.accountId, on.phone)
        const begun = { method: "SMS", destination: thiefsPhone, password }
        const [setUp, change] = [
          yield* door.started(door.of(off.accountId, "/two-factor/setup"), begun),
          yield* door.started(door.of(on.accountId, "/two-factor/change"), { ...begun, grant })
        ]
        const account = Effect.fnUntraced(function* ({ accountId }: { readonly accountId: string }) {
          const answer = yield* door.call("GET", door.of(accountId))
          const { status, securityStandard, methods, epoch } = yield* door.twoFactor(accountId)
          return { phone: member(answer, "phone"), status, securityStandard, methods, epoch }
        })
        const [before, without] = [yield* account(on), yield* account(off)]
        assert.deepInclude(without, { phone: null, status: "disabled", methods: [] })
        // The door of the half-set-up account is the password's; the other one's code still goes to the old phone.
        const signIn = yield* door.post(door.of(off.accountId, "/sign-in"), { password })
        assert.strictEqual(member(signIn, "status"), "signed-in")
        const signingIn = yield* door.started(door.of(on.accountId, "/sign-in"), { password })
        assert.strictEqual(signingIn.destination, before.methods[0]?.destination)
        yield* door.answerRightly(signingIn.id, on.phone)
        const texts = yield* door.inbox(thiefsPhone)
        assert.lengthOf(texts, 2, "more than the two codes went to the new number")
        for (const { id } of [setUp, change])
          assert.strictEqual((yield* door.call("DELETE", `/v1/challenges/${id}`)).status, 204)
        yield* inVain(
          [off.accountId, on.accountId],
          Effect.forEach([setUp, change], ({ id }, place) =>
            Effect.gen(function* () {
              const code = /\d{3} ?\d{3}/.exec(texts[1 - place]?.text ?? "")?.[0] ?? ""
              yield* allRefused({ "the code of what was given up": ["410 challenge_closed", door.verify(id, code)] })
            })
          )
        )
        const kept = ({ methods, ...rest }: typeof before) => ({ ...rest, methods: methods.map(({ id }) => id) })
        assert.deepStrictEqual(kept(yield* account(on)), kept(before))
        assert.deepStrictEqual(yield* account(off), without)
      })
  )

  it.effect(
    "step skipped by URL (S-09, CVE-2024-10924): the portal's pages behind the code are closed without it",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
        const thief = yield* aPortalBrowser
        assert.strictEqual((yield* thief.submit("/", "/sign-in", { account: accountId, password })).location, "/code")
        yield* eventually(
          Effect.map(door.inbox(email), (letters) => letters[0]),
          "the code that the thief does not see"
        )
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            assert.strictEqual((yield* thief.ask("GET", "/account")).location, "/")
            assert.strictEqual((yield* thief.submit("/code", "/account-security")).location, "/")
            assert.strictEqual((yield* thief.submit("/code", "/code", { account: accountId })).status, 400)
            assert.strictEqual((yield* thief.submit("/code", "/code", { code: "", signedIn: "true" })).status, 400)
            assert.include((yield* thief.ask("GET", "/")).text, "Sign in to Harbor")
            assert.strictEqual((yield* thief.ask("GET", "/account/security")).status, 403)
          })
        )
      })
  )

  it.effect("step skipped by URL (S-09): on the hosted pages the later step leads back to the one that is due", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
      const grant = yield* door.grantOf(accountId, phone)
      const person = yield* aBrowser(accountId, grant)
      const home = "/account/security"
      const change = { ...(yield* person.form(`${home}/change`)), password, method: "EMAIL" }
      const waits = (yield* person.ask("POST", `${home}/change`, change)).headers.get("location") ?? ""
      const id = waits.split("/").at(-1) ?? ""
      const fields = yield* person.form(home)
      const asked = (method: string, path: string) =>
        Effect.map(
          person.ask(method, `${home}${path}`, method === "POST" ? { ...fields, password } : undefined),
          ({ status, headers }) => `${status} ${headers.get("location") ?? ""}`
        )
      yield* inVain(
        [accountId],
        Effect.gen(function* () {
          const none = crypto.randomUUID()
          for (const [method, path, heard] of [
            ["GET", `/done/${id}`, `303 ${waits}`],
            ["GET", `/done/${id}?already`, `303 ${waits}`],
            ["GET", `/done/${none}`, "404 "],
            ["GET", "/setup/email", `303 ${home}`],
            ["POST", "/setup/email", "409 "],
            ["GET", "/frozen", `303 ${home}`],
            ["POST", `/verify/${id}?next=disable`, "400 "],
            ["POST", `/verify/${none}`, "404 "],
            ["POST", `/verify/${id}/done`, "404 "],
            ["POST", "/disable", "403 "]
          ] as const)
            assert.strictEqual(yield* asked(method, path), heard, `${method} ${path}`)
          assert.notInclude((yield* person.ask("GET", `${home}?done=turned-off`)).text, en.overview.turnedOff)
        })
      )
    })
  )

  it.effect("step skipped in the API (S-09): what comes later is refused whatever the body claims was done", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email } = yield* door.anAccount()
      const setUp = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
      yield* door.codeOf(setUp.id, email)
      const verify = (body: unknown): Effect.Effect<Answer> => door.post(`/v1/challenges/${setUp.id}/verify`, body)
      yield* inVain(
        [accountId],
        allRefused<never, never>({
          "no code": ["400 validation_failed", verify({})],
          "an empty code": ["400 validation_failed", verify({ code: "" })],
          "a code that is true": ["400 validation_failed", verify({ code: true })],
          "codes to choose from": ["400 validation_failed", verify({ code: ["000000", "111111"] })],
          "a pattern": ["400 validation_failed", verify({ code: "......" })],
          "a status": ["400 validation_failed", verify({ code: "000000", status: "succeeded" })],
          "the step before the proof": [
            "409 not_enabled",
            door.post(door.of(accountId, "/two-factor/change"), { method: "EMAIL", password })
          ],
          "a proof of nothing": ["409 not_enabled", door.post(door.of(accountId, "/step-up"), {})],
          "a page that writes": ["404 not_found", door.post(door.of(accountId, "/two-factor/enable"), { password })],
          "the resource itself": [
            "405 method_not_allowed",
            door.call("PUT", `/v1/challenges/${setUp.id}`, { body: { status: "succeeded" } })
          ]
        })
      )
    })
  )
})
