import { Effect } from "effect"
import { AllAccounts, type Listed } from "../services/AllAccounts.ts"
import { AuditTrail, type ChainFault } from "../services/AuditTrail.ts"

/** What is wrong with the trail of an account. */
export type TrailFault =
  | ({ readonly accountId: string } & ChainFault)
  /** The account is there, and its trail is not. */
  | { readonly accountId: string; readonly reason: "none" }
  /** The newest row is of another epoch than the account: rows at the end are missing, or the account was written past them. */
  | { readonly accountId: string; readonly reason: "apart"; readonly trail: number; readonly account: number }

/** What there was to look at, and what of it is not in order. */
export interface TrailReport {
  readonly trails: number
  readonly rows: number
  readonly faults: number
  /** Rows whose key is not in the ring, by its id. */
  readonly unproved: ReadonlyMap<string, number>
}

const abreast = 4

/** A step writes the account and its rows at once, and the last row is of the epoch that it leads to. */
const faultOf = ({ accountId, epoch, newest }: Listed): ReadonlyArray<TrailFault> => {
  if (newest === null) return [{ accountId, reason: "none" }]
  return newest.epoch === epoch ? [] : [{ accountId, reason: "apart", trail: newest.epoch, account: epoch }]
}

/** Walks the audit chain of every account, also of those that were deleted (S-79); tells each fault as it is found. */
export const verifyTrails = Effect.fn("verifyTrails")(function* <R>(
  tell: (fault: TrailFault) => Effect.Effect<void, never, R>
) {
  const audit = yield* AuditTrail
  const accounts = yield* AllAccounts
  const found = { trails: 0, rows: 0, faults: 0 }
  const unproved = new Map<string, number>()
  const note = (fault: TrailFault) =>
    Effect.andThen(
      Effect.sync(() => found.faults++),
      tell(fault)
    )

  let accountIds = yield* audit.chainsAfter("")
  while (accountIds.length > 0) {
    yield* Effect.forEach(
      accountIds,
      Effect.fnUntraced(function* (accountId) {
        const walked = yield* audit.walk(accountId)
        found.trails++
        found.rows += walked.rows
        for (const [keyId, rows] of walked.unproved) unproved.set(keyId, (unproved.get(keyId) ?? 0) + rows)
        if (walked.fault !== undefined) yield* note({ accountId, ...walked.fault })
      }),
      { concurrency: abreast, discard: true }
    )
    accountIds = yield* audit.chainsAfter(accountIds.at(-1) ?? "")
  }
  let listed = yield* accounts.after("")
  while (listed.length > 0) {
    yield* Effect.forEach(listed.flatMap(faultOf), note, { discard: true })
    listed = yield* accounts.after(listed.at(-1)?.accountId ?? "")
  }
  return { ...found, unproved } satisfies TrailReport
})
