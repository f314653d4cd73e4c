import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { aBrowser } from "../kit/formBrowser.ts"
import { FrontDoor, member, password } from "../kit/frontDoor.ts"
import { noticeLinkTo } from "../kit/slackStories.ts"
import { briefly, inVain } from "./attack.ts"

type Heard = { readonly status: number; readonly text: string }

/** Whoever listens in: each request that changed something is played again at once, and all of them once more later. */
const aListener = Effect.fnUntraced(function* (accountId: string) {
  const { everythingOf } = yield* FrontDoor
  const tape: Array<readonly [what: string, request: Effect.Effect<Heard>]> = []
  const overheard = Effect.fnUntraced(function* <A extends Heard>(what: string, request: Effect.Effect<A>) {
    const answer = yield* request
    const before = yield* everythingOf(accountId)
    yield* Effect.all([request, request, request], { concurrency: "unbounded" })
    assert.strictEqual(yield* everythingOf(accountId), before, `${what}, played again at once`)
    tape.push([what, request])
    return answer
  })
  const playsAll = Effect.forEach(
    tape,
    ([what, request]) => Effect.map(request, ({ status }) => [what, status] as const),
    {
      concurrency: 4
    }
  )
  return { overheard, playsAll }
})

layer(FrontDoor.layer(), { excludeTestServices: true })("replay", (it) => {
  it.effect(
    "replay of codes, grants, links, tokens and forms (S-18, CVE-2024-7318, CVE-2026-82470): a whole journey, played again",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, email, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const of = (what: string) => door.of(accountId, what)
        const { overheard, playsAll } = yield* aListener(accountId)

        // The code of a sign-in, and its grant in a link.
        const signIn = yield* door.started(of("/sign-in"), { password })
        const proved = yield* overheard("code", door.verify(signIn.id, yield* door.codeOf(signIn.id, phone)))
        const person = yield* aBrowser(accountId, String(member(proved, "grant")))
        yield* overheard("link", person.ask("POST", person.link.pathname, {}))

        // A change by forms; the cookie of then, as it was overheard.
        const change = { ...(yield* person.form("/account/security/change")), method: "EMAIL", password }
        const then = { cookie: person.cookie() }
        const begun = yield* overheard("form", person.ask("POST", "/account/security/change", change, then))
        const page = begun.headers.get("location") ?? ""
        const code = yield* door.codeOf(page.split("/").at(-1) ?? "", email)
        const entered = { ...(yield* person.form(page)), code }
        yield* overheard("code in a form", person.ask("POST", page, entered, then))
        assert.strictEqual((yield* door.twoFactor(accountId)).securityStandard, "EMAIL")
        yield* overheard("code of the change", door.verify(page.split("/").at(-1) ?? "", code))

        // A grant, what it lowers, and the link that undoes it.
        const grant = yield* door.grantOf(accountId, email)
        const off = yield* overheard("grant", door.post(of("/two-factor/disable"), { password, grant }))
        assert.strictEqual(off.status, 200, off.text)
        const notice = new URL(yield* noticeLinkTo(email)).pathname
        yield* overheard("notice", person.ask("POST", `${notice}/turn-back-on`, { password }))
        assert.strictEqual((yield* door.twoFactor(accountId)).securityStandard, "EMAIL")

        const heard = yield* inVain([accountId], playsAll)
        assert.deepStrictEqual(Object.fromEntries(heard), {
          code: 410,
          link: 410,
          form: 403,
          "code in a form": 403,
          "code of the change": 410,
          grant: 403,
          notice: 410
        })
      })
  )

  it.effect(
    "replay of a session (S-48, S-49, CVE-2026-43911): a stolen cookie ends with the sign-out, a change or a new password",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const stolen: Array<string> = []
        const opened = Effect.gen(function* () {
          const person = yield* aBrowser(accountId)
          stolen.push(person.cookie())
          return person
        })
        const first = yield* opened
        yield* first.ask("POST", "/account/security/sign-out", yield* first.form("/account/security"))
        yield* opened
        const grant = yield* door.grantOf(accountId, phone)
        yield* door.post(door.of(accountId, "/two-factor/disable"), { password, grant })
        const last = yield* opened
        const again = yield* door.call("PUT", door.of(accountId), { body: { password: "quite another password" } })
        assert.strictEqual(again.status, 200)
        const { csrf, once } = { csrf: "x", once: "y" }
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            for (const cookie of stolen) {
              for (const [method, path] of [
                ["GET", "/account/security"],
                ["GET", "/account/security/activity"],
                ["POST", "/account/security/setup/email"],
                ["POST", "/account/security/sign-out"]
              ] as const) {
                const form = method === "POST" ? { csrf, once, password } : undefined
                const seen = yield* last.ask(method, path, form, { cookie })
                assert.strictEqual(seen.status, 403, `${method} ${path}`)
                assert.notInclude(seen.text, accountId)
              }
            }
          })
        )
      })
  )

  it.effect(
    "replay under an Idempotency-Key (S-15): the first answer is told again, to nobody else and with nothing done",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const other = yield* door.anAccount({ twoFactor: "SMS" })
        const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
        const code = yield* door.codeOf(id, phone)
        const key = { headers: { "idempotency-key": crypto.randomUUID() } }
        const verified = yield* door.verify(id, code, key)
        const grant = String(member(verified, "grant"))
        assert.notStrictEqual(grant, "undefined")
        yield* inVain(
          [accountId, other.accountId],
          Effect.gen(function* () {
            assert.strictEqual((yield* door.verify(id, code, key)).text, verified.text)
            // Whoever knows the key but not the body, or asks for another account with it, learns nothing of the answer.
            for (const asked of [
              door.verify(id, "000000", key),
              door.post(door.of(accountId, "/step-up"), { client: { ip: "none" } }, key),
              door.post(door.of(other.accountId, "/two-factor/disable"), { password, grant }, key)
            ]) {
              const answer = yield* asked
              assert.include(
                ["409 idempotency_conflict", "400 validation_failed", "403 grant_invalid"],
                briefly(answer)
              )
              assert.notInclude(answer.text, grant)
            }
          })
        )
      })
  )
})
