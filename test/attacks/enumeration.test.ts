import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { aBrowser } from "../kit/formBrowser.ts"
import { FrontDoor, wrongPassword } from "../kit/frontDoor.ts"
import { budgetsPass, cheapHash, served } from "./attack.ts"
import { aPortalBrowser } from "./portalBrowser.ts"

/** What a stranger hears who tries a password for a name at the portal. */
const tried = Effect.fnUntraced(function* (account: string, secret = wrongPassword) {
  const stranger = yield* aPortalBrowser
  const { status, headers, text } = yield* stranger.submit("/", "/sign-in", { account, password: secret })
  const same = text.replace(/name="(csrf|once|account)" value="[^"]*"/g, "")
  const names = [...headers]
    .filter(([name]) => name !== "date")
    .map(([name, value]) => `${name}: ${value.replace(/=[\w-]{43}/, "")}`)
  return [String(status), ...names, same.replace(/\d+ (seconds?|minutes?)/g, "a while")].join("\n")
})

/** An account of each kind that a stranger might want to tell from the others. */
const everyKind = Effect.gen(function* () {
  const door = yield* FrontDoor
  const sql = yield* SqlClient.SqlClient
  const ids = {
    "without a method": (yield* door.anAccount()).accountId,
    protected: (yield* door.anAccount({ twoFactor: "SMS" })).accountId,
    suspended: (yield* door.anAccount({ twoFactor: "EMAIL" })).accountId,
    frozen: (yield* door.anAccount({ twoFactor: "EMAIL" })).accountId,
    imported: (yield* door.anAccount({ password: undefined, passwordHash: cheapHash })).accountId,
    deleted: (yield* door.anAccount()).accountId
  }
  yield* Effect.orDie(
    sql`update enrolments set suspended_at = now(), failures = 50 where account_id = ${ids.suspended}`
  )
  yield* Effect.orDie(sql`update accounts set reported_at = now() where account_id = ${ids.frozen}`)
  yield* door.call("DELETE", door.of(ids.deleted))
  return ids
})

/** What cannot be the name of an account, which anybody can tell without asking. */
const noNames = { "not an id": "../sam", "somebody else's words": "' or 1=1--" }

/** A sign-in that waits to be sent: only the answer is timed. */
type Ready = (account: string) => Effect.Effect<Effect.Effect<{ readonly status: number }>, never, FrontDoor>

const atThePortal: Ready = Effect.fnUntraced(function* (account) {
  const stranger = yield* aPortalBrowser
  const send = yield* stranger.filled("/", { account, password: wrongPassword })
  return send("/sign-in")
})

const byTheApi: Ready = (account) =>
  FrontDoor.useSync((door) => door.post(door.of(account, "/sign-in"), { password: wrongPassword }))

const timed = Effect.fnUntraced(function* (asked: Effect.Effect<{ readonly status: number }>) {
  const before = performance.now()
  assert.include([403, 404], (yield* asked).status)
  return performance.now() - before
})

/**
 * The quickest refusals of names of this kind and of unknown ones, asked for in turns: whatever else the machine does
 * only adds to a time.
 */
const compared = Effect.fnUntraced(function* <E, R>(anId: Effect.Effect<string, E, R>, ready: Ready) {
  const ids = yield* Effect.forEach(Array.from({ length: 9 }), () => anId)
  yield* budgetsPass
  const times: Record<"known" | "unknown", Array<number>> = { known: [], unknown: [] }
  for (const [place, id] of ids.entries()) {
    times.known.push(yield* timed(yield* ready(id)))
    times.unknown.push(yield* timed(yield* ready(`unknown-${place}`)))
  }
  yield* budgetsPass
  yield* served
  const [known, unknown] = [Math.min(...times.known), Math.min(...times.unknown)]
  return {
    apart: Math.max(known, unknown) / Math.min(known, unknown),
    said: `known ${known} ms, unknown ${unknown} ms`
  }
})

/** A hash that stands out of everything else that a request costs. */
const dear = { REKEY_PASSWORD_COST: "65536,2,1" }

layer(FrontDoor.layer(dear), { excludeTestServices: true })("enumeration", (it) => {
  it.effect(
    "enumeration by answer (S-39): at the portal's sign-in every name is refused in the very same bytes",
    () =>
      Effect.gen(function* () {
        const kinds = yield* everyKind
        const unknown = yield* tried("nobody-of-that-name")
        assert.match(unknown, /^403\n/)
        for (const [kind, account] of Object.entries({ ...kinds, ...noNames }))
          assert.strictEqual(yield* tried(account), unknown, kind)
        yield* served
      }),
    60_000
  )

  it.effect(
    "enumeration by time (S-40, CVE-2016-6210, CVE-2024-39329): an unknown name takes as long as a known one",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const known = Effect.map(door.anAccount({ twoFactor: "SMS" }), ({ accountId }) => accountId)
        const { apart, said } = yield* compared(known, atThePortal)
        assert.isBelow(apart, 3, said)
      }),
    60_000
  )

  it.effect(
    "enumeration by time (S-40, CVE-2024-39329): also where the known one's hash was imported and is cheap",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const imported = { password: undefined, passwordHash: cheapHash }
        const { apart, said } = yield* compared(
          Effect.map(door.anAccount(imported), ({ accountId }) => accountId),
          byTheApi
        )
        assert.isBelow(apart, 3, said)
      }),
    60_000
  )

  it.effect(
    "enumeration by link (S-39, S-41): a link that never was, one of nobody's and one that is over say the same",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
        const { link } = yield* aBrowser(accountId)
        const over = link.pathname.split("/").at(-1) ?? ""
        const strange = [
          `${crypto.randomUUID()}.${over.split(".")[1]}`,
          `${over.split(".")[0]}.${"x".repeat(43)}`,
          "x",
          "%00"
        ]
        const heard = (path: string) =>
          Effect.map(
            door.call("GET", path, { key: null }),
            ({ status, text }) => `${status} ${text.replace(/E-[0-9A-HJKMNP-TV-Z]{6}/g, "E")}`
          )
        for (const way of ["/enter/", "/notice/"]) {
          const answers = yield* Effect.forEach([...(way === "/enter/" ? [over] : []), ...strange], (token) =>
            heard(way + token)
          )
          assert.lengthOf([...new Set(answers)], 1, way)
          assert.notInclude(answers[0] ?? "", accountId)
        }
        yield* served
      }),
    60_000
  )
})

/** A process of its own: its portal remembers who asked too often. */
layer(FrontDoor.layer(), { excludeTestServices: true })("enumeration, after many guesses", (it) => {
  it.effect(
    "enumeration by answer (S-39): also once the wrong passwords of a source are spent",
    () =>
      Effect.gen(function* () {
        const kinds = yield* everyKind
        yield* budgetsPass
        for (let place = 0; place < 31; place++) yield* tried(`nobody-${place}`)
        const unknown = yield* tried("nobody-of-another-name")
        const heard = yield* Effect.forEach(Object.values(kinds), (account) => tried(account))
        yield* budgetsPass
        yield* served
        for (const one of heard) assert.strictEqual(one, unknown)
      }),
    60_000
  )
})
