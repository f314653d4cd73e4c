import { Context, Effect, Layer, Redacted } from "effect"
import { createHmac, timingSafeEqual } from "node:crypto"
import type { SlackInvitation } from "../domain/slack.ts"
import { KeyRing, type KeyUnknown } from "./KeyRing.ts"

/** The numbers that the page offers. */
const offered = 3
const lowest = 10
const highest = 99

/** Two-digit numbers from the bytes of a MAC, uniform and each once; the first is the right one. */
const numbersFrom = (mac: Buffer): ReadonlyArray<number> => {
  const range = highest - lowest + 1
  const unbiased = Math.floor(256 / range) * range
  const numbers = [...mac].filter((byte) => byte < unbiased).map((byte) => lowest + (byte % range))
  return [...new Set(numbers)].slice(0, offered)
}

/**
 * Which of three two-digit numbers Slack shows to somebody who wants to be linked, and the page to whoever opened the
 * invitation: derived from the invitation, stored nowhere (S-27). A wrong pick ends the invitation, so that there is one
 * guess.
 */
export class NumberMatching extends Context.Service<
  NumberMatching,
  {
    /** The number for the direct message, for the moment of sending. */
    numberFor(invitation: Pick<SlackInvitation, "id" | "keyId">): Effect.Effect<Redacted.Redacted, KeyUnknown>
    /** The numbers of the page, in ascending order. */
    choicesFor(invitation: Pick<SlackInvitation, "id" | "keyId">): Effect.Effect<ReadonlyArray<string>, KeyUnknown>
    /** Whether the pick is the number. Constant time. */
    matches(
      invitation: Pick<SlackInvitation, "id" | "keyId">,
      picked: Redacted.Redacted
    ): Effect.Effect<boolean, KeyUnknown>
  }
>()("rekey/NumberMatching") {
  static readonly layer = Layer.effect(
    NumberMatching,
    Effect.gen(function* () {
      const keys = yield* KeyRing
      const numbersOf = Effect.fnUntraced(function* ({ id, keyId }: Pick<SlackInvitation, "id" | "keyId">) {
        const key = yield* keys.get("matching", keyId)
        const numbers = numbersFrom(
          Buffer.concat(
            [0, 1, 2, 3].map((block) =>
              createHmac("sha256", Redacted.value(key)).update(`matching/1 ${id} ${block}`).digest()
            )
          )
        )
        return numbers.map(String)
      })
      const rightOf = (invitation: Pick<SlackInvitation, "id" | "keyId">) =>
        Effect.map(numbersOf(invitation), ([right = ""]) => right)
      return NumberMatching.of({
        numberFor: Effect.fn("NumberMatching.numberFor")((invitation) =>
          Effect.map(rightOf(invitation), (right) => Redacted.make(right, { label: "number" }))
        ),
        choicesFor: Effect.fn("NumberMatching.choicesFor")((invitation) =>
          Effect.map(numbersOf(invitation), (numbers) => numbers.toSorted())
        ),
        matches: Effect.fn("NumberMatching.matches")((invitation, picked) =>
          Effect.map(rightOf(invitation), (right) => {
            const given = Buffer.from(Redacted.value(picked))
            const wanted = Buffer.from(right)
            return given.length === wanted.length && timingSafeEqual(given, wanted)
          })
        )
      })
    })
  )
}
