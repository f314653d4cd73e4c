import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { WaitingReset } from "../../src/domain/TwoFactor.ts"
import { FrontDoor, member, password, readAs, refusal } from "../kit/frontDoor.ts"
import { eventually, keys } from "../kit/process.ts"

const support = { key: keys.support }
const body = { reason: "the phone was lost, case C-7F3K", requestedBy: "Casey of support" }
const typesOf = (events: ReadonlyArray<{ readonly type: string; readonly actor: string }>, ...wanted: Array<string>) =>
  events.filter(({ type }) => wanted.includes(type)).map(({ type, actor }) => `${type} by ${actor}`)

layer(FrontDoor.layer(), { excludeTestServices: true })("a lost phone, through the API", (it) => {
  it.effect(
    "S-59: support asks, it waits and is told with a link, and the process carries it out once its wait is over",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const sql = yield* SqlClient.SqlClient
        const { accountId, email, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const path = door.of(accountId, "/two-factor/reset")

        const asked = { ...support, headers: { "idempotency-key": "once" } }
        const first = yield* door.post(path, body, asked)
        const reset = readAs(first, 202, WaitingReset)
        const again = yield* door.post(path, body, asked)
        assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
        assert.strictEqual(again.text, first.text)
        assert.strictEqual(readAs(yield* door.post(path, body, support), 202, WaitingReset).id, reset.id)
        const waiting = yield* door.twoFactor(accountId)
        assert.deepStrictEqual(waiting.reset, {
          id: reset.id,
          executesAt: reset.executesAt,
          requestedBy: body.requestedBy
        })
        assert.strictEqual(waiting.status, "enabled")

        const mail = yield* eventually(
          Effect.map(door.inbox(email), (letters) => letters.find(({ text }) => text.includes("/notice/"))),
          "a mail with a link"
        )
        const [link] = yield* Effect.orDie(
          sql<{ id: string }>`select id from notice_links where account_id = ${accountId}`
        )
        const [, url, id = ""] =
          /(http:\/\/localhost:\d+\/notice\/([\w-]{22})\.[\w-]{22})(?![\w-])/.exec(mail.text) ?? []
        assert.strictEqual(Buffer.from(id, "base64url").toString("hex"), link?.id.replaceAll("-", ""))
        assert.include(mail.html ?? "", url ?? "no link")
        assert.notInclude(mail.subject ?? "", id ?? "")
        const texts = yield* eventually(
          Effect.map(door.inbox(phone), (letters) => (letters.length > 0 ? letters : undefined)),
          "a text"
        )
        assert.include(texts.map(({ text }) => text).join(), url ?? "no link")

        yield* Effect.orDie(
          sql`update resets set executes_at = now(), requested_at = now() - interval '1 day' where id = ${reset.id}::uuid`
        )
        const off = yield* eventually(
          Effect.map(door.twoFactor(accountId), (now) => (now.status === "disabled" ? now : undefined)),
          "the reset to be carried out"
        )
        assert.isTrue(off.mustEnrol)
        assert.isNull(off.reset)
        const signedIn = yield* door.post(door.of(accountId, "/sign-in"), { password })
        assert.strictEqual(signedIn.status, 200)
        const events = typesOf(yield* door.events(accountId), "reset.requested", "reset.executed")
        assert.deepStrictEqual(events, ["reset.requested by support", "reset.executed by system"])
      }),
    60_000
  )

  it.effect("it is taken back with 204, once or twice; neither the portal's key nor an unknown account gets far", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      const path = door.of(accountId, "/two-factor/reset")
      yield* door.refused(accountId, door.post(path, body), 403, "forbidden")
      yield* door.refused(accountId, door.call("DELETE", path), 403, "forbidden")
      yield* door.refused(accountId, door.call("DELETE", door.of(accountId, "/two-factor/report")), 403, "forbidden")
      const { id } = readAs(yield* door.post(path, body, support), 202, WaitingReset)
      assert.isString(id)
      assert.strictEqual((yield* door.call("DELETE", path, support)).status, 204)
      assert.strictEqual((yield* door.call("DELETE", path, support)).status, 204)
      assert.isNull((yield* door.twoFactor(accountId)).reset)
      const events = typesOf(yield* door.events(accountId), "reset.requested", "reset.cancelled")
      assert.deepStrictEqual(events, ["reset.requested by support", "reset.cancelled by support"])
      const nobody = door.of("nobody", "/two-factor/reset")
      refusal(yield* door.post(nobody, body, support), 404, "not_found", door.base)
      refusal(yield* door.call("DELETE", nobody, support), 404, "not_found", door.base)
      const off = yield* door.anAccount()
      const nothing = door.post(door.of(off.accountId, "/two-factor/reset"), body, support)
      yield* door.refused(off.accountId, nothing, 409, "already_disabled")
    })
  )

  it.effect("support lifts a freeze", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const sql = yield* SqlClient.SqlClient
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      yield* Effect.orDie(sql`update accounts set reported_at = now() where account_id = ${accountId}`)
      assert.strictEqual((yield* door.twoFactor(accountId)).lock?.reason, "reported")
      const path = door.of(accountId, "/two-factor/report")
      assert.strictEqual((yield* door.call("DELETE", path, support)).status, 204)
      assert.isNull((yield* door.twoFactor(accountId)).lock)
      const events = typesOf(yield* door.events(accountId), "protection.undone")
      assert.deepStrictEqual(events, ["protection.undone by support"])
      const before = yield* door.everythingOf(accountId)
      assert.strictEqual((yield* door.call("DELETE", path, support)).status, 204)
      assert.strictEqual(yield* door.everythingOf(accountId), before)
      const stranger = yield* door.call("DELETE", door.of("nobody", "/two-factor/report"), support)
      assert.strictEqual(member(stranger, "code"), "not_found")
    })
  )
})
