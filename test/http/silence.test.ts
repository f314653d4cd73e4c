import { PgClient } from "@effect/sql-pg"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted } from "effect"
import { Sharding } from "effect/cluster"
import { TestClock } from "effect/testing"
import { Health } from "../../src/services/Health.ts"
import { KeyRing } from "../../src/services/KeyRing.ts"
import { Mailer } from "../../src/services/Mailer.ts"
import { SlackStatus } from "../../src/services/SlackStatus.ts"
import { SmsSender } from "../../src/services/SmsSender.ts"
import { testDatabaseUrl } from "../kit/database.ts"
import { ask, serverWith } from "./form.ts"
import { silentServer } from "./silentServer.ts"

const unused = () => {
  throw new Error("no account is asked here")
}

const others = Layer.mergeAll(
  KeyRing.layerOf([{ id: "k1", key: Redacted.make(new Uint8Array(32).fill(7)) }]),
  Layer.mock(Sharding.Sharding)({ isShutdown: Effect.succeed(false), getShardId: unused, hasShardId: unused }),
  SlackStatus.layer,
  Layer.succeed(SmsSender, SmsSender.of({ available: false, send: () => Effect.die("nothing is sent") }))
)

describe("a probe", () => {
  it.live("takes at most two seconds, though neither database nor mail server answers any more", () =>
    Effect.gen(function* () {
      const url = new URL(yield* testDatabaseUrl)
      const directory = url.searchParams.get("host")
      const port = Number(url.searchParams.get("port") ?? (url.port || "5432"))
      const database = yield* silentServer(
        directory === null ? { host: url.hostname, port } : { path: `${directory}/.s.PGSQL.${port}` }
      )
      url.searchParams.delete("host")
      url.searchParams.delete("port")
      const mail = yield* silentServer()
      url.host = `127.0.0.1:${database.port}`
      const { report } = yield* Effect.provide(
        Health,
        yield* Layer.build(
          Health.layer.pipe(
            Layer.provide([
              others,
              Mailer.layer({
                url: Redacted.make(`smtp://127.0.0.1:${mail.port}`),
                from: { name: "Rekey", address: "rekey@customer.example" }
              }),
              PgClient.layer({ url: Redacted.make(url.href), maxConnections: 2 })
            ])
          )
        )
      )
      assert.include((yield* report).dependencies, { database: "ok" })
      database.fallSilent()
      yield* Effect.sleep("1100 millis")
      const startedAt = performance.now()
      const { status, dependencies } = yield* report
      assert.isBelow(performance.now() - startedAt, 2_600)
      assert.strictEqual(status, "down")
      assert.include(dependencies, { database: "down", migrations: "down", keys: "ok", mail: "degraded" })
      // The pool would wait for it on its way out.
      database.close()
    })
  )
})

/** A query that does not even let itself be interrupted, as one to a server that fell silent. */
const silence = Effect.uninterruptible(Effect.never)

layer(serverWith(silence))("events", (it) => {
  for (const path of ["/v1/events", "/v1/accounts/alex/events"]) {
    it.effect(`${path} is 503 after five seconds where the database is silent`, () =>
      Effect.gen(function* () {
        const asking = yield* Effect.forkChild(ask("GET", path))
        yield* TestClock.adjust("1 second").pipe(
          Effect.andThen(TestClock.withLive(Effect.sleep("20 millis"))),
          Effect.repeat({ while: () => asking.pollUnsafe() === undefined, times: 200 })
        )
        const { status, headers, body } = yield* Fiber.join(asking)
        assert.strictEqual(`${status} ${body.code}`, "503 unavailable")
        assert.strictEqual(headers.get("retry-after"), "1")
        assert.match(body.reference ?? "", /^E-[0-9A-HJKMNP-TV-Z]{6}$/)
      })
    )
  }
})
