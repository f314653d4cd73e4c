import { Clock, Context, Effect, Layer } from "effect"
import type { SqlError } from "effect/sql"
import { randomUUID } from "node:crypto"
import type { Case } from "../domain/cases.ts"
import { AccountId } from "../domain/ids.ts"
import type { Letter } from "../domain/letters.ts"
import type { SlackMessage } from "../domain/slackMessages.ts"
import { secondsAfter } from "../domain/time.ts"
import { Settings } from "../settings.ts"
import type { Raised } from "./Alerts.ts"
import { Outbox } from "./Outbox.ts"
import { SlackLinks } from "./SlackLinks.ts"
import { SlackOutbox } from "./SlackOutbox.ts"

const hour = 3600
/** How long support can still make use of a message. */
const lifeSeconds = 72 * hour
/** Whom a mail is about that is about no account. */
const nobody = AccountId.make("-")

/**
 * Where support is told: in its Slack channel, one message a subject, edited in place; by mail where there is no channel.
 * Writes join the transaction of their cause.
 */
export class SupportDesk extends Context.Service<
  SupportDesk,
  {
    /** Whether there is a bot: else nobody in Slack is told anything. */
    readonly hasBot: boolean
    /** Shows something in the support channel, where there is one. */
    show(
      subject: string,
      message: SlackMessage,
      more?: { readonly accountId?: AccountId; readonly threadOf?: string }
    ): Effect.Effect<void, SqlError.SqlError>
    /** Shows a case as it is; a new one goes by mail where there is no channel. */
    tellCase(about: Case, isNew: boolean): Effect.Effect<void, SqlError.SqlError>
    /** Shows an alert as it is; a new one goes by mail where there is no channel, or where Slack itself is the trouble. */
    tellAlert(raised: Raised): Effect.Effect<void, SqlError.SqlError>
  }
>()("rekey/SupportDesk") {
  /** The subject of a case's one message. */
  static readonly caseSubject = (id: string): string => `case:${id}`

  static readonly layer = Layer.effect(
    SupportDesk,
    Effect.gen(function* () {
      const { slackBotToken, slackSupportChannel, supportEmail } = yield* Settings
      const slack = yield* SlackOutbox
      const outbox = yield* Outbox
      const links = yield* SlackLinks
      const hasBot = slackBotToken !== undefined
      const channel = hasBot ? slackSupportChannel : undefined

      const show: SupportDesk["Service"]["show"] = (subject, message, more = {}) =>
        channel === undefined ? Effect.void : slack.put({ subject, recipient: channel, message, lifeSeconds, ...more })

      const mail = Effect.fnUntraced(function* (letter: Letter) {
        if (supportEmail === undefined) return
        const now = new Date(yield* Clock.currentTimeMillis)
        yield* outbox.queue([
          {
            id: randomUUID(),
            accountId: letter.accountId,
            channel: "email",
            address: supportEmail,
            letter,
            name: null,
            locale: null,
            timeZone: null,
            challengeId: null,
            notBefore: now,
            notAfter: secondsAfter(now, lifeSeconds)
          }
        ])
      })

      return SupportDesk.of({
        hasBot,
        show,
        tellCase: Effect.fn("SupportDesk.tellCase")(function* (about: Case, isNew: boolean) {
          const { accountId } = about
          const canGuide = channel !== undefined && (yield* links.ofAccount(accountId)).length > 0
          yield* show(SupportDesk.caseSubject(about.id), { _tag: "case", case: about, canGuide }, { accountId })
          if (isNew && channel === undefined) yield* mail({ _tag: "case", accountId, at: about.openedAt, case: about })
        }),
        tellAlert: Effect.fn("SupportDesk.tellAlert")(function* ({ id, alert, isNew }: Raised) {
          yield* show(`alert:${id}`, { _tag: "alert", alert })
          const [accountId = nobody] = alert.accounts
          if ((isNew && channel === undefined) || alert.alarm === "outage-slack")
            yield* mail({ _tag: "alert", accountId, at: alert.at, alert })
        })
      })
    })
  )
}
