import { Context, Effect, Redacted } from "effect"
import { cancel } from "../../../src/account/cancel.ts"
import type { Caller } from "../../../src/account/Caller.ts"
import { changeMethod } from "../../../src/account/changeMethod.ts"
import { disable } from "../../../src/account/disable.ts"
import { goBack } from "../../../src/account/goBack.ts"
import { importAccount } from "../../../src/account/importAccount.ts"
import { liftReport } from "../../../src/account/lift.ts"
import { reportNotice } from "../../../src/account/reportNotice.ts"
import { resend } from "../../../src/account/resend.ts"
import { setUp } from "../../../src/account/setUp.ts"
import { signIn } from "../../../src/account/signIn.ts"
import { stepUp } from "../../../src/account/stepUp.ts"
import { turnBackOn } from "../../../src/account/turnBackOn.ts"
import { verify } from "../../../src/account/verify.ts"
import type { ChallengeState } from "../../../src/domain/AccountState.ts"
import { AccountId, type ChallengeId } from "../../../src/domain/ids.ts"
import type { NoticeState } from "../../../src/domain/notices.ts"
import type { Refusal } from "../../../src/domain/refusalsOf.ts"
import { BearerTokens } from "../../../src/services/BearerTokens.ts"
import { OtpIssuer } from "../../../src/services/OtpIssuer.ts"
import type { CodeGiven, Wish } from "./commands.ts"
import { derivations } from "../surroundings.ts"
import type { Provided } from "./nodes.ts"

/** The customers of every history. */
export const people = [AccountId.make("alex"), AccountId.make("sam")] as const
export const whose = (account: number): AccountId => people[account] ?? people[0]

/** What the people of a history know: what they were told, and what came by mail. */
export interface Knowledge {
  /** The password of each account. */
  readonly passwords: ReadonlyMap<AccountId, string>
  /** The grants that answers brought, newest last. */
  readonly grants: ReadonlyArray<{ readonly accountId: AccountId; readonly token: string }>
  /** The challenges of an account, newest last. */
  challengesOf(accountId: AccountId): ReadonlyArray<ChallengeState>
  /** The links of its notices, newest last. */
  noticesOf(accountId: AccountId): ReadonlyArray<Pick<NoticeState, "id" | "epoch" | "keyId">>
  /** Counts what is new. */
  serial(): number
}

/** What a wish comes to once it begins. */
export interface Meaning {
  readonly call: Effect.Effect<unknown, Refusal, Provided | Caller>
  /** In words, for whoever reads the history. */
  readonly says: string
  readonly challengeId?: ChallengeId
  /** Whether the code that is entered is the one of the challenge as it is now. */
  readonly rightCode?: boolean
  /** Which issue it has. */
  readonly issue?: number
  /** The grant that comes along. */
  readonly grantId?: string | undefined
  /** A password that the person has from now on if this is done. */
  readonly newPassword?: string
}

const otp = Context.get(derivations, OtpIssuer)
const tokens = Context.get(derivations, BearerTokens)

/** The code that a challenge has in its nth issue. */
export const codeOf = (accountId: AccountId, challenge: ChallengeState, issue = challenge.issue): string =>
  Redacted.value(Effect.runSync(Effect.orDie(otp.codeFor({ ...challenge, accountId, issue }))))

const anotherDigit = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))

const theOther = (accountId: AccountId) => (accountId === people[0] ? people[1] : people[0])

const entered = (knows: Knowledge, accountId: AccountId, challenge: ChallengeState, given: CodeGiven): string => {
  const right = codeOf(accountId, challenge)
  switch (given) {
    case "right":
      return right
    case "of the issue before":
      return challenge.issue === 1 ? anotherDigit(right) : codeOf(accountId, challenge, challenge.issue - 1)
    case "of another challenge": {
      const own = knows.challengesOf(accountId).findLast(({ id }) => id !== challenge.id)
      if (own !== undefined) return codeOf(accountId, own)
      const theirs = knows.challengesOf(theOther(accountId)).at(-1)
      return theirs === undefined ? anotherDigit(right) : codeOf(theOther(accountId), theirs)
    }
    default:
      return anotherDigit(right)
  }
}

const grantOf = ({ grants }: Knowledge, accountId: AccountId, back: number | "none" | "of another account") => {
  if (back === "none") return undefined
  const whoseGrant = back === "of another account" ? theOther(accountId) : accountId
  const held = grants.filter((one) => one.accountId === whoseGrant)
  const token = held.at(-1 - (typeof back === "number" ? back : 0))?.token
  return token === undefined ? undefined : Redacted.make(token)
}

const idIn = (token: Redacted.Redacted | undefined) => (token === undefined ? undefined : tokens.claimedId(token))

/** The token of a notice's link, as its letter has it. */
const linkOf = (knows: Knowledge, accountId: AccountId, back: number) => {
  const notice = knows.noticesOf(accountId).at(-1 - back)
  if (notice === undefined) return undefined
  return Effect.runSync(
    tokens.issue({ kind: "notice-link", id: notice.id, accountId, epoch: notice.epoch }, notice.keyId)
  )
}

/** What this wish comes to now; undefined where there is nothing that it could be about. */
export const meaningOf = (knows: Knowledge, wish: Wish, accountId: AccountId): Meaning | undefined => {
  const known = knows.passwords.get(accountId) ?? ""
  const password = (which: "right" | "wrong") => Redacted.make(which === "right" ? known : "not the password")
  const challenge = "challenge" in wish ? knows.challengesOf(accountId).at(-1 - wish.challenge) : undefined
  const number = (chosen: number | undefined) => (chosen === undefined ? undefined : `+6012555020${chosen}`)
  const destination = (asked: { readonly method: string; readonly number?: number }) =>
    asked.method === "SMS" ? number(asked.number) : undefined
  const says = `${accountId}: ${JSON.stringify(wish)}`
  switch (wish.do) {
    case "import": {
      const serial = knows.serial()
      const newPassword = `password ${serial}`
      const changed = {
        email: { email: `${accountId}.${serial}@customer.example` },
        phone: { phone: `+60125551${String(serial).padStart(3, "0")}` },
        password: { password: Redacted.make(newPassword) },
        nothing: {}
      }[wish.changes]
      const call = importAccount({ accountId, ...changed })
      return wish.changes === "password" ? { call, says, newPassword } : { call, says }
    }
    case "sign in":
      return { says, call: signIn({ accountId, password: password(wish.password) }) }
    case "step up":
      return { says, call: stepUp({ accountId }) }
    case "set up": {
      const { method } = wish
      const asked = { accountId, method, destination: destination(wish), password: password(wish.password) }
      return { says, call: setUp(asked) }
    }
    case "change": {
      const { method } = wish
      const grant = grantOf(knows, accountId, wish.grant)
      const asked = { accountId, method, destination: destination(wish), password: password(wish.password), grant }
      return { says, call: changeMethod(asked), grantId: idIn(grant) }
    }
    case "disable": {
      const grant = grantOf(knows, accountId, wish.grant)
      return { says, call: disable({ accountId, password: password(wish.password), grant }), grantId: idIn(grant) }
    }
    case "lift": {
      const grant = grantOf(knows, accountId, wish.grant)
      return { says, call: liftReport({ accountId, password: password(wish.password), grant }), grantId: idIn(grant) }
    }
    case "verify": {
      if (challenge === undefined) return undefined
      const code = entered(knows, accountId, challenge, wish.code)
      return {
        says: `${says} (${challenge.purpose}, ${challenge.status})`,
        call: verify({ challengeId: challenge.id, code: Redacted.make(code) }),
        challengeId: challenge.id,
        issue: challenge.issue,
        rightCode: code === codeOf(accountId, challenge)
      }
    }
    case "resend":
      if (challenge === undefined) return undefined
      return { says, call: resend({ challengeId: challenge.id }), challengeId: challenge.id }
    case "cancel":
      if (challenge === undefined) return undefined
      return { says, call: cancel(challenge.id), challengeId: challenge.id }
    case "report":
    case "turn back on":
    case "go back": {
      const token = linkOf(knows, accountId, wish.notice)
      if (token === undefined) return undefined
      if (wish.do === "report") return { says, call: reportNotice(token) }
      const asked = { token, password: password(wish.password) }
      return { says, call: wish.do === "go back" ? goBack(asked) : turnBackOn(asked) }
    }
    default:
      return undefined
  }
}
