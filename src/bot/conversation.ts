import { Effect, Fiber, Option, Predicate } from "effect"
import { inTime } from "../account/ask.ts"
import { Caller } from "../account/Caller.ts"
import { closeChallenges } from "../account/closeChallenges.ts"
import { readState, standingOf } from "../account/standing.ts"
import type { AccountState } from "../domain/AccountState.ts"
import type { SlackMessage } from "../domain/slackMessages.ts"
import { newReference } from "../services/newReference.ts"
import { SlackLinks } from "../services/SlackLinks.ts"
import { SlackRequests } from "../services/SlackRequests.ts"
import { buttons } from "./actions/all.ts"
import { answer, tellPrivately } from "./answer.ts"
import type { Asked } from "./Asked.ts"
import { parse } from "./commands/parse.ts"
import type { Heard } from "./Heard.ts"
import { actionIds } from "./messages/Message.ts"
import { anybody, filled, home, type Reader, skeleton } from "./render.ts"
import { SlackApi } from "./SlackApi.ts"
import { SupportGroups } from "./SupportGroups.ts"

/*
 * What people say and press in Slack, and what they are answered. Nothing that they typed is kept, logged or traced.
 */

const readerOf = (account: Option.Option<AccountState>): Reader =>
  Option.match(account, { onNone: () => anybody, onSome: ({ locale, timeZone }) => ({ locale, timeZone }) })

/** Runs something on behalf of a person in Slack, under a reference that support can look up. */
const asPerson = <A, E, R>(program: Effect.Effect<A, E, R>) =>
  Effect.flatMap(newReference, (reference) =>
    program.pipe(
      Effect.provideService(
        Caller,
        Caller.of({
          actor: "customer",
          reference,
          client: undefined,
          source: undefined,
          idempotency: [],
          replayed: Effect.void
        })
      ),
      Effect.annotateLogs({ reference })
    )
  )

/** Whether a request comes for the first time, by any of its keys (S-66). */
const isFirst = Effect.fnUntraced(function* ({ keys }: Heard) {
  const requests = yield* SlackRequests
  const firsts = yield* inTime(Effect.forEach(keys, (key) => requests.isFirst(key)))
  return !firsts.includes(false)
})

/** The account that somebody is linked with, as it is now. */
const accountOf = Effect.fnUntraced(function* ({ user }: Heard) {
  const links = yield* SlackLinks
  const linked = yield* inTime(links.accountOf(user))
  if (Option.isNone(linked)) return Option.none<AccountState>()
  return yield* readState(linked.value).pipe(
    Effect.asSome,
    Effect.catchTag("NotFound", () => Effect.succeedNone)
  )
})

/** A refusal or a fault in words: what was not expected is logged, and the person is shown its reference. */
const inWords = <E, R>(work: Effect.Effect<SlackMessage | undefined, E, R>) =>
  Effect.gen(function* () {
    const { reference } = yield* Caller
    const unavailable: SlackMessage = { _tag: "unavailable", reference }
    return yield* work.pipe(
      Effect.catch((error) => {
        const reason = Predicate.hasProperty(error, "_tag") ? error._tag : "unknown"
        if (reason === "RateLimited") return Effect.succeed<SlackMessage>({ _tag: "slow_down" })
        return Effect.as(Effect.logWarning("A request from Slack was not answered", { reason }), unavailable)
      }),
      // the message of a defect may quote what somebody typed
      Effect.catchDefect((defect) =>
        Effect.as(
          Effect.logError("A request from Slack failed", { name: defect instanceof Error ? defect.name : "unknown" }),
          unavailable
        )
      )
    )
  })

/** Answers a request that comes for the first time; one that comes again has had its effect. */
const once = <E, R, E2, R2>(
  heard: Heard,
  work: (account: Option.Option<AccountState>) => Effect.Effect<SlackMessage | undefined, E, R>,
  tell: (facts: SlackMessage, reader: Reader) => Effect.Effect<void, E2, R2>
) =>
  asPerson(
    Effect.gen(function* () {
      let reader = anybody
      const facts = yield* inWords(
        Effect.gen(function* () {
          if (!(yield* isFirst(heard))) return undefined
          const account = yield* accountOf(heard)
          reader = readerOf(account)
          return yield* work(account)
        })
      )
      if (facts === undefined) return
      yield* Effect.catchCause(tell(facts, reader), () =>
        Effect.logWarning("Slack did not take an answer", { kind: facts._tag })
      )
    })
  )

const asked = (
  { user, displayName, workspace, channel, isNamed }: Heard,
  account: Option.Option<AccountState>,
  rest: string
): Asked => ({
  user,
  displayName,
  workspace,
  channel,
  isNamed,
  account,
  rest
})

/** A secret was typed: whatever it was, the open codes of a linked account are void (S-70). */
const onSecret = Effect.fnUntraced(function* (account: Option.Option<AccountState>) {
  if (Option.isSome(account)) yield* closeChallenges(account.value.accountId)
  return { _tag: "secret_seen", cancelled: Option.isSome(account) } as const
})

const notForYou = { _tag: "not_for_you" } as const

/** Text after the slash command, in direct messages, or after a mention. */
export const onText = (heard: Heard, text: string) =>
  once(
    heard,
    Effect.fnUntraced(function* (account) {
      const groups = yield* SupportGroups
      const parsed = parse(text)
      if (parsed._tag === "secret") return yield* onSecret(account)
      if (parsed._tag === "unknown") return { _tag: "unknown_word", nearest: parsed.nearest } as const
      const { command, rest } = parsed
      if (command.isForSupport && !(yield* groups.hasMember(heard.user))) return notForYou
      return yield* command.run(asked(heard, account, rest))
    }),
    // that a secret was seen is for its author alone, and is not kept
    (facts, reader) => (facts._tag === "secret_seen" ? tellPrivately : answer)(heard, facts, reader)
  )

/** A modal opens while its trigger is good, and is filled later; none where Slack does not open it. */
const openModal = Effect.fnUntraced(function* ({ triggerId }: Heard) {
  const api = yield* SlackApi
  if (triggerId === null) return undefined
  const opened = yield* api.call("views.open", { trigger_id: triggerId, view: yield* skeleton })
  const { view } = opened
  return Predicate.hasProperty(view, "id") && typeof view.id === "string" ? view.id : undefined
})

const fill = Effect.fnUntraced(function* (viewId: string, facts: SlackMessage, reader: Reader) {
  const api = yield* SlackApi
  yield* api.call("views.update", { view_id: viewId, view: yield* filled(facts, reader) })
})

/** The home tab was opened. */
export const onHome = (heard: Heard) =>
  asPerson(
    Effect.gen(function* () {
      const api = yield* SlackApi
      const account = yield* accountOf(heard)
      const standing = Option.getOrNull(Option.map(account, standingOf))
      yield* api.call("views.publish", { user_id: heard.user.user, view: yield* home(standing, readerOf(account)) })
    }).pipe(Effect.catch(({ _tag }) => Effect.logWarning("A home tab was not shown", { reason: _tag })))
  )

/** A button was pressed. */
export const onPress = Effect.fnUntraced(function* (heard: Heard, actionId: string, value: string) {
  const button = buttons.find(({ id }) => id === actionId)
  if (button === undefined || !button.value.test(value)) return
  // the home tab itself is the answer
  if (heard.isHome && actionId === actionIds.status) return yield* onHome(heard)
  const modal = yield* Effect.forkChild(button.opensModal ? openModal(heard) : Effect.undefined)
  yield* once(
    heard,
    Effect.fnUntraced(function* (account) {
      const groups = yield* SupportGroups
      if (button.isForSupport && !(yield* groups.hasMember(heard.user))) return notForYou
      return yield* button.run(asked(heard, account, value))
    }),
    Effect.fnUntraced(function* (facts, reader) {
      const viewId = yield* Effect.orElseSucceed(Fiber.join(modal), () => undefined)
      if (viewId === undefined) return yield* answer(heard, facts, reader)
      yield* Effect.catchTag(fill(viewId, facts, reader), "SlackFault", () => answer(heard, facts, reader))
    })
  )
})
