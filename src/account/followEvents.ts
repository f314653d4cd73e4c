import { Cause, Effect, Exit, Layer, Option, Schedule } from "effect"
import type { SqlError } from "effect/sql"
import type { AccountState } from "../domain/AccountState.ts"
import type { AccountId } from "../domain/ids.ts"
import type { SlackLink } from "../domain/slack.ts"
import type { Event } from "../domain/TwoFactor.ts"
import { Alerts } from "../services/Alerts.ts"
import { AuditTrail } from "../services/AuditTrail.ts"
import { Cases } from "../services/Cases.ts"
import { FeedPositions } from "../services/FeedPositions.ts"
import { NoticeLinks } from "../services/NoticeLinks.ts"
import { SlackLinks } from "../services/SlackLinks.ts"
import { SlackOutbox } from "../services/SlackOutbox.ts"
import { SupportDesk } from "../services/SupportDesk.ts"
import { TwoFactorStore } from "../services/TwoFactorStore.ts"
import { type FollowUp, followUpOf, standardAfter } from "./decisions/followUps.ts"
import { advanceGuides, refreshGuides } from "./guide.ts"
import { openCase } from "./openCase.ts"

const follower = "support"
/** How long after a commit its consequences may begin. */
const pause = "500 millis"
/** Events that are followed in one transaction. */
const page = 100

/** The events whose notices have a link, and of which kind it is. */
const linkOf: Partial<Record<NonNullable<FollowUp["notice"]>, "change" | "reset">> = {
  enabled: "change",
  changed: "change",
  disabled: "change",
  reset: "reset"
}

/** Tells the linked owners what happened, each in their direct messages. */
const tellOwners = Effect.fnUntraced(function* (
  event: Event,
  about: NonNullable<FollowUp["notice"]>,
  state: AccountState,
  links: ReadonlyArray<SlackLink>
) {
  const slack = yield* SlackOutbox
  const notices = yield* NoticeLinks
  const { accountId, locale, timeZone } = state
  const kind = linkOf[about]
  const found = kind === undefined ? Option.none() : yield* notices.ofEpoch(accountId, event.epoch, kind)
  const link = Option.match(found, { onNone: () => null, onSome: (one) => one.link })
  yield* Effect.forEach(
    links,
    ({ user }) =>
      slack.put({
        subject: `notice:${event.id}:${user}`,
        recipient: user,
        message: { _tag: "notice", about, accountId, method: event.method ?? null, at: event.at, link },
        accountId,
        locale,
        timeZone
      }),
    { discard: true }
  )
})

/** The journey that a disable has begun, if it waits for its set-up. */
const begunJourney = Effect.fnUntraced(function* (accountId: AccountId) {
  const slack = yield* SlackOutbox
  const newest = Option.getOrUndefined(yield* slack.newest("journey", accountId))
  if (newest?.message._tag !== "journey" || newest.message.standard !== "NONE") return undefined
  return { ...newest.message, subject: newest.subject }
})

/** One message an account and journey: a disable begins it, the set-up that follows edits it. */
const showJourney = Effect.fnUntraced(function* (event: Event, step: NonNullable<FollowUp["journey"]>) {
  const desk = yield* SupportDesk
  const notices = yield* NoticeLinks
  const { accountId, at, actor } = event
  const begun = step === "begins" ? undefined : yield* begunJourney(accountId)
  const replaced = Option.match(yield* notices.ofEpoch(accountId, event.epoch, "change"), {
    onNone: () => null,
    onSome: ({ from }) => from
  })
  yield* desk.show(
    begun?.subject ?? `journey:${event.id}`,
    {
      _tag: "journey",
      accountId,
      standard: standardAfter(event),
      from: begun?.from ?? replaced,
      by: actor,
      startedAt: begun?.startedAt ?? at,
      at
    },
    { accountId }
  )
})

/** A reset has one message, too: what became of it edits what was requested. */
const showReset = Effect.fnUntraced(function* (event: Event, stage: NonNullable<FollowUp["reset"]>) {
  const desk = yield* SupportDesk
  const slack = yield* SlackOutbox
  const { accountId, at } = event
  const former = stage === "requested" ? undefined : Option.getOrUndefined(yield* slack.newest("reset", accountId))
  yield* desk.show(former?.subject ?? `reset:${event.id}`, { _tag: "reset", accountId, stage, at }, { accountId })
})

/** In the thread of each case of the account that is open: here a person has to know. */
const addLines = Effect.fnUntraced(function* (event: Event, about: NonNullable<FollowUp["line"]>) {
  const desk = yield* SupportDesk
  const cases = yield* Cases
  yield* Effect.forEach(
    yield* cases.ofAccount(event.accountId),
    ({ id }) =>
      desk.show(
        `line:${event.id}:${id}`,
        { _tag: "case_line", caseId: id, about, at: event.at },
        { accountId: event.accountId, threadOf: SupportDesk.caseSubject(id) }
      ),
    { discard: true }
  )
})

/** The account is gone, and its cases and checklists with it: their messages come to their end, and nothing more is said. */
const endMessages = Effect.fnUntraced(function* (accountId: AccountId) {
  const slack = yield* SlackOutbox
  const last = yield* slack.written(accountId)
  yield* slack.forget(accountId)
  for (const { message, ...wanted } of last) {
    if (message._tag === "guide") yield* slack.put({ ...wanted, message: { ...message, ended: true } })
    if (message._tag === "case")
      yield* slack.put({ ...wanted, message: { ...message, case: { ...message.case, status: "closed" } } })
  }
})

/** All that follows from one event. */
const follow = Effect.fn("followEvent")(function* (event: Event) {
  const followUp = followUpOf(event)
  if (followUp === undefined) return
  const { accountId } = event
  const { reached, notice, journey, reset, alarm, opens, settles, line } = followUp
  const desk = yield* SupportDesk
  const cases = yield* Cases
  const alerts = yield* Alerts
  const settled = settles.length === 0 ? [] : yield* cases.settle(accountId, settles)
  yield* Effect.forEach(settled, (one) => desk.tellCase(one, false), { discard: true })
  if (alarm !== undefined) yield* desk.tellAlert(yield* alerts.raise(alarm, accountId))
  if (desk.hasBot && journey !== undefined) yield* showJourney(event, journey)
  if (desk.hasBot && reset !== undefined) yield* showReset(event, reset)
  if (line !== undefined) yield* addLines(event, line)
  if (followUp.forgets === true) yield* endMessages(accountId)

  const links = desk.hasBot ? yield* (yield* SlackLinks).ofAccount(accountId) : []
  if (opens === undefined && links.length === 0) return
  const store = yield* TwoFactorStore
  const { account } = yield* store.read({ accountId })
  if (account === undefined) return
  const { state } = account
  if (opens !== undefined) yield* openCase(state, opens)
  if (notice !== undefined) yield* tellOwners(event, notice, state, links)
  if (reached > 0) yield* advanceGuides(state, reached)
  // a new challenge: the checklist leads to its page
  if (event.type === "code.requested") yield* refreshGuides(state)
})

/** One event that cannot be followed must not hold up the others: it is logged and left out. */
const orLeftOut = Effect.fnUntraced(function* (event: Event) {
  const positions = yield* FeedPositions
  const exit = yield* Effect.exit(positions.apart(follow(event)))
  if (Exit.isSuccess(exit) || !Cause.hasDies(exit.cause)) return yield* exit
  yield* Effect.logError("What follows from an event was left out", exit.cause).pipe(
    Effect.annotateLogs({ event: event.id, type: event.type })
  )
})

/** Follows some events; answers how many there were. */
const followSome = Effect.fnUntraced(function* (limit: number, whatFollows: typeof follow | typeof orLeftOut) {
  const audit = yield* AuditTrail
  const positions = yield* FeedPositions
  const from = yield* positions.of(follower)
  const { events, next } = yield* audit.feed({ after: from, limit })
  if (next === from) return 0
  yield* positions.move({ follower, from, to: next }, Effect.forEach(events, whatFollows, { discard: true }))
  return events.length
})

/**
 * Follows the events of all accounts: brings checklists on, tells linked owners and support, opens and settles cases.
 * Each event has its consequences once, in one transaction with the position in the feed, whichever node sees it.
 * Answers how many events there were.
 */
export const followEvents = Effect.gen(function* () {
  const tried = yield* Effect.exit(followSome(page, follow))
  if (Exit.isSuccess(tried)) return tried.value
  return Cause.hasDies(tried.cause) ? yield* followSome(1, orLeftOut) : yield* tried
})

/** Looking is no news for a trace. */
const watching = followEvents.pipe(
  Effect.repeat({ while: (followed) => followed > 0 }),
  Effect.withTracerEnabled(false),
  Effect.catchTag("SqlError", (error: SqlError.SqlError) =>
    Effect.logWarning("The event feed could not be followed", { reason: error.reason._tag })
  ),
  Effect.catchDefect((defect) =>
    Effect.logError("The event feed could not be followed").pipe(
      Effect.annotateLogs({ fault: defect instanceof Error ? defect.name : "unknown" })
    )
  ),
  Effect.schedule(Schedule.spaced(pause))
)

/** Follows for as long as the process lives, what happens from its first start on. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const positions = yield* FeedPositions
    yield* positions.of(follower)
    yield* Effect.forkScoped(watching)
  })
)
