import type { GrantId, PortalLinkId, SessionId } from "./ids.ts"

/** How long things of the hosted pages live, in seconds (S-49). */
export const sessionSeconds = {
  /** A link from the portal, until its button is pressed. */
  link: 60,
  /** A session, whatever is done. */
  absolute: 24 * 3600,
  /** A session in which nothing is done. */
  idle: 3600,
  /** The token that was rotated away: second tabs and double clicks still have it. */
  former: 10
} as const

/** A one-time link from the portal to the hosted pages. */
export interface PortalLink {
  readonly id: PortalLinkId
  /** Of the account when it was made: void once that has moved on. */
  readonly epoch: number
  readonly grantId: GrantId | null
  readonly returnUrl: string | null
  readonly expiresAt: Date
  readonly usedAt: Date | null
}

/** A person on the hosted pages. */
export interface Session {
  readonly id: SessionId
  readonly epoch: number
  /** Counts the tokens that this session has had; the last one is valid. */
  readonly generation: number
  readonly rotatedAt: Date
  readonly grantId: GrantId | null
  readonly returnUrl: string | null
  readonly seenAt: Date
  readonly expiresAt: Date
}

/** What somebody came by: a session, or a link that leads to one. */
export type Entrance = { readonly session: SessionId } | { readonly link: PortalLinkId }

/** A session that asks for a step, with the epoch of the account that it saw. */
export type ActingSession = Pick<Session, "id" | "epoch">

/** What a session becomes in the step that it asked for: everybody else's ends, its own token rotates (S-48). */
export type SessionKept = Pick<Session, "id" | "epoch" | "grantId">

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000

/** Whether a session goes on at `now`, in an account of this epoch. */
export const isAlive = ({ epoch, seenAt, expiresAt }: Session, now: Date, accountEpoch: number): boolean =>
  epoch === accountEpoch && now < expiresAt && secondsBetween(seenAt, now) < sessionSeconds.idle

/** The generations whose token is good at `now`: the last one, and for ten seconds the one before. */
export const goodGenerations = ({ generation, rotatedAt }: Session, now: Date): ReadonlyArray<number> =>
  generation > 1 && secondsBetween(rotatedAt, now) < sessionSeconds.former ? [generation, generation - 1] : [generation]
