import { Effect } from "effect"
import type { Channel } from "../../../src/domain/ids.ts"
import { MailFault, Mailer } from "../../../src/services/Mailer.ts"
import { SmsFault, SmsSender } from "../../../src/services/SmsSender.ts"
import { Acting, type Process, type Turns } from "../Turns.ts"

/** What becomes of a message that is sent now. */
export type Weather = "fine" | "refuses" | "defers" | "hangs" | "slow" | "loses the answer"

/** One try to hand a message over. */
export interface Attempt {
  readonly id: string
  readonly to: string
  /** All that was sent, as one text. */
  readonly content: string
  readonly by: Process
  readonly begunAt: number
  endedAt: number | undefined
  /** When the server had it. */
  acceptedAt: number | undefined
  /** What the courier was told; undefined where it was told nothing. */
  told: "accepted" | "refused" | "deferred" | undefined
}

/** The mail server and the gateway for texts: what they took, from whom, and when. */
export class Servers {
  readonly attempts: Array<Attempt> = []
  readonly weather: Record<Channel, Weather> = { email: "fine", sms: "fine" }
  readonly #turns: Turns

  constructor(turns: Turns) {
    this.#turns = turns
  }

  /** Nobody talks to a process that is gone. */
  gone(process: Process): void {
    for (const attempt of this.attempts) if (attempt.by === process) attempt.endedAt ??= this.#turns.now
  }

  #send<Fault>(
    channel: Channel,
    id: string,
    to: string,
    content: string,
    fault: (transient: boolean, reason: string) => Fault
  ): Effect.Effect<{ readonly detail: string }, Fault> {
    const turns = this.#turns
    return Effect.gen({ self: this }, function* () {
      const { process } = yield* Acting
      yield* turns.turn
      const attempt: Attempt = {
        id,
        to,
        content,
        by: process,
        begunAt: turns.now,
        endedAt: undefined,
        acceptedAt: undefined,
        told: undefined
      }
      this.attempts.push(attempt)
      const answered = (told: Attempt["told"]) =>
        Effect.map(turns.turn, () => {
          attempt.told = told
        })
      const weather = this.weather[channel]
      const talk = Effect.gen(function* () {
        if (weather === "hangs") yield* Effect.sleep("15 seconds")
        if (weather === "slow") yield* Effect.sleep("3 seconds")
        if (weather === "refuses") {
          yield* answered("refused")
          return yield* Effect.fail(fault(false, "No such mailbox"))
        }
        if (weather === "defers" || weather === "hangs") {
          yield* answered("deferred")
          return yield* Effect.fail(fault(true, "Come back later"))
        }
        attempt.acceptedAt = turns.now
        if (weather === "loses the answer") {
          yield* Effect.sleep("15 seconds")
          return yield* Effect.fail(fault(true, "The connection was lost"))
        }
        yield* answered("accepted")
        return { detail: "Taken" }
      })
      return yield* Effect.ensuring(
        talk,
        Effect.sync(() => {
          attempt.endedAt = turns.now
        })
      )
    })
  }

  readonly mailer = Mailer.of({
    send: (mail) =>
      this.#send("email", mail.messageId, mail.to, JSON.stringify(mail), (transient, reason) => {
        return new MailFault({ transient, reason, blame: transient ? "server" : "recipient" })
      }),
    health: Effect.void
  })

  readonly texts = SmsSender.of({
    available: true,
    send: (text) =>
      this.#send("sms", text.id, text.to, JSON.stringify(text), (transient, reason) => {
        return new SmsFault({ transient, reason, blame: transient ? "server" : "recipient" })
      })
  })
}
