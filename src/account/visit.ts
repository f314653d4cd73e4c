import { Effect, Option, type Redacted, Schema } from "effect"
import type { AccountState } from "../domain/AccountState.ts"
import { type AccountId, type ChallengeId, PortalLinkId, SessionId } from "../domain/ids.ts"
import { type ActingSession, goodGenerations, isAlive, type Session } from "../domain/sessions.ts"
import { BearerTokens } from "../services/BearerTokens.ts"
import { KeyRing } from "../services/KeyRing.ts"
import { Sessions } from "../services/Sessions.ts"
import { Account } from "./Account.ts"
import { AccountPolicy } from "./AccountPolicy.ts"
import { by, foresee, inTime, read, send } from "./ask.ts"

/** What a person has who is on the hosted pages. */
export interface Visit {
  readonly session: ActingSession
  readonly state: AccountState
  readonly returnUrl: string | null
  /** For the cookie: what the session is known by now. */
  readonly token: Redacted.Redacted
  /** Whether the browser showed the former token, and needs the new one. */
  readonly hasRotated: boolean
  /** For forms: belongs to the session and outlives its tokens (S-51). */
  readonly formToken: Redacted.Redacted
  /** The fresh proof of the current method that this session holds. */
  readonly proof: Redacted.Redacted | undefined
}

const isSessionId = Schema.is(SessionId)
const isPortalLinkId = Schema.is(PortalLinkId)
/** A session is noted as in use that often, not with every page. */
const noteEveryMillis = 60_000

const proofIn = (state: AccountState, { grantId }: Session) =>
  state.grants.find(
    ({ id, usedAt, epoch, expiresAt }) =>
      id === grantId && usedAt === null && epoch === state.epoch && expiresAt > state.now
  )

/** The tokens of a session that is alive. */
const tokensOf = Effect.fnUntraced(function* (state: AccountState, session: Session) {
  const tokens = yield* BearerTokens
  const { id: keyId } = (yield* KeyRing).current("token")
  const { accountId } = state
  const { id, generation } = session
  const proof = proofIn(state, session)
  return {
    token: yield* tokens.issue({ kind: "session", id, accountId, epoch: generation }, keyId),
    formToken: yield* tokens.issue({ kind: "form", id, accountId, epoch: 0 }, keyId),
    proof:
      proof === undefined
        ? undefined
        : yield* tokens.issue({ kind: "grant", id: proof.id, accountId, epoch: proof.epoch }, keyId)
  }
})

/** The generation that a token was made for, among those that are good now. */
const generationOf = Effect.fnUntraced(function* (
  token: Redacted.Redacted,
  accountId: AccountId,
  session: Session,
  now: Date
) {
  const tokens = yield* BearerTokens
  for (const generation of goodGenerations(session, now)) {
    const id = yield* Effect.orDie(tokens.idIn(token, { kind: "session", accountId, epoch: generation }))
    if (id === session.id) return generation
  }
  return undefined
})

/** Who a session token belongs to, with the challenge that is asked about; none where the session is over (S-49). */
export const visit = Effect.fn("visit")(function* (asked: {
  readonly token: Redacted.Redacted
  readonly challengeId?: ChallengeId | undefined
  /** Only to look on, as a live line does: that is no use of the session. */
  readonly isPassive?: boolean
}) {
  const tokens = yield* BearerTokens
  const sessions = yield* Sessions
  const claimed = tokens.claimedId(asked.token)
  if (!isSessionId(claimed)) return Option.none<Visit>()
  const { now, account, session } = yield* read({ entrance: { session: claimed }, challengeId: asked.challengeId })
  if (account === undefined || session === null) return Option.none()
  const { state } = account
  if (state.demo && !(yield* AccountPolicy).demo) return Option.none()
  const generation = yield* generationOf(asked.token, state.accountId, session, now)
  if (generation === undefined || !isAlive(session, now, state.epoch)) return Option.none()
  if (asked.isPassive !== true && now.getTime() - session.seenAt.getTime() > noteEveryMillis)
    yield* inTime(sessions.seen(session.id))
  return Option.some<Visit>({
    session: { id: session.id, epoch: session.epoch },
    state,
    returnUrl: session.returnUrl,
    hasRotated: generation !== session.generation,
    ...(yield* tokensOf(state, session))
  })
})

/** Whether a form came from a page of this session (S-51); constant time. */
export const isFormOf = Effect.fnUntraced(function* ({ session, state }: Visit, token: Redacted.Redacted) {
  const tokens = yield* BearerTokens
  const id = yield* Effect.orDie(tokens.idIn(token, { kind: "form", accountId: state.accountId, epoch: 0 }))
  return id === session.id
})

const linkIn = Effect.fnUntraced(function* (token: Redacted.Redacted) {
  const tokens = yield* BearerTokens
  const claimed = tokens.claimedId(token)
  if (!isPortalLinkId(claimed)) return undefined
  const snapshot = yield* foresee({ entrance: { link: claimed } })
  const { account, link, now } = snapshot
  if (account === undefined || link === null) return undefined
  const { accountId, epoch } = account.state
  const genuine = yield* Effect.orDie(tokens.idIn(token, { kind: "portal-link", accountId, epoch: link.epoch }))
  const open = genuine === link.id && link.usedAt === null && link.expiresAt > now && link.epoch === epoch
  return open ? { snapshot, accountId, linkId: link.id } : undefined
})

/** Whose link it is, if it can still be opened; changes nothing, as GET must not. */
export const openFor = (token: Redacted.Redacted) => Effect.map(linkIn(token), (link) => link?.accountId)

/** Opens a link from the portal, once; answers with the token of the session, or none where the link is over. */
export const openPortalLink = Effect.fn("openPortalLink")(function* (token: Redacted.Redacted) {
  const accounts = yield* Account.client
  const tokens = yield* BearerTokens
  const link = yield* linkIn(token)
  if (link === undefined) return Option.none<Redacted.Redacted>()
  const { snapshot, accountId, linkId } = link
  const answer = yield* send(snapshot, accountId, accounts(accountId).OpenSession({ by: yield* by, linkId }))
  if (answer._tag !== "SessionBegun") return Option.none()
  const { id: keyId } = (yield* KeyRing).current("token")
  return Option.some(yield* tokens.issue({ kind: "session", id: answer.id, accountId, epoch: 1 }, keyId))
})

/** Ends a session: the person signed out here. */
export const endVisit = Effect.fn("endVisit")(function* ({ session }: Pick<Visit, "session">) {
  const sessions = yield* Sessions
  yield* inTime(sessions.end(session.id))
})
