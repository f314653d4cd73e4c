import { Schema } from "effect"
import { Rpc } from "effect/rpc"
import { Actor, ChallengeId, GrantId, MethodId, PortalLinkId, SessionId } from "../domain/ids.ts"
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
  session: Schema.UndefinedOr(SessionId),
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
/** A link to the hosted pages was made; its token is derived at the edge. */
const PortalLinkMade = Schema.TaggedStruct("PortalLinkMade", {
  id: PortalLinkId,
  epoch: Schema.Int,
  keyId: Schema.String,
  expiresAt: Schema.DateTimeUtc
})
/** A session of the hosted pages began. */
const SessionBegun = Schema.TaggedStruct("SessionBegun", { id: SessionId })
/** The link was opened before, or its minute is over. */
const LinkOver = Schema.TaggedStruct("LinkOver", {})
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
  linkPortal: Schema.Union([PortalLinkMade, ...refusalsOf.linkPortal]),
  openSession: Schema.Union([SessionBegun, LinkOver, ...refusalsOf.openSession]),
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
  Rpc.make("LinkPortal", {
    payload: { by: By, returnUrl: Schema.NullOr(Schema.String), grant: GrantVerdict },
    success: reply(answers.linkPortal)
  }),
  Rpc.make("OpenSession", { payload: { by: By, linkId: PortalLinkId }, success: reply(answers.openSession) }),
  Rpc.make("Cancel", { payload: { by: By, challengeId: ChallengeId }, success: reply(answers.cancel) })
] as const
