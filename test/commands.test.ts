import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { Database } from "../src/services/Database.ts"
import { command, settingsFor } from "./kit/command.ts"
import { testDatabaseUrl } from "./kit/database.ts"
import { FrontDoor, password } from "./kit/frontDoor.ts"
import { temporary } from "./kit/postgres.ts"
import { aProcess, keys, secretKey } from "./kit/process.ts"

const slow = { timeout: 90_000 }

const aFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(temporary, "rekey-commands-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/** A running Rekey with a few customers, and its database. */
const stage = Effect.gen(function* () {
  const rekey = yield* aProcess({ REKEY_DEMO: "off" })
  const door = FrontDoor.before(rekey)
  const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
  const ask = <A, E>(work: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>) =>
    SqlClient.SqlClient.use(work).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(rekey.databaseUrl), maxConnections: 1 })),
      Effect.orDie
    )
  return { rekey, door, accountId, email, ask, env: settingsFor(rekey.databaseUrl) }
})

const rowsOf = (sql: SqlClient.SqlClient) =>
  Effect.map(sql<{ rows: number }>`select count(*)::int as rows from audit_events`, ([counted]) => counted?.rows ?? 0)

describe("npm run verify", () => {
  it.live(
    "S-79: beside a running Rekey it prints a total, and a line for each fault with exit code 1",
    () =>
      Effect.gen(function* () {
        const { rekey, door, accountId, email, ask, env } = yield* stage
        yield* door.grantOf(accountId, email)
        const rows = yield* ask(rowsOf)
        const whole = yield* command("verify", env)
        assert.deepStrictEqual(whole, { code: 0, lines: [`audit trails: 1 with ${rows} rows, 0 faults`], faults: [] })

        yield* ask((sql) => sql`alter table audit_events disable trigger user`)
        yield* ask((sql) => sql`update audit_events set reason = 'x' where sequence = 2`)
        const broken = yield* command("verify", env)
        assert.deepStrictEqual(broken, {
          code: 1,
          lines: [
            `The audit trail of account ${accountId} was changed at row 2.`,
            `audit trails: 1 with ${rows} rows, 1 faults`
          ],
          faults: []
        })
        // and Rekey goes on
        yield* door.grantOf(accountId, email)
        assert.strictEqual(yield* rekey.stop, 0)
      }),
    slow
  )

  it.live(
    "S-77: what was made with a key that is gone is no fault of the trail, but not proved either",
    () =>
      Effect.gen(function* () {
        const { ask, env } = yield* stage
        const other = Buffer.alloc(32, "another key").toString("base64")
        const without = yield* command("verify", { ...env, REKEY_SECRET_KEYS: `k2:${other}` })
        assert.strictEqual(without.code, 1)
        assert.match(without.lines[0] ?? "", /^1 rows were made with key k1, .* at the end of REKEY_SECRET_KEYS/)
        assert.strictEqual(without.lines[1], "audit trails: 1 with 1 rows, 1 faults")
        const both = yield* command("verify", { ...env, REKEY_SECRET_KEYS: `k2:${other},k1:${secretKey}` })
        assert.deepStrictEqual([both.code, both.lines.length], [0, 1])
        assert.strictEqual(yield* ask(rowsOf), 1)
      }),
    slow
  )

  it.live(
    "with the embedded server it uses the one that runs and leaves it running, else it starts one and stops it",
    () =>
      Effect.gen(function* () {
        const folder = yield* aFolder
        const env = { REKEY_DATA_DIR: folder, REKEY_SECRET_KEYS: `k1:${secretKey}` }
        const pid = join(folder, "postgres/postmaster.pid")
        const rekey = yield* aProcess({ ...env, DATABASE_URL: "" })
        const door = FrontDoor.before(rekey)
        const { accountId } = yield* door.anAccount()
        const server = readFileSync(pid, "utf8").split("\n")[0]

        const beside = yield* command("verify", env)
        assert.deepStrictEqual([beside.code, beside.faults], [0, []])
        assert.match(beside.lines[0] ?? "", /^audit trails: 4 with 4 rows, 0 faults$/)
        assert.strictEqual(readFileSync(pid, "utf8").split("\n")[0], server)
        assert.strictEqual((yield* door.twoFactor(accountId)).status, "disabled")

        const refused = yield* command("restored", env)
        assert.strictEqual(refused.code, 1)
        assert.match(refused.faults[0] ?? "", /^Another Rekey is running on /)

        assert.strictEqual(yield* rekey.stop, 0)
        assert.isFalse(existsSync(pid))
        const alone = yield* command("verify", env)
        assert.deepStrictEqual([alone.code, alone.lines], [0, beside.lines])
        assert.isFalse(existsSync(pid))

        const restored = yield* command("restored", env)
        assert.deepStrictEqual([restored.code, restored.lines[0]], [0, "accounts   4 raised to a new epoch"])
        assert.isFalse(existsSync(pid))
      }),
    slow
  )

  it.live("S-79: what it looks through cannot be written", () =>
    Effect.gen(function* () {
      const url = Redacted.make(yield* testDatabaseUrl)
      const write = SqlClient.SqlClient.use((sql) => sql`insert into slack_requests (key) values ('x')`)
      const refused = yield* Effect.flip(write.pipe(Effect.provide(Database.reader({ url }))))
      assert.match(JSON.stringify(refused), /25006|read-only/)
      yield* write.pipe(Effect.provide(PgClient.layer({ url })))
    })
  )

  it.live("where there is no database it says so, and makes none", () =>
    Effect.gen(function* () {
      const folder = yield* aFolder
      const none = yield* command("verify", { REKEY_DATA_DIR: folder })
      assert.deepStrictEqual([none.code, none.lines], [1, []])
      assert.deepStrictEqual(none.faults, [
        `There is no database in ${folder}: set REKEY_DATA_DIR to the directory that has one, or DATABASE_URL.`
      ])
      assert.deepStrictEqual(readdirSync(folder), [])
      const wrong = yield* command("verify", { ...settingsFor("postgres://localhost/x"), REKEY_API_KEY: "short" })
      assert.strictEqual(wrong.code, 1)
      assert.match(wrong.faults.join("\n"), /^Set REKEY_API_KEY/)
    })
  )
})

describe("npm run restored", () => {
  it.live(
    "refuses while a Rekey holds the database; then ends what was open, and a second run finds nothing to do",
    () =>
      Effect.gen(function* () {
        const { rekey, door, accountId, email, env, ask } = yield* stage
        const grant = yield* door.grantOf(accountId, email)
        const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
        const code = yield* door.codeOf(id, email)
        const before = yield* ask(rowsOf)

        const refused = yield* command("restored", env)
        assert.deepStrictEqual(refused, {
          code: 1,
          lines: [],
          faults: ["Another Rekey is running on this database: stop it first, or give this one a database of its own."]
        })
        assert.strictEqual(yield* ask(rowsOf), before)

        assert.strictEqual(yield* rekey.stop, 0)
        const done = yield* command("restored", env)
        assert.deepStrictEqual(done, {
          code: 0,
          lines: [
            "accounts   1 raised to a new epoch",
            "closed     1 challenges, 0 resets that waited",
            "dropped    1 grants, 0 sessions, 0 links to the pages, 0 links of notices, 0 invitations of Slack",
            "not sent   0 codes and letters whose time is over"
          ],
          faults: []
        })
        const again = yield* command("restored", env)
        assert.deepStrictEqual([again.code, again.lines[0]], [0, "accounts   0 raised to a new epoch"])

        yield* rekey.start
        yield* door.refused(accountId, door.verify(id, code), 410, "challenge_closed")
        const disable = door.post(door.of(accountId, "/two-factor/disable"), { password, grant })
        yield* door.refused(accountId, disable, 403, "grant_invalid")
        assert.strictEqual((yield* command("verify", env)).code, 0)
        assert.strictEqual((yield* door.call("GET", "/health/ready", { key: keys.portal })).status, 200)
      }),
    slow
  )
})
