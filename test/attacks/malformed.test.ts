import { PgClient } from "@effect/sql-pg"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { aBrowser } from "../kit/formBrowser.ts"
import { FrontDoor, member, password } from "../kit/frontDoor.ts"
import { aProcess, keys } from "../kit/process.ts"
import { theWorld } from "../kit/smtp.ts"
import { budgetsPass, cheapHash } from "./attack.ts"
import { randomFrom } from "./fuzz/random.ts"
import { type Facts, fuzzed } from "./fuzz/requests.ts"
import { residentMib } from "./fuzz/resident.ts"
import { Wire } from "./fuzz/Wire.ts"

/** `REKEY_FUZZ=1000000` for the long run; the seed is printed when something was found. */
const count = Number(process.env["REKEY_FUZZ"] ?? 4000)
const seed = Number(process.env["REKEY_FUZZ_SEED"] ?? Date.now() % 2 ** 31)

/** As many as keep two cores busy beside the customer, the database and the mail server. */
const connections = 4
/** So long an answer is waited for: where the request ended for certain, and where it may not have. */
const patience = { whole: 20_000, doubtful: 40 }

/** Seconds, for so many requests on a machine that has other things to do. */
const timeLimit = 60 + count / 100

/** Rekey with everything switched on: demo, inbox and Slack; mails and texts leave it. */
const make = Effect.gen(function* () {
  const world = yield* theWorld()
  const slack = yield* FakeSlack.make()
  const rekey = yield* aProcess({ ...world.env, ...slack.env, SUPPORT_EMAIL: "", REKEY_INBOX: "on", REKEY_DEMO: "on" })
  return { rekey, door: FrontDoor.before(rekey, world.lettersTo), signingSecret: slack.signingSecret }
})

class Stage extends Context.Service<Stage, Effect.Success<typeof make>>()("test/Stage") {
  static readonly layer = Layer.merge(
    Layer.effect(
      FrontDoor,
      Stage.useSync(({ door }) => door)
    ),
    Layer.unwrap(
      Stage.useSync(({ rekey }) => PgClient.layer({ url: Redacted.make(rekey.databaseUrl), maxConnections: 2 }))
    )
  ).pipe(Layer.provideMerge(Layer.effect(Stage, make)), Layer.orDie)
}

const median = (times: ReadonlyArray<number>): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0

/** A customer who signs in over and over; answers how long password and code took together, in milliseconds. */
const aCustomer = Effect.gen(function* () {
  const door = yield* FrontDoor
  const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
  const timed = <A>(asked: Effect.Effect<A>) =>
    Effect.gen(function* () {
      const from = performance.now()
      return [yield* asked, performance.now() - from] as const
    })
  return Effect.gen(function* () {
    // A day's sends are soon spent at this pace.
    yield* budgetsPass
    const [{ id }, first] = yield* timed(door.started(door.of(accountId, "/sign-in"), { password }))
    const code = yield* door.codeOf(id, email)
    const [verified, second] = yield* timed(door.verify(id, code))
    assert.strictEqual(member(verified, "status"), "signed-in", verified.text)
    return first + second
  })
})

/** Accounts that the requests are about; a hash that costs nothing, for they are registered again and again. */
const targets = [
  { accountId: "fuzz-0", twoFactor: "SMS" },
  { accountId: "fuzz-1", twoFactor: "EMAIL" },
  { accountId: "fuzz-2", twoFactor: "SMS" },
  { accountId: "fuzz-3" }
] as const

/** Makes what the requests are about anew, for it is used up: challenges are cancelled, sessions end, accounts go. */
const facts = Effect.gen(function* () {
  const { door, signingSecret } = yield* Stage
  yield* budgetsPass
  const ids: Array<string> = []
  for (const { accountId, ...more } of targets) {
    const contact = { email: `${accountId}@customer.example`, phone: "+60125550888", passwordHash: cheapHash }
    yield* door.call("PUT", door.of(accountId), { body: { ...contact, ...more } })
    const begun = yield* door.post(door.of(accountId, "/step-up"))
    if (begun.status === 201) ids.push(String(member(begun, "id")))
  }
  const person = yield* aBrowser(targets[0].accountId)
  const { csrf } = yield* person.form("/account/security")
  const link = yield* door.post("/v1/portal-sessions", { accountId: targets[3].accountId })
  return {
    host: new URL(door.base).host,
    keys: [keys.portal, keys.portal, keys.support, keys.metrics, "k".repeat(32)],
    accounts: ["nobody", "alex", ...targets.map(({ accountId }) => accountId)],
    challenges: ["0198d6a5-3f0e-4c5b-9c55-6a8d2f7b1c11", "x", ...ids, ...ids],
    cookie: person.cookie(),
    csrf,
    tokens: ["x", `${ids[0]}.${"x".repeat(43)}`, String(member(link, "url")).split("/enter/").at(-1) ?? ""],
    signingSecret
  } satisfies Facts
})

layer(Stage.layer, { excludeTestServices: true })("malformed requests", (it) => {
  it.effect(
    `S-80: of ${count} malformed requests none is a 5xx, memory stays, and a customer is served all the while`,
    () =>
      Effect.gen(function* () {
        const { rekey } = yield* Stage
        let about = yield* facts
        const random = randomFrom(seed)
        const statuses = new Map<string, number>()
        const faults: Array<string> = []
        const resident: Array<number> = []
        const progress = { sent: 0 }
        const goesOn = () => progress.sent < count
        const port = Number(new URL(rekey.base).port)

        const worker = Effect.promise(async (abort) => {
          const wire = new Wire(port)
          while (goesOn() && !abort.aborted) {
            if (progress.sent++ % Math.ceil(count / 40) === 0) resident.push(residentMib(rekey.base) ?? 0)
            const { bytes, isWhole } = fuzzed(random, about)
            const { status } = await wire.ask(bytes, isWhole ? patience.whole : patience.doubtful)
            // What is left of a request without a clear end would be taken for a part of the next one.
            if (!isWhole) wire.hangUp()
            const kind = status === undefined ? (isWhole ? "closed" : "given up") : `${status}`
            statuses.set(kind, (statuses.get(kind) ?? 0) + 1)
            if (status !== undefined && status >= 500)
              faults.push(`${status}: ${bytes.toString("latin1").slice(0, 600)}`)
          }
          wire.hangUp()
        })

        const signsIn = yield* aCustomer
        const quiet = yield* Effect.forEach(Array.from({ length: 9 }), () => signsIn)
        const before = residentMib(rekey.base) ?? 0
        const from = performance.now()
        const during: Array<number> = []
        const customer = Effect.gen(function* () {
          while (goesOn()) {
            during.push(yield* signsIn)
            if (during.length % 8 === 0) about = yield* Effect.catchCause(facts, () => Effect.succeed(about))
          }
        })
        yield* Effect.all([...Array.from({ length: connections }, () => worker), customer], {
          concurrency: "unbounded"
        })
        const seconds = (performance.now() - from) / 1000
        const after = yield* Effect.forEach(Array.from({ length: 5 }), () => signsIn)
        const inTheEnd = residentMib(rekey.base) ?? 0

        const tally = [...statuses].toSorted(([a], [b]) => (a < b ? -1 : 1)).map((pair) => pair.join(": "))
        const said = [
          `seed ${seed}: ${count} requests in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second; ${tally.join(", ")}`,
          `memory ${before.toFixed(0)} MiB before, ${Math.max(...resident).toFixed(0)} at most, ${inTheEnd.toFixed(0)} after`,
          `a sign-in: ${median(quiet).toFixed(0)} ms quiet, ${median(during).toFixed(0)} during (${during.length}), ${median(after).toFixed(0)} after`
        ].join("\n")
        if (count > 4000 || process.env["REKEY_FUZZ_SEED"] !== undefined) process.stdout.write(`\n${said}\n`)

        assert.deepStrictEqual(faults.slice(0, 5), [], said)
        // Whoever sent a whole request is answered, unless what was sent is no HTTP that there is an answer to.
        assert.isAtMost((statuses.get("closed") ?? 0) / count, 0.01, said)
        assert.isAbove(during.length, 0, said)
        assert.isBelow(median(during), 10 * median(quiet) + 200, said)
        // The first quarter warms it up; what comes then is what would grow for ever.
        const [warm = 0] = resident.slice(Math.ceil(resident.length / 4))
        assert.isBelow(inTheEnd - warm, 128, said)
      }),
    { timeout: timeLimit * 1000 }
  )
})
