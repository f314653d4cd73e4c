import { assert, it } from "@effect/vitest"
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { connect as connectPlain } from "node:net"
import { connect as connectSealed } from "node:tls"
import { password } from "../kit/frontDoor.ts"
import { someNodes } from "../kit/nodes.ts"
import { secretKey } from "../kit/process.ts"

const slow = { timeout: 60_000 }

/** What comes back from the port of a node until the connection ends. */
const heard = (open: () => NodeJS.ReadWriteStream & { destroy(): void }, say: string) =>
  Effect.callback<string>((resume) => {
    let text = ""
    const stream = open()
    const over = () => resume(Effect.succeed(text))
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1")
    })
    stream.on("error", over)
    stream.on("close", over)
    stream.write(say)
    return Effect.sync(() => stream.destroy())
  }).pipe(Effect.timeoutOrElse({ duration: "10 seconds", orElse: () => Effect.succeed("the connection stays open") }))

/** A message as a node would send it, were it not sealed: to close every challenge of an account. */
const message = (accountId: string): string =>
  `${JSON.stringify({
    _tag: "Request",
    id: "1",
    tag: "Effect",
    payload: {
      persisted: false,
      request: {
        _tag: "Request",
        requestId: "1",
        address: { shardId: { group: "default", id: 1 }, entityType: "Account", entityId: accountId },
        tag: "CloseChallenges",
        payload: { by: { actor: "system", reference: "E-000000", idempotency: [], subjects: [] } },
        headers: {}
      }
    },
    headers: []
  })}\n`

it.live(
  "a stranger who reaches the port of the nodes learns nothing and changes nothing",
  () =>
    Effect.gen(function* () {
      const {
        nodes: [a, b]
      } = yield* someNodes(2)
      assert(a !== undefined && b !== undefined)
      const { accountId } = yield* a.door.anAccount()
      yield* a.door.started(a.door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
      const before = yield* a.door.everythingOf(accountId)
      const sealing = {
        ciphers: "ECDHE-PSK-CHACHA20-POLY1305",
        minVersion: "TLSv1.2",
        maxVersion: "TLSv1.2",
        checkServerIdentity: () => undefined
      } as const
      for (const { clusterPort } of [a, b]) {
        const to = { host: "127.0.0.1", port: clusterPort }
        const say = message(accountId)
        const answers = [
          yield* heard(() => connectPlain(to), say),
          yield* heard(() => connectSealed({ ...to, rejectUnauthorized: false }), say),
          yield* heard(
            () => connectSealed({ ...to, ...sealing, pskCallback: () => ({ identity: "k1", psk: Buffer.alloc(32) }) }),
            say
          ),
          // the key of the ring itself is not the one that seals
          yield* heard(
            () =>
              connectSealed({
                ...to,
                ...sealing,
                pskCallback: () => ({ identity: "k1", psk: Buffer.from(secretKey, "base64") })
              }),
            say
          ),
          yield* heard(
            () => connectSealed({ ...to, ...sealing, pskCallback: () => ({ identity: "k2", psk: Buffer.alloc(32) }) }),
            say
          )
        ]
        for (const answer of answers) {
          // a plain connection gets the alert of TLS and nothing else
          assert.isAtMost(answer.length, 7)
          assert.notInclude(answer, accountId)
        }
      }
      assert.strictEqual(yield* a.door.everythingOf(accountId), before)
      assert.strictEqual(yield* b.door.everythingOf(accountId), before)
    }).pipe(Effect.scoped),
  slow
)

const ring = (...ids: ReadonlyArray<string>) => ({
  REKEY_SECRET_KEYS: ids.map((id) => `${id}:${Buffer.alloc(32, id).toString("base64")}`).join(",")
})

it.live(
  "keys rotate while the nodes run: each understands the ones before and after it",
  () =>
    Effect.gen(function* () {
      const { nodes, node, databaseUrl } = yield* someNodes(1, ring("k1"))
      const [old] = nodes
      const both = yield* node(ring("k2", "k1"))
      assert(old !== undefined)
      const walked = Effect.fnUntraced(function* (one: typeof old, other: typeof old) {
        for (let round = 0; round < 6; round++) {
          const { accountId } = yield* one.door.anAccount()
          for (const { door } of [one, other])
            yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
        }
      })
      yield* walked(old, both)
      yield* walked(both, old)
      yield* old.stop
      // 72 hours later nothing is open that the old key was for
      const sql = yield* PgClient.makeClient({ url: Redacted.make(databaseUrl) })
      yield* sql`update challenges set status = 'cancelled', closed_at = now() where status = 'open'`
      const fresh = yield* node(ring("k2"))
      yield* walked(fresh, both)
      yield* walked(both, fresh)
    }).pipe(Effect.scoped, Effect.provide(Reactivity.layer)),
  slow
)
