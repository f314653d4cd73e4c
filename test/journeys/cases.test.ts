import { assert, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Case } from "../../src/domain/cases.ts"
import { FrontDoor, readAs, refusal } from "../kit/frontDoor.ts"
import { keys } from "../kit/process.ts"

const support = { key: keys.support }
const Page = Schema.Struct({ cases: Schema.Array(Case), next: Schema.NullOr(Schema.String) })
const idsOf = (page: typeof Page.Type): ReadonlyArray<string> => page.cases.map(({ id }) => id)

/** A case as it is opened, of an account of its own. Nothing opens one through the API: people ask in Slack for it. */
const aCase = Effect.fnUntraced(function* (id: string, kind: Case["kind"] = "stuck") {
  const door = yield* FrontDoor
  const sql = yield* SqlClient.SqlClient
  const { accountId, email, phone } = yield* door.anAccount({ name: "Alex Tan" })
  yield* Effect.orDie(sql`insert into cases (id, account_id, kind, step, verdict, protection)
    values (${id}, ${accountId}, ${kind}, 'confirm', 'deferred', 'off')`)
  return { accountId, email, phone }
})

const listed = Effect.fnUntraced(function* (query = "", more: { readonly key?: string } = support) {
  const door = yield* FrontDoor
  return readAs(yield* door.call("GET", `/v1/cases${query}`, more), 200, Page)
})

layer(FrontDoor.layer(), { excludeTestServices: true })("what people want support for, through the API", (it) => {
  it.effect("an open case is listed, closed once by support or the portal, and stays closed", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email, phone } = yield* aCase("C-7F3K")
      const before = yield* door.everythingOf(accountId)

      const answer = yield* door.call("GET", "/v1/cases", support)
      const [found] = readAs(answer, 200, Page).cases
      const { openedAt, changedAt, ...rest } = found ?? assert.fail("no case is listed")
      assert.deepStrictEqual<unknown>(rest, {
        id: "C-7F3K",
        accountId,
        kind: "stuck",
        status: "opened",
        step: "confirm",
        verdict: "deferred",
        protection: "off",
        claimedBy: null
      })
      assert.deepStrictEqual(openedAt, changedAt)
      assert.match(answer.text, /"openedAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/)
      for (const personal of [email, phone, "Alex Tan"]) assert.notInclude(answer.text, personal)

      assert.strictEqual((yield* door.call("DELETE", "/v1/cases/C-7F3K", support)).status, 204)
      assert.strictEqual((yield* door.call("DELETE", "/v1/cases/C-7F3K")).status, 204)
      const closed = (yield* listed("?status=closed")).cases.find(({ id }) => id === "C-7F3K")
      assert.deepStrictEqual({ ...closed, changedAt }, { ...rest, openedAt, changedAt, status: "closed" })

      assert.notInclude(idsOf(yield* listed()), "C-7F3K")
      assert.include(idsOf(yield* listed("?status=closed")), "C-7F3K")
      assert.strictEqual(yield* door.everythingOf(accountId), before)
    })
  )

  it.effect("pages are newest first, and the last one has no next", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const ids = ["C-AAA2", "C-AAA3", "C-AAA4", "C-AAA5", "C-AAA6"]
      for (const id of ids) yield* aCase(id, "reported")
      yield* door.call("DELETE", "/v1/cases/C-AAA4", support)

      const newest = yield* listed("?limit=2")
      assert.deepStrictEqual(idsOf(newest), ["C-AAA6", "C-AAA5"])
      const older = yield* listed(`?limit=2&before=${newest.next}`, {})
      assert.deepStrictEqual(idsOf(older), ["C-AAA3", "C-AAA2"])
      const all = yield* listed("?status=all&limit=200")
      assert.deepStrictEqual(idsOf(all).slice(0, ids.length), ids.toReversed())
      assert.isNull(all.next)
      assert.isNull((yield* listed("?limit=200")).next)
    })
  )

  it.effect("a case that is not there is 404; neither is told anything without a key of portal or support", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      yield* aCase("C-9H5N")
      refusal(yield* door.call("DELETE", "/v1/cases/C-2222", support), 404, "not_found", door.base)
      refusal(yield* door.call("DELETE", "/v1/cases/alex", support), 404, "not_found", door.base)
      for (const [key, status, code] of [
        [null, 401, "unauthorized"],
        [keys.metrics, 403, "forbidden"]
      ] as const) {
        refusal(yield* door.call("GET", "/v1/cases", { key }), status, code, door.base)
        refusal(yield* door.call("DELETE", "/v1/cases/C-9H5N", { key }), status, code, door.base)
      }
      assert.include(idsOf(yield* listed()), "C-9H5N")
    })
  )
})
