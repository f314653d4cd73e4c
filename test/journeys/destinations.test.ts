import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Challenge } from "../../src/domain/TwoFactor.ts"
import { FrontDoor, password, pointersIn, readAs } from "../kit/frontDoor.ts"

layer(FrontDoor.layer({ REKEY_STEP_UP: "password" }), { excludeTestServices: true })("destinations over HTTP", (it) => {
  const starts: ReadonlyArray<
    readonly [what: string, account: Record<string, unknown>, asked: Record<string, unknown>, goesTo: string]
  > = [
    ["EMAIL to the registered address", {}, { method: "EMAIL" }, "email"],
    ["SMS to the registered phone", {}, { method: "SMS" }, "phone"],
    ["SMS to another number", {}, { method: "SMS", destination: "+60125556601" }, "+60125556601"],
    [
      "SMS to a number where none is registered",
      { phone: null },
      { method: "SMS", destination: "+60125556602" },
      "+60125556602"
    ]
  ]
  it.effect.each(starts)("%s", ([, account, asked, goesTo]) =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const made = yield* door.anAccount(account)
      const to = goesTo === "email" ? made.email : goesTo === "phone" ? made.phone : goesTo
      const answer = yield* door.post(door.of(made.accountId, "/two-factor/setup"), { password, ...asked })
      const { id, destination } = readAs(answer, 201, Challenge)
      assert.notInclude(destination, to)
      const { twoFactor } = yield* door.answerRightly(id, to)
      assert.deepStrictEqual([twoFactor.status, twoFactor.securityStandard], ["enabled", asked["method"]])
    })
  )

  it.effect("the address itself may be given as the destination of EMAIL", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email } = yield* door.anAccount()
      yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", destination: email, password })
    })
  )

  const refusals: ReadonlyArray<
    readonly [what: string, account: Record<string, unknown>, asked: Record<string, unknown>]
  > = [
    ["EMAIL to another address", {}, { method: "EMAIL", destination: "evil@customer.example" }],
    ["SMS without any number", { phone: null }, { method: "SMS" }],
    ["SMS to what is no number", {}, { method: "SMS", destination: "0125556601" }]
  ]
  it.effect.each(refusals)("%s is 400 at /destination, and nothing changed", ([, account, asked]) =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount(account)
      const call = door.post(door.of(accountId, "/two-factor/setup"), { password, ...asked })
      const answer = yield* door.refused(accountId, call, 400, "validation_failed")
      assert.deepStrictEqual(pointersIn(answer), ["/destination"])
    })
  )

  it.effect("same_method only where method and destination are equal; REKEY_STEP_UP=password asks for no grant", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
      const change = (more: object) => door.post(door.of(accountId, "/two-factor/change"), { password, ...more })
      yield* door.refused(accountId, change({ method: "SMS" }), 409, "same_method")
      yield* door.refused(accountId, change({ method: "SMS", destination: phone }), 409, "same_method")
      const { id } = readAs(yield* change({ method: "SMS", destination: "+60125556603" }), 201, Challenge)
      assert.strictEqual((yield* door.answerRightly(id, "+60125556603")).status, "changed")
    })
  )
})
