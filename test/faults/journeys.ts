import { Effect } from "effect"
import { type Chance, chanceOf } from "../simulation/chance.ts"
import { type Asked, type Call, type History, memberOf, toldOf } from "./history.ts"
import type { World } from "./world.ts"

/** The password of every account of the harness, and one that is none. */
export const password = "correct horse battery staple"
const wrongPassword = "incorrect horse"

/** A customer of the portal, with an address and a number of their own. */
export interface Person {
  readonly account: string
  readonly email: string
  readonly phone: string
}

/** A code that a person read, and the challenge that it was for. */
export interface Read {
  readonly account: string
  readonly challenge: string
  readonly code: string
}

/** What journeys are made in. */
export interface Surroundings {
  readonly history: History
  readonly world: World
  /** The code of this challenge may be sent again now. */
  readonly letWaitPass: (challenge: string) => Effect.Effect<void>
  /** The letter of this challenge may be handed over for a moment only. */
  readonly hasten: (challenge: string) => Effect.Effect<void>
  /** Every code that somebody read. */
  readonly read: Array<Read>
}

type Method = "SMS" | "EMAIL"
type Purpose = "sign-in" | "step-up" | "setup" | "change"

const letterWithin = 3_000
const lookEveryMillis = 50
const resendsAtMost = 3

const wrong = (code: string, by: number) => code.replace(/\d$/, (digit) => String((Number(digit) + by) % 10))

const ways = [
  "right",
  "right",
  "right",
  "slips",
  "race",
  "race",
  "guesses",
  "cancel",
  "resend",
  "exhaust",
  "leave"
] as const

/** One account's walk through set-up, change, disable and sign-in; every choice is chance's. */
export const walk = Effect.fn("walk")(function* (around: Surroundings, chance: Chance, person: Person, steps: number) {
  const { history, world } = around
  const { account } = person
  const of = `/v1/accounts/${account}`
  // whom it is asked has a chance of its own: what a person does next must not depend on who answers first
  const doors = chanceOf(chance.below(2 ** 31))
  const ask = (asked: Omit<Asked, "account">) => history.ask(doors, { ...asked, account })
  const post = (what: Asked["what"], path: string, body: unknown, challenge?: string) =>
    ask({ what, method: "POST", path, body, ...(challenge === undefined ? {} : { challenge }) })
  const verify = (challenge: string, code: string) =>
    post("verify", `/v1/challenges/${challenge}/verify`, { code }, challenge)
  const done = (call: Call) => toldOf(call)?.told === "ok"
  const destinationOf = (method: Method) => (method === "SMS" ? person.phone : person.email)

  /** The code as it arrives; asked for again where it does not. */
  const codeFor = Effect.fnUntraced(function* (challenge: string, to: string, since: number) {
    for (let resends = 0; resends <= resendsAtMost; resends++) {
      for (let waited = 0; waited < letterWithin; waited += lookEveryMillis) {
        const code = world.codeSince(to, since)
        if (code !== undefined) {
          around.read.push({ account, challenge, code })
          return code
        }
        yield* Effect.sleep(lookEveryMillis)
      }
      yield* around.letWaitPass(challenge)
      yield* post("resend", `/v1/challenges/${challenge}/resend`, {}, challenge)
    }
    return undefined
  })

  /** Answers a challenge in one way or another; whether it was answered rightly. */
  const answer = Effect.fnUntraced(function* (started: Call, method: Method) {
    const challenge = memberOf(toldOf(started), "id")
    if (!done(started) || typeof challenge !== "string") return "refused"
    const since = started.attempts[0]?.invokedAt ?? 0
    if (chance.percent(8)) yield* around.hasten(challenge)
    const way = chance.pick(ways)
    if (way === "leave") return "open"
    const code = yield* codeFor(challenge, destinationOf(method), since)
    if (code === undefined) return "open"
    switch (way) {
      case "cancel":
        yield* ask({ what: "cancel", method: "DELETE", path: `/v1/challenges/${challenge}`, challenge })
        break
      case "resend":
        yield* around.letWaitPass(challenge)
        yield* post("resend", `/v1/challenges/${challenge}/resend`, {}, challenge)
        break
      case "slips":
        yield* verify(challenge, wrong(code, 1))
        break
      case "guesses":
        yield* Effect.forEach([1, 2, 3], (by) => verify(challenge, wrong(code, by)), { concurrency: 3 })
        break
      case "exhaust":
        yield* Effect.forEach([1, 2, 3, 4, 5, 6, 7], (by) => verify(challenge, wrong(code, by)), { concurrency: 2 })
        break
      case "race": {
        const racing = yield* Effect.forEach([1, 2, 3], () => verify(challenge, code), { concurrency: 3 })
        if (racing.some(done)) return "answered"
        break
      }
    }
    const last = yield* verify(challenge, code)
    if (done(last)) return "answered"
    // an older letter had come late: the newest is the one that counts
    const newest = world.codeSince(destinationOf(method), since)
    if (newest === undefined || newest === code) return way === "exhaust" ? "stuck" : "refused"
    around.read.push({ account, challenge, code: newest })
    return done(yield* verify(challenge, newest)) ? "answered" : "refused"
  })

  const grants: Array<string> = []
  const keepGrant = (calls: ReadonlyArray<Call>) => {
    for (const call of calls) {
      const grant = memberOf(toldOf(call), "grant")
      if (typeof grant === "string") grants.push(grant)
    }
  }

  const imported = yield* ask({
    what: "import",
    method: "PUT",
    path: of,
    body: { email: person.email, phone: person.phone, password }
  })
  if (!done(imported)) return

  let stuck = 0
  for (let step = 0; step < steps; step++) {
    const look = toldOf(yield* ask({ what: "look", method: "GET", path: `${of}/two-factor` }))
    const standard = memberOf(look, "securityStandard")
    const on: Method | undefined = standard === "SMS" || standard === "EMAIL" ? standard : undefined
    const from = history.calls.length
    const begin = (what: Purpose, path: string, body: unknown) => post(what, `${of}${path}`, body)
    const secret = chance.percent(6) ? wrongPassword : password
    let outcome: string
    if (on === undefined) {
      const method = chance.pick<Method>(["EMAIL", "SMS"])
      const starts = [begin("setup", "/two-factor/setup", { method, password: secret })]
      if (chance.percent(15)) starts.push(begin("setup", "/two-factor/setup", { method, password }))
      const started = yield* Effect.all(starts, { concurrency: 2 })
      outcome = yield* answer(started.findLast(done) ?? (started[0] as Call), method)
    } else {
      const grant = grants.pop()
      const proved = grant === undefined ? {} : { grant }
      const what = chance.pick(
        grant === undefined ? (["sign-in", "step-up"] as const) : (["change", "change", "disable"] as const)
      )
      const other = on === "SMS" ? "EMAIL" : "SMS"
      switch (what) {
        case "change":
          outcome = yield* answer(
            yield* begin("change", "/two-factor/change", { method: other, password: secret, ...proved }),
            other
          )
          break
        case "disable": {
          const disable = post("disable", `${of}/two-factor/disable`, { password: secret, ...proved })
          yield* Effect.all(chance.percent(30) ? [disable, disable] : [disable], { concurrency: 2 })
          outcome = "answered"
          break
        }
        default:
          outcome = yield* answer(yield* begin(what, `/${what}`, what === "sign-in" ? { password: secret } : {}), on)
      }
    }
    if (outcome === "stuck") stuck += 1
    // once more, to see that nothing is judged now
    if (stuck > 1) return
    keepGrant(history.calls.slice(from).filter((call) => call.account === account))
  }
})
