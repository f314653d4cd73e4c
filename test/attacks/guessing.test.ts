import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { connect } from "node:net"
import { aBrowser } from "../kit/formBrowser.ts"
import { type Answer, FrontDoor, member, password, wrong, wrongPassword } from "../kit/frontDoor.ts"
import { eventually, Rekey } from "../kit/process.ts"
import { noticeLinkTo, turnedOff } from "../kit/slackStories.ts"
import { briefly, protectionHolds, request, waitsPass } from "./attack.ts"

/** How many guesses were judged, as the account's own story has it. */
const judged = Effect.fnUntraced(function* (accountId: string, type: "code.rejected" | "password.rejected") {
  const door = yield* FrontDoor
  return (yield* door.events(accountId)).filter((event) => event.type === type).length
})

/** Hangs up as soon as the request is written: no answer is waited for. */
const hangUpAfter = (base: string, bytes: string) =>
  Effect.callback<void>((resume) => {
    const socket = connect(Number(new URL(base).port), "127.0.0.1", () =>
      socket.write(bytes, () => {
        socket.destroy()
        resume(Effect.void)
      })
    )
  })

layer(FrontDoor.layer(), { excludeTestServices: true })("guessing", (it) => {
  it.effect(
    "parallel guesses (S-38, CVE-2024-4629, GHSA-7h8m-vrxx-vr4m): through every door at once no more than five are judged",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const thief = yield* aBrowser(accountId)
        const proving = yield* thief.form("/account/security/disable")
        const begun = yield* thief.ask("POST", "/account/security/prove/disable", proving)
        const page = (begun.headers.get("location") ?? "").split("?")[0] ?? ""
        const id = page.split("/").at(-1) ?? ""
        const code = yield* door.codeOf(id, phone)
        const fields = yield* thief.form(page)
        const guesses = Array.from({ length: 9 }, (_, place) => wrong(code, place + 1))
        yield* protectionHolds(
          [accountId],
          Effect.gen(function* () {
            const asks = guesses.flatMap((guess, place) => [
              door.verify(id, guess),
              door.verify(id, ` ${guess.slice(0, 3)}-${guess.slice(3)}`, { headers: { "idempotency-key": guess } }),
              door.post(`/v1/challenges/${id}/verify`, { code: guess, client: { ip: `203.0.113.${place}` } }),
              thief.ask("POST", page, { ...fields, once: crypto.randomUUID(), code: guess }),
              thief.ask("POST", page, { ...fields, once: "", code: guess }, { "x-forwarded-for": `203.0.113.${place}` })
            ])
            const answers = yield* Effect.all(asks, { concurrency: "unbounded" })
            assert.lengthOf(
              answers.filter(({ status }) => status === 422),
              5
            )
            assert.strictEqual(yield* judged(accountId, "code.rejected"), 5)
            assert.strictEqual(briefly(yield* door.verify(id, code)), "429 too_many_attempts")
          })
        )
      }),
    60_000
  )

  it.effect(
    "resend, restart or new journey resets the count (S-21, CVE-2026-74878, GHSA-3cgw-73cr-r8c6): nothing refills it",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const rekey = yield* Rekey
        const sql = yield* SqlClient.SqlClient
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const of = (what: string) => door.of(accountId, what)
        const guess = Effect.fnUntraced(function* (id: string) {
          return briefly(yield* door.verify(id, wrong(yield* door.codeOf(id, phone))))
        })
        const signIn = door.started(of("/sign-in"), { password })
        yield* protectionHolds(
          [accountId],
          Effect.gen(function* () {
            const first = yield* signIn
            const heard = [yield* guess(first.id)]
            // Sent again.
            yield* Effect.orDie(sql`update challenges set resend_after = now() where id = ${first.id}::uuid`)
            assert.strictEqual((yield* door.post(`/v1/challenges/${first.id}/resend`)).status, 202)
            heard.push(yield* guess(first.id))
            // Given up and begun anew; the import repeats what is so already.
            yield* door.call("DELETE", `/v1/challenges/${first.id}`)
            yield* door.call("PUT", of(""), { body: { password, phone } })
            heard.push(yield* guess((yield* signIn).id))
            // For another purpose, after a crash.
            yield* rekey.kill
            yield* rekey.start
            heard.push(yield* guess((yield* door.started(of("/step-up"), {})).id))
            // With the right password once more.
            const last = yield* signIn
            heard.push(yield* guess(last.id))
            assert.deepStrictEqual(
              heard,
              heard.map(() => "422 code_incorrect")
            )
            const right = yield* door.codeOf(last.id, phone)
            for (const asked of [
              door.verify(last.id, right),
              door.post(of("/sign-in"), { password }),
              door.post(of("/step-up"))
            ])
              assert.strictEqual(briefly(yield* asked), "429 rate_limited")
            // And after the wait the count goes on where it was: the next five bring the next longer wait.
            yield* waitsPass(accountId)
            for (let more = 0; more < 4; more++) yield* guess(last.id)
            const next = yield* signIn
            assert.strictEqual(yield* guess(next.id), "422 code_incorrect")
            const waits = Number(member(yield* door.post(of("/step-up")), "retryAfter"))
            assert.isTrue(waits > 30 && waits <= 60, `${waits} seconds`)
          })
        )
      }),
    60_000
  )

  it.effect(
    "count undone with the refusal (S-23, CVE-2026-35597, CVE-2026-27801): whoever hangs up has still spent the try",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
        const code = yield* door.codeOf(id, phone)
        const bytes = request(
          `POST /v1/challenges/${id}/verify`,
          ["Content-Type: application/json"],
          JSON.stringify({ code: wrong(code) })
        )
        yield* protectionHolds(
          [accountId],
          Effect.gen(function* () {
            // Some hang up so early that nothing was read; whatever was judged is counted.
            yield* eventually(
              Effect.gen(function* () {
                yield* hangUpAfter(door.base, bytes)
                return (yield* door.challenge(id)).attemptsRemaining === 0 ? true : undefined
              }),
              "the end of the tries"
            )
            assert.strictEqual(yield* judged(accountId, "code.rejected"), 5)
            assert.strictEqual(briefly(yield* door.verify(id, code)), "429 too_many_attempts")
          })
        )
      }),
    60_000
  )

  it.effect(
    "a door without the throttle (S-37, CVE-2026-43914): wrong passwords count together wherever they are tried",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const { accountId } = account
        yield* turnedOff(account, account.phone)
        const link = new URL(yield* noticeLinkTo(account.email)).pathname
        const thief = yield* aBrowser(accountId)
        const setUp = "/account/security/setup/email"
        const doors = (secret: string): ReadonlyArray<Effect.Effect<Pick<Answer, "status">>> => [
          door.post(door.of(accountId, "/sign-in"), { password: secret }),
          door.post(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password: secret }),
          door.post(door.of(accountId, "/two-factor/disable"), { password: secret }),
          Effect.flatMap(thief.form(setUp), (fields) => thief.ask("POST", setUp, { ...fields, password: secret })),
          thief.ask("POST", `${link}/turn-back-on`, { password: secret })
        ]
        yield* protectionHolds(
          [accountId],
          Effect.gen(function* () {
            const statuses = (secret: string) =>
              Effect.forEach(
                doors(secret),
                Effect.map(({ status }) => status)
              )
            assert.deepStrictEqual(yield* statuses(wrongPassword), [403, 403, 403, 403, 403])
            assert.deepStrictEqual(yield* statuses(wrongPassword), [429, 429, 429, 429, 429])
            assert.deepStrictEqual(yield* statuses(password), [429, 429, 429, 429, 429])
            assert.strictEqual(yield* judged(accountId, "password.rejected"), 5)
          })
        )
      }),
    60_000
  )

  it.effect(
    "flood of codes (S-35, CVE-2024-24769, CVE-2022-31184): a hundred asks through every door send no more than ten",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
        const of = (what: string) => door.of(accountId, what)
        yield* protectionHolds(
          [accountId],
          Effect.gen(function* () {
            const ask = (place: number) =>
              place % 2 === 0 ? door.post(of("/sign-in"), { password }) : door.post(of("/step-up"))
            const places = Array.from({ length: 50 }, (_, place) => place)
            const answers = yield* Effect.forEach(places, ask, { concurrency: 10 })
            const sent = answers.filter(({ status }) => status === 201)
            assert.lengthOf(sent, 10)
            const resends = yield* Effect.forEach(
              sent.flatMap((answer) => Array.from({ length: 5 }, () => String(member(answer, "id")))),
              (id) => door.post(`/v1/challenges/${id}/resend`),
              { concurrency: 10 }
            )
            for (const answer of [...answers, ...resends]) assert.include([201, 410, 429], answer.status, answer.text)
            for (const answer of answers.filter(({ status }) => status === 429))
              assert.isAbove(Number(answer.headers.get("retry-after")), 0)
            const asked = (yield* door.events(accountId)).filter(({ type }) => type === "code.requested")
            assert.lengthOf(asked, 10)
          })
        )
      }),
    60_000
  )

  it.effect(
    "locking others out (S-36): who has no password burns no code and no method of the owner's",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
        const code = yield* door.codeOf(id, phone)
        yield* protectionHolds(
          [accountId],
          Effect.forEach(
            Array.from({ length: 40 }),
            () => door.post(door.of(accountId, "/sign-in"), { password: wrongPassword }),
            { concurrency: 8 }
          )
        )
        assert.isAtMost(yield* judged(accountId, "password.rejected"), 5)
        assert.strictEqual((yield* door.verify(id, code)).status, 200)
      }),
    60_000
  )
})
