import type { DateTime } from "effect"
import type { Grant } from "../../domain/AccountState.ts"
import { type Decision, noChanges } from "../../domain/Changes.ts"
import { GrantId, PortalLinkId, SessionId } from "../../domain/ids.ts"
import { GrantInvalid, NotFound } from "../../domain/refusals.ts"
import { sessionSeconds } from "../../domain/sessions.ts"
import { secondsAfter, utc } from "../../domain/time.ts"
import type { GrantVerdict } from "./checks.ts"
import type { Deciding } from "./Deciding.ts"

/** A link was made; its token is derived at the edge. */
interface PortalLinkMade {
  readonly _tag: "PortalLinkMade"
  readonly id: PortalLinkId
  readonly epoch: number
  readonly keyId: string
  readonly expiresAt: DateTime.Utc
}

type Opened = { readonly _tag: "SessionBegun"; readonly id: SessionId } | { readonly _tag: "LinkOver" }

const isGood = ({ state }: Deciding, grant: Grant | undefined): grant is Grant =>
  grant !== undefined && grant.usedAt === null && grant.epoch === state.epoch && grant.expiresAt > state.now

/** Whether somebody may be here at all: accounts of the demo are there while it runs. */
const isClosed = ({ state, policy }: Deciding): boolean => state.demo && !policy.demo

/** Makes a one-time link to the hosted pages; a grant that comes along stays usable until the link is opened. */
export const decideLinkPortal = (
  deciding: Deciding,
  asked: { readonly returnUrl: string | null; readonly grant: GrantVerdict }
): Decision<PortalLinkMade | NotFound | GrantInvalid> => {
  const { state, by, fresh } = deciding
  const { reference } = by
  if (isClosed(deciding)) return { answer: new NotFound({ reference }) }
  const claimed = typeof asked.grant === "string" ? undefined : asked.grant.id
  const grant = state.grants.find(({ id }) => id === claimed)
  if (asked.grant !== "absent" && !isGood(deciding, grant)) return { answer: new GrantInvalid({ reference }) }
  const link = {
    id: PortalLinkId.make(fresh.uuid()),
    epoch: state.epoch,
    grantId: grant?.id ?? null,
    returnUrl: asked.returnUrl,
    expiresAt: secondsAfter(state.now, sessionSeconds.link),
    usedAt: null
  }
  return {
    answer: {
      _tag: "PortalLinkMade",
      id: link.id,
      epoch: link.epoch,
      keyId: fresh.keyId,
      expiresAt: utc(link.expiresAt)
    },
    changes: { ...noChanges(state), links: { made: [link], used: [] } }
  }
}

/** Opens a link: it is used up, and the proof that came along becomes the session's own (S-08: spent once). */
export const decideOpenSession = (deciding: Deciding): Decision<Opened> => {
  const { state, link, fresh } = deciding
  const isOver =
    link === null ||
    link === undefined ||
    link.usedAt !== null ||
    link.expiresAt <= state.now ||
    link.epoch !== state.epoch ||
    isClosed(deciding)
  if (isOver) return { answer: { _tag: "LinkOver" } }
  const brought = state.grants.find(({ id }) => id === link.grantId)
  const proof = isGood(deciding, brought) ? { ...brought, id: GrantId.make(fresh.uuid()) } : undefined
  const session = {
    id: SessionId.make(fresh.uuid()),
    epoch: state.epoch,
    generation: 1,
    rotatedAt: state.now,
    grantId: proof?.id ?? null,
    returnUrl: link.returnUrl,
    seenAt: state.now,
    expiresAt: secondsAfter(state.now, sessionSeconds.absolute)
  }
  return {
    answer: { _tag: "SessionBegun", id: session.id },
    changes: {
      ...noChanges(state),
      links: { made: [], used: [link.id] },
      sessions: { begun: [session], kept: null },
      grantsMade: proof === undefined ? [] : [proof],
      grantsUsed: proof === undefined || link.grantId === null ? [] : [link.grantId],
      aliveUntil: link.expiresAt
    }
  }
}
