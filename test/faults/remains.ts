import type { Audited, Evidence } from "./evidence.ts"
import { type Call, memberOf, toldOf } from "./history.ts"
import type { Person, Read } from "./journeys.ts"
import type { Arrived } from "./world.ts"

/** All that a round left behind. */
export interface Remains {
  readonly people: ReadonlyArray<Person>
  readonly calls: ReadonlyArray<Call>
  readonly evidence: Evidence
  readonly arrived: ReadonlyArray<Arrived>
  readonly read: ReadonlyArray<Read>
  /** Dump of the database and logs of the nodes. */
  readonly texts: ReadonlyArray<{ readonly name: string; readonly text: string }>
  readonly secrets: ReadonlyArray<string>
  /** A back-up was put back in between: epochs were raised by hand. */
  readonly restored: boolean
}

/** What an invariant was broken by: a sentence, and the calls that show it. */
export interface Violation {
  readonly invariant: string
  readonly sentence: string
  readonly calls: ReadonlyArray<Call>
}

/** Looks for what breaks an invariant. */
export type Check = (remains: Remains) => ReadonlyArray<Violation>

export const broken = (invariant: string, sentence: string, calls: ReadonlyArray<Call> = []): Violation => ({
  invariant,
  sentence,
  calls
})

export const isCommit = ({ type }: Pick<Audited, "type">) => /^method\.(enabled|changed|disabled)$/.test(type)
export const isOk = (call: Call) => toldOf(call)?.told === "ok"
export const statusOf = (call: Call) => toldOf(call)?.status
export const journeysOf = ({ calls }: Remains) => calls.filter(({ probe }) => probe === undefined)
export const by = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string) => Map.groupBy(items, keyOf)

/** Calls that changed the protection of an account. */
export const commitsOf = (remains: Remains, account: string) =>
  journeysOf(remains).filter((call) => {
    if (call.account !== account || !isOk(call)) return false
    return (
      call.what === "disable" ||
      (call.what === "verify" && ["enabled", "changed"].includes(String(memberOf(toldOf(call), "status"))))
    )
  })
