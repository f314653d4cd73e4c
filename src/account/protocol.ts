import { Schema } from "effect"
import { Rpc } from "effect/rpc"
import { Actor, ChallengeId, GrantId, MethodId } from "../domain/ids.ts"
import { Client } from "../domain/letters.ts"
import { IdempotencyConflict } from "../domain/refusals.ts"
import { refusalsOf } from "../domain/refusalsOf.ts"
import { Challenge, TwoFactor } from "../domain/TwoFactor.ts"
import { Done } from "./decisions/Done.ts"

/** Who asked, under which key a repeat is recognised, and the budgets to look at. No secret is among it. */
export const By = Schema.Struct({
  actor: Actor,
  reference: Schema.String,
  client: Schema.UndefinedOr(Client),
  source: Schema.UndefinedOr(Schema.String),
  idempotency: Schema.Array(Schema.Struct({ scope: Schema.String, body: Schema.String })),
  subjects: Schema.Array(Schema.String)
})
export type By = typeof By.Type

const PasswordVerdict = Schema.Struct({ epoch: Schema.Int, right: Schema.Boolean })
const GrantVerdict = Schema.Union([Schema.Struct({ id: GrantId }), Schema.Literals(["forged", "absent"])])
const NewMethod = {
  method: MethodId,
  destination: Schema.UndefinedOr(Schema.String),
  acknowledged: Schema.UndefinedOr(Schema.String),
  password: PasswordVerdict
}

/** What was judged belongs to an earlier state of the account: read it and judge again. */
export const JudgeAgain = Schema.TaggedStruct("JudgeAgain", {})
const Cancelled = Schema.TaggedStruct("Cancelled", {})

/** What each command may be answered with. A refusal that counts is an answer: a failure would undo the count (S-23). */
export const answers = {
  signIn: Schema.Union([Done, Challenge, JudgeAgain, ...refusalsOf.signIn]),
  stepUp: Schema.Union([Challenge, ...refusalsOf.stepUp]),
  setUp: Schema.Union([Challenge, JudgeAgain, ...refusalsOf.setUp]),
  changeMethod: Schema.Union([Challenge, JudgeAgain, ...refusalsOf.changeMethod]),
  disable: Schema.Union([TwoFactor, JudgeAgain, ...refusalsOf.disable]),
  verify: Schema.Union([Done, JudgeAgain, ...refusalsOf.verify]),
  resend: Schema.Union([Challenge, ...refusalsOf.resend]),
  cancel: Schema.Union([Cancelled, IdempotencyConflict, ...refusalsOf.cancel])
} as const

/** An answer, and whether it is the one that the same Idempotency-Key got before. */
const reply = <Answer extends Schema.Top>(answer: Answer) => Schema.Struct({ answer, replayed: Schema.Boolean })

/** One message a command, to the actor of one account. */
export const commands = [
  Rpc.make("SignIn", { payload: { by: By, password: PasswordVerdict }, success: reply(answers.signIn) }),
  Rpc.make("StepUp", { payload: { by: By }, success: reply(answers.stepUp) }),
  Rpc.make("SetUp", { payload: { by: By, ...NewMethod }, success: reply(answers.setUp) }),
  Rpc.make("Change", { payload: { by: By, ...NewMethod, grant: GrantVerdict }, success: reply(answers.changeMethod) }),
  Rpc.make("Disable", {
    payload: { by: By, password: PasswordVerdict, grant: GrantVerdict },
    success: reply(answers.disable)
  }),
  Rpc.make("Verify", {
    payload: {
      by: By,
      verdict: Schema.Struct({ challengeId: ChallengeId, issue: Schema.Int, right: Schema.Boolean })
    },
    success: reply(answers.verify)
  }),
  Rpc.make("Resend", { payload: { by: By, challengeId: ChallengeId }, success: reply(answers.resend) }),
  Rpc.make("Cancel", { payload: { by: By, challengeId: ChallengeId }, success: reply(answers.cancel) })
] as const
