import {
  Cause,
  Clock,
  DateTime,
  Effect,
  Exit,
  Fiber,
  FiberSet,
  Layer,
  Metric,
  Option,
  Queue,
  Random,
  Redacted
} from "effect"
import type { SqlError } from "effect/sql"
import { AccountId, ChallengeId, type Channel } from "../domain/ids.ts"
import { isToSupport, type Letter } from "../domain/letters.ts"
import { Settings } from "../settings.ts"
import { mailOf } from "../words/mails/Mail.ts"
import type { Sender } from "../words/Sender.ts"
import { textMessageOf } from "../words/texts/Text.ts"
import { BearerTokens } from "./BearerTokens.ts"
import type { KeyUnknown } from "./KeyRing.ts"
import { Mailer } from "./Mailer.ts"
import { OtpIssuer } from "./OtpIssuer.ts"
import { type Asked, backoffSeconds, type Claim, leaseSeconds, Outbox, shareOfTheSlow, type Verdict } from "./Outbox.ts"
import { SmsSender } from "./SmsSender.ts"
import { TwoFactorStore } from "./TwoFactorStore.ts"

/** How many are on their way at once. */
const most: Readonly<Record<Channel, number>> = { email: 8, sms: 4 }
/** One domain may use all of these but two: should it turn slow, two are left to the others while its own end. */
const share: Readonly<Record<Channel, number>> = { email: most.email - shareOfTheSlow, sms: most.sms - shareOfTheSlow }
/** A domain is slow once it kept one of ours waiting that long, and for some minutes after it did so or deferred one. */
const patienceMillis = 2_000
const grudgeMillis = 5 * 60_000
/** The outbox is looked at that often whether somebody calls or not: other nodes, reminders, second attempts. */
const pollEvery = "1 second"
/** Whoever comes just after a look at the outbox waits that long, and is taken with all that came meanwhile. */
const lookEvery = "25 millis"
/** Longer than any hand-over may take, and well below the lease. */
const longestFlight = `${leaseSeconds - 15} seconds` as const
/** What is on its way when the process stops has that long to arrive. */
const landing = "10 seconds"

const tooLate = "It could not be delivered in time"

const messages = Metric.counter("rekey_messages_total", {
  description: "Messages by channel and by what became of them",
  incremental: true
})

interface Fault {
  readonly transient: boolean
  readonly reason: string
  readonly blame: "recipient" | "server" | "settings"
}

/** What went wrong, by name: a database may quote a row, and with it an address, in what it says (S-26). */
const faultsOf = (cause: Cause.Cause<unknown>): string =>
  cause.reasons
    .map((reason) => {
      const fault = reason._tag === "Fail" ? reason.error : reason._tag === "Die" ? reason.defect : undefined
      return fault instanceof Error ? fault.name : reason._tag
    })
    .join(", ")

/** Whether a letter is still true; the code where it carries one, the address where that is asked when it is due. */
type Truth =
  | { readonly current: false }
  | { readonly current: true; readonly code?: Redacted.Redacted; readonly address?: string }

/** What became of a claim, and the address that was meant in the end. */
interface Judged {
  readonly address: string
  readonly verdict: Verdict
}

const laneOf = ({ message }: Claim): string => Outbox.laneOf(message.channel, message.address)

const senderOf = ({ brandName, publicUrl, portalUrl, supportEmail }: Settings["Service"]): Sender => ({
  brand: brandName,
  publicUrl: publicUrl.href,
  portalUrl: portalUrl ?? null,
  supportEmail: supportEmail ?? null
})

const make = Effect.gen(function* () {
  const { publicUrl } = yield* Settings
  const sender = senderOf(yield* Settings)
  const tokens = yield* BearerTokens
  const outbox = yield* Outbox
  const store = yield* TwoFactorStore
  const otp = yield* OtpIssuer
  const mailer = yield* Mailer
  const sms = yield* SmsSender
  /** On their way, and since when. */
  const flying = new Map<Claim, number>()
  /** Slow lanes, and until when they are taken for slow. */
  const slow = new Map<string, number>()

  const truthOf = (letter: Letter): Effect.Effect<Truth, SqlError.SqlError | KeyUnknown> => {
    switch (letter._tag) {
      case "code":
        return Effect.flatMap(store.challengeToSend(ChallengeId.make(letter.challengeId), letter.issue), (challenge) =>
          Option.match(challenge, {
            onNone: () => Effect.succeed<Truth>({ current: false }),
            onSome: (open) => Effect.map(otp.codeFor(open), (code): Truth => ({ current: true, code }))
          })
        )
      case "unfinished":
        return Effect.map(
          store.unprotectedSince(AccountId.make(letter.accountId), DateTime.toDate(letter.at)),
          Option.match({
            onNone: (): Truth => ({ current: false }),
            onSome: ({ email }): Truth => ({ current: true, address: email })
          })
        )
      default:
        return Effect.succeed({ current: true })
    }
  }

  /** The address of the page behind a notice; its token is at rest nowhere. */
  const undoUrlOf = Effect.fnUntraced(function* (letter: Letter) {
    if (!("link" in letter) || letter.link === undefined) return undefined
    const { id, epoch, keyId } = letter.link
    const token = yield* tokens.issue({ kind: "notice-link", id, accountId: letter.accountId, epoch }, keyId)
    return new URL(`/notice/${Redacted.value(token)}`, publicUrl).href
  })

  const handOver = Effect.fnUntraced(function* (
    claim: Claim,
    address: string,
    code: Redacted.Redacted | undefined
  ): Effect.fn.Return<{ detail: string }, Fault> {
    const { id } = claim.message
    const message = { ...claim.message, notBefore: claim.queuedAt }
    const undoUrl = yield* undoUrlOf(message.letter)
    const more = {
      ...(code === undefined ? {} : { code: Redacted.value(code) }),
      ...(undoUrl === undefined ? {} : { undoUrl })
    }
    return yield* claim.message.channel === "email"
      ? mailer.send({ ...mailOf(message, sender, more), messageId: id, date: claim.queuedAt, to: address, headers: {} })
      : sms.send({ id, to: address, text: textMessageOf(message, sender, more) })
  })

  const later = Effect.fnUntraced(function* (claim: Claim, fault: Fault) {
    const waitSeconds = backoffSeconds(claim.attempts, yield* Random.next)
    if (fault.blame === "settings") yield* Effect.logError(`Messages are held up: ${fault.reason}`)
    return { state: "deferred", detail: fault.reason, waitSeconds } satisfies Verdict
  })

  /** The verdict on one claim; never hands over what is no longer true or too late (S-75, I10). */
  const judged = Effect.fnUntraced(function* (claim: Claim): Effect.fn.Return<Judged, SqlError.SqlError | KeyUnknown> {
    const { address } = claim.message
    const left = Effect.map(Clock.currentTimeMillis, (now) => claim.deadline - now)
    if ((yield* left) <= 0) return { address, verdict: { state: "failed", detail: tooLate } }
    const truth = yield* Effect.exit(truthOf(claim.message.letter))
    if (Exit.isFailure(truth)) {
      const keyGone = Option.exists(Cause.findErrorOption(truth.cause), ({ _tag }) => _tag === "KeyUnknown")
      if (!keyGone) return yield* Effect.failCause(truth.cause)
      const fault: Fault = { transient: true, reason: "The key of this code is missing", blame: "settings" }
      return { address, verdict: yield* later(claim, fault) }
    }
    if (!truth.value.current) return { address, verdict: { state: "obsolete" } }
    const { address: current = address, code } = truth.value
    const remaining = yield* left
    if (remaining <= 0) return { address: current, verdict: { state: "failed", detail: tooLate } }
    const verdict = yield* handOver(claim, current, code).pipe(
      Effect.map(({ detail }): Verdict => ({ state: "handed_over", detail })),
      Effect.catch((fault) =>
        fault.transient ? later(claim, fault) : Effect.succeed<Verdict>({ state: "failed", detail: fault.reason })
      ),
      Effect.timeoutOrElse({
        duration: Math.min(remaining, leaseSeconds * 1000),
        orElse: () => Effect.succeed<Verdict>({ state: "failed", detail: tooLate })
      })
    )
    return { address: current, verdict }
  })

  const record = Effect.fnUntraced(function* (claim: Claim, { address, verdict }: Judged) {
    const { id, accountId, channel, letter } = claim.message
    // Only while it is ours: whoever has it by now may have handed it over. And before the verdict: a crash in between
    // tells twice instead of never.
    if (verdict.state === "failed" && !isToSupport(letter) && (yield* outbox.keep(claim))) {
      yield* store.recordUndelivered({
        id,
        accountId: AccountId.make(accountId),
        channel,
        address,
        letterTag: letter._tag
      })
    }
    const ours = yield* outbox.settle(claim, verdict)
    const state = ours ? verdict.state : "lease_lost"
    yield* Metric.update(Metric.withAttributes(messages, { channel, state }), 1)
    const log = verdict.state === "failed" || !ours ? Effect.logWarning : Effect.logInfo
    const reason = verdict.state === "deferred" || verdict.state === "failed" ? { reason: verdict.detail } : {}
    yield* log("Message settled").pipe(Effect.annotateLogs({ verdict: state, ...reason }))
  })

  const learn = (claim: Claim, { verdict }: Judged) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const isQuick = now - (flying.get(claim) ?? now) < patienceMillis
      if (!isQuick || verdict.state === "deferred") slow.set(laneOf(claim), now + grudgeMillis)
      else if (verdict.state === "handed_over") slow.delete(laneOf(claim))
    })

  const deliver = (claim: Claim): Effect.Effect<void> =>
    judged(claim).pipe(
      Effect.tap((found) => learn(claim, found)),
      Effect.flatMap((found) => Effect.uninterruptible(record(claim, found))),
      Effect.timeout(longestFlight),
      Effect.onInterrupt(() => Effect.ignore(outbox.settle(claim, { state: "released" }))),
      // whatever went wrong here, the lease lapses and the message is sent again
      Effect.catchCause((cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.void
          : Effect.logError("A message could not be settled and will be tried again").pipe(
              Effect.annotateLogs({ faults: faultsOf(cause) })
            )
      ),
      Effect.ensuring(Effect.sync(() => flying.delete(claim))),
      Effect.annotateLogs({
        message: claim.message.id,
        account: claim.message.accountId,
        channel: claim.message.channel,
        letter: claim.message.letter._tag
      }),
      Effect.withSpan("Courier.deliver", { root: true, attributes: { message: claim.message.id } })
    )

  const asked = (now: number): Asked => {
    const room = { ...most }
    const busy: Record<string, number> = {}
    for (const [claim, since] of flying) {
      const lane = laneOf(claim)
      room[claim.message.channel] -= 1
      busy[lane] = (busy[lane] ?? 0) + 1
      if (now - since >= patienceMillis) slow.set(lane, now + grudgeMillis)
    }
    for (const [lane, until] of slow) if (until <= now) slow.delete(lane)
    return { room, share, busy, slow: [...slow.keys()] }
  }

  const flights = yield* FiberSet.make<void>()
  const landed = yield* Queue.sliding<void>(1)

  const round = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const wanted = asked(now)
    if (wanted.room.email + wanted.room.sms === 0) return
    // looking every second is no news for a trace; a delivery is
    for (const claim of yield* Effect.withTracerEnabled(outbox.claim(wanted), false)) {
      flying.set(claim, now)
      yield* FiberSet.run(
        flights,
        Effect.ensuring(Effect.interruptible(deliver(claim)), Queue.offer(landed, undefined))
      )
    }
  }).pipe(
    // claimed and in the air in one piece: a stop in between would leave leases that nobody holds
    Effect.uninterruptible,
    Effect.catchCause((cause) =>
      Effect.logWarning("The outbox cannot be read; trying again").pipe(
        Effect.annotateLogs({ faults: faultsOf(cause) })
      )
    )
  )

  const called = Effect.raceAll([outbox.woken, Queue.take(landed), Effect.sleep(pollEvery)])
  const looked = Effect.all([round, Effect.sleep(lookEvery)], { concurrency: "unbounded", discard: true })

  yield* Effect.addFinalizer(() =>
    FiberSet.awaitEmpty(flights).pipe(
      Effect.interruptible,
      Effect.timeoutOption(landing),
      Effect.andThen(FiberSet.clear(flights))
    )
  )
  const loop = yield* Effect.forkScoped(Effect.forever(Effect.andThen(looked, called)))
  yield* Effect.addFinalizer(() => Fiber.interrupt(loop))
})

/**
 * Carries what is in the outbox to people. One slow recipient, domain or server holds up nobody else; at a stop what is
 * on its way has ten seconds to arrive, the rest is given back.
 */
export const layer: Layer.Layer<
  never,
  never,
  Settings | Outbox | TwoFactorStore | OtpIssuer | BearerTokens | Mailer | SmsSender
> = Layer.effectDiscard(make)
