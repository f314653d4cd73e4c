import { Effect } from "effect"
import { ClusterSchema, Entity } from "effect/cluster"
import { AccountId } from "../domain/ids.ts"
import { act } from "./act.ts"
import type { GrantVerdict } from "./decisions/checks.ts"
import { decideCancel } from "./decisions/cancel.ts"
import { decideDisable } from "./decisions/disable.ts"
import { decideLift, decideLiftBySupport, decideReport } from "./decisions/report.ts"
import { decideResend } from "./decisions/resend.ts"
import { decideCancelReset, decideExecuteReset, decideRequestReset, decideStopReset } from "./decisions/reset.ts"
import { decideLinkPortal, decideOpenSession } from "./decisions/session.ts"
import { decideCloseChallenges, decideLinkSlack, decideUnlinkSlack } from "./decisions/slack.ts"
import { decideChange, decideSetUp, decideSignIn, decideStepUp } from "./decisions/start.ts"
import { decideGoBack, decideTurnBackOn } from "./decisions/undo.ts"
import { decideVerify } from "./decisions/verify.ts"
import { answers, commands } from "./protocol.ts"

/** One account: one thing at a time. Hanging up takes nothing back that it has begun (S-23). */
export const Account = Entity.make("Account", [...commands]).annotateRpcs(ClusterSchema.Uninterruptible, true)

const grantId = (grant: GrantVerdict) => (typeof grant === "string" ? undefined : grant.id)

/** The actors: messages carry ids and verdicts, no secret. */
export const layer = Account.toLayer(
  Effect.gen(function* () {
    const accountId = AccountId.make((yield* Entity.CurrentAddress).entityId)
    return Account.of({
      SignIn: ({ payload: { by, ...asked } }) =>
        act({ accountId, by, answers: answers.signIn, decide: (deciding) => decideSignIn(deciding, asked) }),
      StepUp: ({ payload: { by } }) => act({ accountId, by, answers: answers.stepUp, decide: decideStepUp }),
      SetUp: ({ payload: { by, ...asked } }) =>
        act({ accountId, by, answers: answers.setUp, decide: (deciding) => decideSetUp(deciding, asked) }),
      Change: ({ payload: { by, ...asked } }) =>
        act({
          accountId,
          by,
          grantId: grantId(asked.grant),
          answers: answers.changeMethod,
          decide: (deciding) => decideChange(deciding, asked)
        }),
      Disable: ({ payload: { by, ...asked } }) =>
        act({
          accountId,
          by,
          grantId: grantId(asked.grant),
          answers: answers.disable,
          decide: (deciding) => decideDisable(deciding, asked)
        }),
      Verify: ({ payload: { by, verdict } }) =>
        act({
          accountId,
          by,
          challengeId: verdict.challengeId,
          answers: answers.verify,
          decide: (deciding) => decideVerify(deciding, verdict)
        }),
      Resend: ({ payload: { by, challengeId } }) =>
        act({
          accountId,
          by,
          challengeId,
          answers: answers.resend,
          decide: (deciding) => decideResend(deciding, { challengeId })
        }),
      LinkPortal: ({ payload: { by, ...asked } }) =>
        act({
          accountId,
          by,
          grantId: grantId(asked.grant),
          answers: answers.linkPortal,
          decide: (deciding) => decideLinkPortal(deciding, asked)
        }),
      OpenSession: ({ payload: { by, linkId } }) =>
        act({ accountId, by, entrance: { link: linkId }, answers: answers.openSession, decide: decideOpenSession }),
      Cancel: ({ payload: { by, challengeId } }) =>
        act({
          accountId,
          by,
          challengeId,
          answers: answers.cancel,
          decide: (deciding) => decideCancel(deciding, { challengeId })
        }),
      Report: ({ payload: { by, noticeLinkId } }) =>
        act({
          accountId,
          // A report ends every session, that of whoever reports too.
          by: { ...by, session: undefined },
          noticeLinkId,
          answers: answers.report,
          decide: decideReport
        }),
      TurnBackOn: ({ payload: { by, noticeLinkId, password } }) =>
        act({
          accountId,
          by,
          noticeLinkId,
          answers: answers.turnBackOn,
          decide: (deciding) => decideTurnBackOn(deciding, { password })
        }),
      GoBack: ({ payload: { by, noticeLinkId, password } }) =>
        act({
          accountId,
          by,
          noticeLinkId,
          answers: answers.goBack,
          decide: (deciding) => decideGoBack(deciding, { password })
        }),
      Lift: ({ payload: { by, ...asked } }) =>
        act({
          accountId,
          by,
          grantId: grantId(asked.grant),
          answers: answers.lift,
          decide: (deciding) => decideLift(deciding, asked)
        }),
      LiftBySupport: ({ payload: { by } }) =>
        act({ accountId, by, answers: answers.liftBySupport, decide: decideLiftBySupport }),
      RequestReset: ({ payload: { by, ...asked } }) =>
        act({
          accountId,
          by,
          answers: answers.requestReset,
          decide: (deciding) => decideRequestReset(deciding, asked)
        }),
      StopReset: ({ payload: { by, noticeLinkId } }) =>
        act({ accountId, by, noticeLinkId, answers: answers.stopReset, decide: decideStopReset }),
      CancelReset: ({ payload: { by } }) =>
        act({ accountId, by, answers: answers.cancelReset, decide: decideCancelReset }),
      ExecuteReset: ({ payload: { by, resetId } }) =>
        act({
          accountId,
          by,
          answers: answers.executeReset,
          decide: (deciding) => decideExecuteReset(deciding, { resetId })
        }),
      LinkSlack: ({ payload: { by, invitationId, right } }) =>
        act({
          accountId,
          by,
          slack: { invitation: invitationId },
          answers: answers.linkSlack,
          decide: (deciding) => decideLinkSlack(deciding, { right })
        }),
      UnlinkSlack: ({ payload: { by, user, displayName } }) =>
        act({
          accountId,
          by,
          slack: { user },
          answers: answers.unlinkSlack,
          decide: (deciding) => decideUnlinkSlack(deciding, { user, displayName })
        }),
      CloseChallenges: ({ payload: { by } }) =>
        act({ accountId, by, answers: answers.closeChallenges, decide: decideCloseChallenges })
    })
  }),
  { maxIdleTime: "10 seconds", mailboxCapacity: 128, disableFatalDefects: true }
)
