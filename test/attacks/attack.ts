import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { connect } from "node:net"
import { type Answer, FrontDoor, member, password } from "../kit/frontDoor.ts"
import { keys } from "../kit/process.ts"

/** `{SSHA}` of "testing123", as OpenLDAP's own documentation has it: one round of SHA-1, no work at all. */
export const cheapHash = "{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr"

/** A customer with a second factor signs in: password, code, done. */
export const served = Effect.gen(function* () {
  const door = yield* FrontDoor
  const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
  const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
  assert.strictEqual((yield* door.answerRightly(id, email)).status, "signed-in")
})

/** Runs an attack: afterwards these accounts are and have lived through what they had before, and others are served. */
export const inVain = Effect.fnUntraced(function* <A, E, R>(
  victims: ReadonlyArray<string>,
  attack: Effect.Effect<A, E, R>
) {
  const door = yield* FrontDoor
  const look = Effect.forEach(victims, door.everythingOf)
  const before = yield* look
  const heard = yield* attack
  assert.deepStrictEqual(yield* look, before, "the attack changed something")
  yield* served
  return heard
})

/** What protects an account, without the story of it: equal texts where failures were counted and nothing else. */
export const protectionOf = Effect.fnUntraced(function* (accountId: string) {
  const door = yield* FrontDoor
  const { status, securityStandard, methods, epoch, mustEnrol } = yield* door.twoFactor(accountId)
  const inForce = methods.map(({ id, method, destination }) => ({ id, method, destination }))
  return JSON.stringify({ status, securityStandard, inForce, epoch, mustEnrol })
})

/** The same for an attack that may leave its traces, such as counted failures, but must not change what protects. */
export const protectionHolds = Effect.fnUntraced(function* <A, E, R>(
  victims: ReadonlyArray<string>,
  attack: Effect.Effect<A, E, R>
) {
  const look = Effect.forEach(victims, protectionOf)
  const before = yield* look
  const heard = yield* attack
  assert.deepStrictEqual(yield* look, before, "the attack changed what protects")
  yield* served
  return heard
})

/** Status and code of a refusal, or the status alone: what an attacker learns first. */
export const briefly = (answer: Answer): string => {
  const code = member(answer, "code")
  return typeof code === "string" ? `${answer.status} ${code}` : `${answer.status}`
}

/** Makes these calls one after the other; each is refused as it says. */
export const allRefused = Effect.fnUntraced(function* <E, R>(
  attempts: Readonly<Record<string, readonly [refusal: string, asked: Effect.Effect<Answer, E, R>]>>
) {
  for (const [what, [refusal, asked]] of Object.entries(attempts))
    assert.strictEqual(briefly(yield* asked), refusal, what)
})

/** Lets an hour pass for the budgets of sources and destinations: time is the database's. */
export const budgetsPass = Effect.orDie(SqlClient.SqlClient.use((sql) => sql`delete from rate_limits`))

/** Lets every delay of wrong codes and passwords of an account pass. */
export const waitsPass = Effect.fnUntraced(function* (accountId: string) {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.orDie(sql`update enrolments set blocked_until = null where account_id = ${accountId}`)
  yield* Effect.orDie(sql`update accounts set password_blocked_until = null, enrolment_blocked_until = null
    where account_id = ${accountId}`)
})

/** Writes bytes to a connection, and answers with whatever comes back until the other side closes. */
export const speak = (base: string, bytes: string | Uint8Array) =>
  Effect.callback<string>((resume) => {
    let heard = ""
    const socket = connect(Number(new URL(base).port), "127.0.0.1", () => socket.write(bytes))
    socket.on("data", (chunk: Buffer) => (heard += chunk.toString()))
    socket.on("error", () => resume(Effect.succeed(heard)))
    socket.on("close", () => resume(Effect.succeed(heard)))
    return Effect.sync(() => socket.destroy())
  })

/** The lines of a request with the portal's key, as bytes; a body gets its length. */
export const request = (
  line: string,
  headers: ReadonlyArray<string> = [],
  body = "",
  key: string | null = keys.portal
) =>
  [
    `${line} HTTP/1.1`,
    "Host: localhost",
    ...(key === null ? [] : [`Authorization: Bearer ${key}`]),
    ...(body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    "Connection: close",
    ...headers,
    "",
    body
  ].join("\r\n")

/** The statuses of all answers in what came back. */
export const statusesIn = (heard: string): ReadonlyArray<number> =>
  [...heard.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
