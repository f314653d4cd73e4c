import { Effect, Redacted } from "effect"
import { changeMethod } from "../src/account/changeMethod.ts"
import { disable } from "../src/account/disable.ts"
import { setUp } from "../src/account/setUp.ts"
import { signIn } from "../src/account/signIn.ts"
import { verify } from "../src/account/verify.ts"
import type { AccountId, ChallengeId } from "../src/domain/ids.ts"
import { password } from "./people.ts"

/** Digits that stand for the right ones, see `knowingTheCode`. */
const code = Redacted.make("000000")

const answer = ({ id }: { readonly id: ChallengeId }) => verify({ challengeId: id, code })

/** A sign-in that got its challenge. */
export const challenged = Effect.fn("challenged")(function* (accountId: AccountId) {
  const begun = yield* signIn({ accountId, password })
  if (!("id" in begun)) return yield* Effect.die("signed in without a code")
  return begun
})

/** Enters the right code of a challenge. */
export const answerRightly = answer

/** The ways of the article that are measured: what the account starts with, and how many passwords are hashed. */
export const journeys = [
  {
    name: "set-up + verify",
    starts: "off",
    hashes: 1,
    walk: (accountId: AccountId) => Effect.flatMap(setUp({ accountId, method: "EMAIL", password }), answer)
  },
  {
    name: "disable + set-up + verify",
    starts: "SMS",
    hashes: 2,
    walk: (accountId: AccountId) =>
      disable({ accountId, password }).pipe(
        Effect.andThen(setUp({ accountId, method: "EMAIL", password })),
        Effect.flatMap(answer)
      )
  },
  {
    name: "change + verify",
    starts: "SMS",
    hashes: 1,
    walk: (accountId: AccountId) => Effect.flatMap(changeMethod({ accountId, method: "EMAIL", password }), answer)
  },
  {
    name: "sign-in + verify",
    starts: "SMS",
    hashes: 1,
    walk: (accountId: AccountId) => Effect.flatMap(challenged(accountId), answer)
  }
] as const

export type Journey = (typeof journeys)[number]
