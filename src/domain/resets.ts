import { Schema } from "effect"
import type { ResetId } from "./ids.ts"

/** What has become of a reset. */
export const ResetStatus = Schema.Literals(["waiting", "cancelled", "executed"])
export type ResetStatus = typeof ResetStatus.Type

/** A reset that support was asked for: it takes effect at `executesAt`, unless it is stopped (S-59). */
export interface Reset {
  readonly id: ResetId
  readonly status: ResetStatus
  /** As support wrote them: free text. */
  readonly reason: string
  readonly requestedBy: string
  readonly requestedAt: Date
  readonly executesAt: Date
}

/** How a waiting reset ends. */
export interface ResetEnd {
  readonly id: ResetId
  readonly status: Exclude<ResetStatus, "waiting">
}
