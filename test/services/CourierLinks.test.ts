import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { BearerTokens } from "../../src/services/BearerTokens.ts"
import { mailServer } from "./mailServer.ts"
import { courierTo, empty, notice, queue, settlesAs, stored } from "./outboxKit.ts"

const at = DateTime.makeUnsafe("2026-11-24T20:04:12Z")

/** The mail as it is read: its lines are wrapped and `=` is escaped on the way. */
const readable = (raw: string) => raw.replace(/=\r?\n/g, "").replace(/=3D/gi, "=")

layer(stored, { timeout: "60 seconds", excludeTestServices: true })("the links in mails", (it) => {
  it.effect("S-27: the link of a notice is derived in the moment of sending and is nowhere in the database", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const server = yield* mailServer()
      yield* courierTo(server.port)
      const link = { id: randomUUID(), epoch: 7, keyId: "k1" }
      const mail = notice({ letter: { _tag: "disabled", accountId: "alex", at, method: "SMS", link } })
      yield* queue(mail)
      yield* settlesAs(mail.id, "handed_over")
      const tokens = yield* BearerTokens
      const token = yield* tokens.issue({ kind: "notice-link", id: link.id, accountId: "alex", epoch: 7 }, "k1")
      const [got] = server.received
      assert.include(readable(got?.raw ?? ""), `http://localhost:3000/notice/${Redacted.value(token)}`)
      const [, mac = ""] = Redacted.value(token).split(".")
      const [row] = yield* sql<{
        row: string
      }>`select to_jsonb(o)::text as row from outbox o where id = ${mail.id}::uuid`
      assert.notInclude(row?.row ?? mac, mac)
    }).pipe(Effect.scoped)
  )

  it.effect("P5: the same notice sent again has the same link; one without a link has none", () =>
    Effect.gen(function* () {
      yield* empty
      const server = yield* mailServer()
      yield* courierTo(server.port)
      const link = { id: randomUUID(), epoch: 2, keyId: "k1" }
      const letter = { _tag: "changed" as const, accountId: "alex", at, from: null, to: "EMAIL" as const }
      const linked = [notice({ letter: { ...letter, link } }), notice({ letter: { ...letter, link } })]
      const bare = notice({ letter })
      yield* queue(...linked, bare)
      for (const { id } of [...linked, bare]) yield* settlesAs(id, "handed_over")
      const found = server.received.map(({ raw }) => /\/notice\/[\w.-]+/.exec(readable(raw))?.[0])
      assert.lengthOf([...new Set(found)], 2)
      assert.deepStrictEqual(found.filter((one) => one === undefined).length, 1)
    }).pipe(Effect.scoped)
  )
})
