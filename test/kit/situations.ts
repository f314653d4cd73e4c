import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { type Answer, type FrontDoor, password } from "./frontDoor.ts"

/** The portal and its customers. */
export type Door = FrontDoor["Service"]

/** A situation, and the call that is refused in it. */
export type Case = readonly [what: string, status: number, code: string, situation: Situation]

type Situation = (
  door: Door
) => Effect.Effect<{ readonly accountId: string; readonly asked: Effect.Effect<Answer> }, never, SqlClient.SqlClient>

/** What no call brings about, done in the rows. */
export const sql = (statement: (sql: SqlClient.SqlClient) => Effect.Effect<unknown, unknown>) =>
  Effect.orDie(SqlClient.SqlClient.use(statement))

/** An account with a sign-in that waits, whose method was suspended meanwhile. */
export const suspended = Effect.fnUntraced(function* (door: Door) {
  const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
  const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
  yield* sql((db) => db`update enrolments set suspended_at = now(), failures = 50 where account_id = ${accountId}`)
  return { accountId, id, email }
})

/** An account that its owner has frozen. */
export const reported = Effect.fnUntraced(function* (door: Door) {
  const account = yield* door.anAccount({ twoFactor: "EMAIL" })
  yield* sql((db) => db`update accounts set reported_at = now() where account_id = ${account.accountId}`)
  return account
})

/** An account whose set-up waits for its code. */
export const settingUp = Effect.fnUntraced(function* (door: Door) {
  const { accountId, email } = yield* door.anAccount()
  const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
  const code = yield* door.codeOf(id, email)
  return { accountId, id, code }
})

/** One of the calls that want the password. */
export const two = (door: Door, accountId: string, what: string, body: object = {}) =>
  door.post(door.of(accountId, `/two-factor/${what}`), { password, ...body })
