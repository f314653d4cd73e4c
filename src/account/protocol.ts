import { Schema } from "effect"
import { Rpc } from "effect/rpc"
import {
  Actor,
  ChallengeId,
  GrantId,
  MethodId,
  NoticeLinkId,
  PortalLinkId,
  ResetId,
  SessionId,
  SlackInvitationId
} from "../domain/ids.ts"
import { Client } from "../domain/letters.ts"
import { IdempotencyConflict } from "../domain/refusals.ts"
import { refusalsOf } from "../domain/refusalsOf.ts"
import { SlackUser } from "../domain/slack.ts"
import { Challenge, TwoFactor, WaitingReset } from "../domain/TwoFactor.ts"
import { Done } from "./decisions/Done.ts"

/** Who asked, under which key a repeat is recognised, and the budgets to look at. No secret is among it. */
export const By = Schema.Struct({
  actor: Actor,
  reference: Schema.String,
  client: Schema.UndefinedOr(Client),
  source: Schema.UndefinedOr(Schema.String),
  session: Schema.UndefinedOr(Schema.Struct({ id: SessionId, epoch: Schema.Int })),
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
/** The account is frozen; or not any more. */
const Reported = Schema.TaggedStruct("Reported", {})
const Lifted = Schema.TaggedStruct("Lifted", {})
/** No reset waits; or one that was due is settled. */
const ResetStopped = Schema.TaggedStruct("ResetStopped", {})
const ResetSettled = Schema.TaggedStruct("ResetSettled", {})

/** Linked, now or before; the number was another; or the invitation is over. */
const SlackLinked = Schema.TaggedStruct("SlackLinked", {})
const WrongNumber = Schema.TaggedStruct("WrongNumber", {})
const InvitationOver = Schema.TaggedStruct("InvitationOver", {})
/** No longer linked; `was`: until now. */
const SlackUnlinked = Schema.TaggedStruct("SlackUnlinked", { was: Schema.Boolean })
/** No challenge is open any more; so many were. */
const ChallengesClosed = Schema.TaggedStruct("ChallengesClosed", { closed: Schema.Int })

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
  cancel: Schema.Union([Cancelled, IdempotencyConflict, ...refusalsOf.cancel]),
  report: Schema.Union([Reported, ...refusalsOf.report]),
  turnBackOn: Schema.Union([TwoFactor, JudgeAgain, ...refusalsOf.turnBackOn]),
  goBack: Schema.Union([Challenge, JudgeAgain, ...refusalsOf.goBack]),
  lift: Schema.Union([TwoFactor, JudgeAgain, ...refusalsOf.lift]),
  liftBySupport: Schema.Union([Lifted, IdempotencyConflict, ...refusalsOf.liftBySupport]),
  requestReset: Schema.Union([WaitingReset, ...refusalsOf.requestReset]),
  stopReset: Schema.Union([ResetStopped, ...refusalsOf.stopReset]),
  cancelReset: Schema.Union([ResetStopped, IdempotencyConflict, ...refusalsOf.cancelReset]),
  executeReset: Schema.Union([ResetSettled, ...refusalsOf.executeReset]),
  linkSlack: Schema.Union([SlackLinked, WrongNumber, InvitationOver, ...refusalsOf.linkSlack]),
  unlinkSlack: Schema.Union([SlackUnlinked, ...refusalsOf.unlinkSlack]),
  closeChallenges: Schema.Union([ChallengesClosed, ...refusalsOf.closeChallenges])
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
  Rpc.make("Cancel", { payload: { by: By, challengeId: ChallengeId }, success: reply(answers.cancel) }),
  Rpc.make("Report", { payload: { by: By, noticeLinkId: NoticeLinkId }, success: reply(answers.report) }),
  Rpc.make("TurnBackOn", {
    payload: { by: By, noticeLinkId: NoticeLinkId, password: PasswordVerdict },
    success: reply(answers.turnBackOn)
  }),
  Rpc.make("GoBack", {
    payload: { by: By, noticeLinkId: NoticeLinkId, password: PasswordVerdict },
    success: reply(answers.goBack)
  }),
  Rpc.make("Lift", {
    payload: { by: By, password: PasswordVerdict, grant: GrantVerdict },
    success: reply(answers.lift)
  }),
  Rpc.make("LiftBySupport", { payload: { by: By }, success: reply(answers.liftBySupport) }),
  Rpc.make("RequestReset", {
    payload: { by: By, reason: Schema.String, requestedBy: Schema.String },
    success: reply(answers.requestReset)
  }),
  Rpc.make("StopReset", { payload: { by: By, noticeLinkId: NoticeLinkId }, success: reply(answers.stopReset) }),
  Rpc.make("CancelReset", { payload: { by: By }, success: reply(answers.cancelReset) }),
  Rpc.make("ExecuteReset", { payload: { by: By, resetId: ResetId }, success: reply(answers.executeReset) }),
  Rpc.make("LinkSlack", {
    payload: { by: By, invitationId: SlackInvitationId, right: Schema.Boolean },
    success: reply(answers.linkSlack)
  }),
  Rpc.make("UnlinkSlack", {
    payload: { by: By, user: SlackUser, displayName: Schema.String },
    success: reply(answers.unlinkSlack)
  }),
  Rpc.make("CloseChallenges", { payload: { by: By }, success: reply(answers.closeChallenges) })
] as const
