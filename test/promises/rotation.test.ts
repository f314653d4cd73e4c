import { PgClient } from "@effect/sql-pg"
import { assert, describe, it, layer } from "@effect/vitest"
import { Cause, Effect, Option, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { inviteSlack } from "../../src/account/inviteSlack.ts"
import { openInvitation, pickNumber, readInvitation } from "../../src/account/linkSlack.ts"
import { stepUp } from "../../src/account/stepUp.ts"
import { verify } from "../../src/account/verify.ts"
import type { AccountId } from "../../src/domain/ids.ts"
import { Challenge, Outcome } from "../../src/domain/TwoFactor.ts"
import { digestsUnder } from "../../src/http/requestCaller.ts"
import { BearerTokens } from "../../src/services/BearerTokens.ts"
import { NumberMatching } from "../../src/services/NumberMatching.ts"
import { TwoFactorStore } from "../../src/services/TwoFactorStore.ts"
import { anotherNode, asPortal, codeOf, rekey, ringOf } from "../kit/core.ts"
import { holdings, looksOf, useUp } from "../kit/everyKind.ts"
import { FrontDoor, password, readAs } from "../kit/frontDoor.ts"
import { aProcess, secretKey } from "../kit/process.ts"
import { codeOfRefusal, protectedBy } from "../kit/stories.ts"

/** A call with an Idempotency-Key, as the node that runs it makes its digests. */
const repeated = <A, E, R>(key: string, call: Effect.Effect<A, E, R>) =>
  Effect.flatMap(digestsUnder(key, "the body"), (idempotency) => call.pipe(asPortal({ idempotency })))

/** Somebody in Slack who has asked for a link, as whoever follows it sees it. */
const invited = Effect.fn("invited")(function* (user: string) {
  const tokens = yield* BearerTokens
  const who = { enterprise: null, team: "T2", user }
  const { id, keyId } = Option.getOrThrow(yield* inviteSlack(who, { displayName: "Sam", workspace: "Harbor" }))
  return yield* tokens.issue({ kind: "slack-invitation", id, accountId: "", epoch: 0 }, keyId)
})

/** The invitation behind a token, for an account. */
const seenBy = Effect.fn("seenBy")(function* (token: Redacted.Redacted, accountId: AccountId) {
  const { account } = yield* (yield* TwoFactorStore).read({ accountId })
  if (account === undefined) return yield* Effect.die("no account")
  return { state: account.state, seen: yield* readInvitation(token, account.state) }
})

layer(rekey(), { excludeTestServices: true })("a key ring that is rotated while codes are alive", (it) => {
  it.effect("S-77: whatever was made with the former key works under the new one, once", () =>
    Effect.gen(function* () {
      const held = yield* holdings
      const rotated = yield* anotherNode(ringOf("k2", "k1"))
      const used = yield* useUp(held).pipe(Effect.provide(rotated))
      assert.deepStrictEqual(used, {
        session: "good",
        link: "good",
        notice: "good",
        invitation: "good",
        signIn: "done",
        setup: "done",
        openedLink: "good",
        grant: "done"
      })
      const again = yield* useUp(held).pipe(Effect.provide(rotated))
      assert.deepInclude(again, { signIn: "challenge_closed", setup: "challenge_closed", openedLink: "refused" })
      assert.notStrictEqual(again.grant, "done")
    }).pipe(Effect.scoped)
  )

  it.effect("S-77: once the former key is gone none of it works, and no answer is a fault", () =>
    Effect.gen(function* () {
      const held = yield* holdings
      const without = yield* anotherNode(ringOf("k2"))
      assert.deepStrictEqual(yield* useUp(held).pipe(Effect.provide(without)), {
        session: "refused",
        link: "refused",
        notice: "refused",
        invitation: "refused",
        signIn: "code_incorrect",
        setup: "code_incorrect",
        openedLink: "refused",
        grant: "grant_invalid"
      })
      // it was the key, and nothing else: with it they are good
      assert.deepStrictEqual(yield* looksOf(held), {
        session: "good",
        link: "good",
        notice: "good",
        invitation: "good"
      })
    }).pipe(Effect.scoped)
  )

  it.effect(
    "S-77, P6: a repeat is recognised under the new key, its grant is the same text, and nothing happens twice",
    () =>
      Effect.gen(function* () {
        const accountId = yield* protectedBy("SMS")
        const first = yield* repeated("step-up", stepUp({ accountId }))
        const code = yield* codeOf(first.id)
        const answer = verify({ challengeId: first.id, code })
        const proved = yield* repeated("verify", answer)
        const rotated = yield* anotherNode(ringOf("k2", "k1"))
        const again = yield* repeated("step-up", stepUp({ accountId })).pipe(Effect.provide(rotated))
        assert.strictEqual(again.id, first.id)
        const replayed = yield* repeated("verify", answer).pipe(Effect.provide(rotated))
        assert.isString(proved.grant)
        assert.deepStrictEqual(replayed, proved)

        const without = yield* anotherNode(ringOf("k2"))
        const anew = yield* repeated("step-up", stepUp({ accountId })).pipe(Effect.provide(without))
        assert.notStrictEqual(anew.id, first.id)
        const refused = yield* codeOfRefusal(repeated("verify", answer)).pipe(Effect.provide(without))
        assert.strictEqual(refused, "challenge_closed")
      }).pipe(Effect.scoped)
  )

  it.effect(
    "S-77, S-68: the number of an invitation that was opened before stays the same; without its key it has none",
    () =>
      Effect.gen(function* () {
        const matching = yield* NumberMatching
        const accountId = yield* protectedBy("SMS")
        const [linked, lost] = [yield* invited("U-linked"), yield* invited("U-lost")]
        for (const token of [linked, lost]) {
          const { state, seen } = yield* seenBy(token, accountId)
          assert.isTrue(yield* openInvitation(Option.getOrThrow(seen), state))
        }
        const shown = Option.getOrThrow((yield* seenBy(linked, accountId)).seen)
        const number = yield* matching.numberFor(shown.invitation)
        const rotated = yield* anotherNode(ringOf("k2", "k1"))
        const answer = Effect.gen(function* () {
          const { state, seen } = yield* seenBy(linked, accountId)
          assert.deepStrictEqual(Option.getOrThrow(seen).choices, shown.choices)
          return yield* pickNumber(Option.getOrThrow(seen), state, number)
        })
        assert.strictEqual(yield* Effect.provide(answer, rotated), "SlackLinked")

        const without = yield* anotherNode(ringOf("k2"))
        const { seen } = yield* Effect.provide(seenBy(lost, accountId), without)
        assert.isTrue(Option.isNone(seen))
      }).pipe(asPortal(), Effect.scoped)
  )
})

const ring = (...ids: ReadonlyArray<string>) =>
  ids.map((id) => `${id}:${id === "k1" ? secretKey : Buffer.alloc(32, id).toString("base64")}`).join(",")

describe("a restart with other keys", () => {
  it.live(
    "S-77: with a new key in front the portal's calls go on; without the old one the start is refused while it matters",
    () =>
      Effect.gen(function* () {
        const first = yield* aProcess({ REKEY_DEMO: "off" })
        const before = FrontDoor.before(first)
        const { accountId, email } = yield* before.anAccount({ twoFactor: "EMAIL" })
        const path = before.of(accountId, "/sign-in")
        const asked = { headers: { "idempotency-key": "sign-in-once" } }
        const started = readAs(yield* before.post(path, { password }, asked), 201, Challenge)
        const code = yield* before.codeOf(started.id, email)
        assert.strictEqual(yield* first.stop, 0)

        const over = { DATABASE_URL: first.databaseUrl, REKEY_DEMO: "off" }
        const second = yield* aProcess({ ...over, REKEY_SECRET_KEYS: ring("k2", "k1") })
        const after = FrontDoor.before(second)
        const repeat = yield* after.post(path, { password }, asked)
        assert.strictEqual(repeat.headers.get("idempotent-replayed"), "true")
        assert.strictEqual(readAs(repeat, 201, Challenge).id, started.id)
        assert.strictEqual(readAs(yield* after.verify(started.id, code), 200, Outcome).status, "signed-in")
        const open = yield* after.started(path, { password })
        assert.strictEqual(yield* second.stop, 0)

        // the newest one is of k2: without that nothing starts; k1 has no row that still matters
        const refused = yield* Effect.flip(Effect.sandbox(aProcess({ ...over, REKEY_SECRET_KEYS: ring("k1") })))
        assert.match(Cause.pretty(refused), /REKEY_SECRET_KEYS lacks k2, .*add it back, or wait 72 hours/)
        const sql = SqlClient.SqlClient.use(
          (db) => db`update challenges set closes_at = now() - interval '1 second', expires_at = issued_at,
            status = 'expired', closed_at = now() where id = ${open.id}::uuid`
        )
        yield* sql.pipe(Effect.provide(PgClient.layer({ url: Redacted.make(first.databaseUrl), maxConnections: 1 })))
        const third = yield* aProcess({ ...over, REKEY_SECRET_KEYS: ring("k1") })
        assert.strictEqual(yield* third.stop, 0)
      }),
    { timeout: 90_000 }
  )
})
