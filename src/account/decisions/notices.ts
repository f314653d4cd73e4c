import { type NoticeKind, noticeSeconds, type NoticeState, noticeStatus } from "../../domain/notices.ts"
import { type EnrolmentId, type MethodId, NoticeLinkId } from "../../domain/ids.ts"
import type { NoticeLink } from "../../domain/letters.ts"
import { LinkOver, NotFound } from "../../domain/refusals.ts"
import type { Reset } from "../../domain/resets.ts"
import { secondsAfter } from "../../domain/time.ts"
import type { Deciding } from "./Deciding.ts"

/** What a link tells of its event. */
interface Told {
  readonly kind: NoticeKind
  readonly from: MethodId | null
  readonly to: MethodId | null
  /** The method that it can put back; none where it can only report. */
  readonly former?: EnrolmentId | undefined
  readonly reset?: Reset
}

/** The link of an event's notices; `state` is the account after the event. */
export const newNotice = (
  { state, fresh }: Pick<Deciding, "state" | "fresh">,
  { kind, from, to, former, reset }: Told
): NoticeState => {
  const lapses = secondsAfter(state.now, noticeSeconds)
  return {
    id: NoticeLinkId.make(fresh.uuid()),
    epoch: state.epoch,
    goodAtEpoch: state.epoch,
    keyId: fresh.keyId,
    kind,
    from,
    to,
    former: former ?? null,
    reset: reset ?? null,
    at: state.now,
    expiresAt: reset !== undefined && reset.executesAt > lapses ? reset.executesAt : lapses,
    reportedAt: null,
    usedAt: null
  }
}

/** What a letter says of its link; the token is derived in the moment of sending. */
export const linkIn = ({ id, epoch, keyId }: NoticeState): NoticeLink => ({ id, epoch, keyId })

/** The link that is followed, or why it leads nowhere. Accounts of the demo are there while it runs. */
export const followed = ({ state, by, policy, notice }: Deciding): NoticeState | LinkOver | NotFound => {
  const { reference } = by
  if (notice === null || notice === undefined || (state.demo && !policy.demo)) return new NotFound({ reference })
  const linkStatus = noticeStatus(notice, state)
  return linkStatus === "open" ? notice : new LinkOver({ linkStatus, reference })
}
