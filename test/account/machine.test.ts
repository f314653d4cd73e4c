import { assert, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { cancel } from "../../src/account/cancel.ts"
import { changeMethod } from "../../src/account/changeMethod.ts"
import { disable } from "../../src/account/disable.ts"
import { executeReset } from "../../src/account/executeDueResets.ts"
import { goBack } from "../../src/account/goBack.ts"
import { liftReport } from "../../src/account/lift.ts"
import { reportNotice } from "../../src/account/reportNotice.ts"
import { requestReset } from "../../src/account/reset.ts"
import { resend } from "../../src/account/resend.ts"
import { setUp } from "../../src/account/setUp.ts"
import { signIn } from "../../src/account/signIn.ts"
import { readTwoFactor } from "../../src/account/status.ts"
import { stepUp } from "../../src/account/stepUp.ts"
import { turnBackOn } from "../../src/account/turnBackOn.ts"
import { verify } from "../../src/account/verify.ts"
import { type AccountId, ChallengeId, ResetId } from "../../src/domain/ids.ts"
import { machine, protections } from "../../src/domain/state.ts"
import { BearerTokens } from "../../src/services/BearerTokens.ts"
import { anAccount, asPortal, codeOf, everythingOf, password, rekey, wrong } from "../kit/core.ts"

/**
 * The state machine of the contract, copied from its page and not from the code: what each event answers in each state.
 * `ok` or the code of the refusal. In the last column: what it answers where the owner has frozen the account and the
 * state itself would allow it.
 */
const contract = {
  "sign-in": ["ok", "ok", "method_suspended", "ok"],
  "step-up": ["not_enabled", "ok", "method_suspended", "ok"],
  setup: ["ok", "already_enabled", "method_suspended", "protection_reported"],
  change: ["not_enabled", "ok", "method_suspended", "protection_reported"],
  disable: ["already_disabled", "ok", "method_suspended", "protection_reported"],
  "verify sign-in": ["challenge_closed", "ok", "method_suspended", "ok"],
  "verify step-up": ["challenge_closed", "ok", "method_suspended", "ok"],
  "verify setup": ["ok", "challenge_closed", "challenge_closed", "protection_reported"],
  "verify change": ["challenge_closed", "ok", "challenge_closed", "protection_reported"],
  "verify go-back": ["challenge_closed", "ok", "challenge_closed", "ok"],
  resend: ["ok", "ok", "method_suspended", "ok"],
  cancel: ["ok", "ok", "ok", "ok"],
  report: ["ok", "ok", "ok", "ok"],
  "turn-back-on": ["ok", "already_enabled", "method_suspended", "ok"],
  "go-back": ["not_enabled", "ok", "method_suspended", "ok"],
  lift: ["not_enabled", "ok", "method_suspended", "ok"],
  "request-reset": ["already_disabled", "ok", "ok", "ok"],
  "execute-reset": ["already_disabled", "ok", "ok", "ok"]
} as const
type Event = keyof typeof contract
type Protection = (typeof protections)[number]
const events = Object.keys(contract) as ReadonlyArray<Event>

const moveTo = Effect.fn(function* (accountId: AccountId, protection: Protection, reported: boolean) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`delete from enrolments where account_id = ${accountId}`
  if (protection !== "off") {
    yield* sql`insert into enrolments (id, account_id, method, destination, enrolled_at, suspended_at)
      values (gen_random_uuid(), ${accountId}, 'EMAIL', ${`${accountId}@customer.example`}, now(),
        ${protection === "suspended" ? sql`now()` : null})`
  }
  yield* sql`update accounts set reported_at = ${reported ? sql`now()` : null} where account_id = ${accountId}`
})

const grantOf = Effect.fn(function* (accountId: AccountId) {
  const challenge = yield* stepUp({ accountId })
  const outcome = yield* verify({ challengeId: challenge.id, code: yield* codeOf(challenge.id) })
  return outcome.grant
})

/** The link of a notice of that kind, good in the state that the account is in, with a method that it can put back. */
const linkTo = Effect.fn(function* (accountId: AccountId, kind: "disabled" | "changed") {
  const sql = yield* SqlClient.SqlClient
  const tokens = yield* BearerTokens
  const [row] = yield* sql<{ id: string; epoch: number }>`
    with former as (
      insert into enrolments (id, account_id, method, destination, enrolled_at, ended_at)
      values (gen_random_uuid(), ${accountId}, 'SMS', '+60125550199', now(), now()) returning id
    )
    insert into notice_links (id, account_id, epoch, good_at_epoch, key_id, kind, enrolment_before, made_at, expires_at)
    select gen_random_uuid(), a.account_id, a.epoch, a.epoch, 'k1', ${kind}, former.id, now(), now() + interval '72 hours'
    from accounts a, former where a.account_id = ${accountId} returning id, epoch::int as epoch`
  if (row === undefined) return yield* Effect.die("the account is gone")
  return yield* tokens.issue({ kind: "notice-link", id: row.id, accountId, epoch: row.epoch }, "k1")
})

const kindFor: Partial<Record<Event, "disabled" | "changed">> = {
  report: "changed",
  "turn-back-on": "disabled",
  "go-back": "changed",
  "verify go-back": "changed"
}

/** A reset whose wait is over. */
const dueReset = Effect.fn(function* (accountId: AccountId) {
  const sql = yield* SqlClient.SqlClient
  const { id } = yield* requestReset({ accountId, reason: "the phone is lost", requestedBy: "Casey" })
  yield* sql`update resets set requested_at = now() - interval '1 day', executes_at = now() - interval '1 second'
    where id = ${id}::uuid`
  return id
})

interface Ready {
  readonly accountId: AccountId
  readonly grant: Redacted.Redacted | undefined
  readonly token: Redacted.Redacted
  readonly resetId: ResetId
  readonly challenge: { readonly id: ChallengeId; readonly code: Redacted.Redacted } | undefined
}

/** An account in that state, with what the event needs begun while it was allowed. */
const ready = Effect.fn(function* (event: Event, protection: Protection, reported: boolean) {
  const sql = yield* SqlClient.SqlClient
  const needsCode = event.startsWith("verify") || event === "resend" || event === "cancel"
  const beganOff = event === "verify setup" || ((event === "resend" || event === "cancel") && protection === "off")
  const accountId = yield* anAccount()
  yield* moveTo(accountId, beganOff ? "off" : "on", false)
  const grant = beganOff ? undefined : Redacted.make((yield* grantOf(accountId)) ?? "")
  const begun = !needsCode
    ? undefined
    : beganOff
      ? yield* setUp({ accountId, method: "SMS", password })
      : event === "verify change"
        ? yield* changeMethod({ accountId, method: "SMS", password, grant })
        : event === "verify go-back"
          ? yield* goBack({ token: yield* linkTo(accountId, "changed"), password })
          : event === "verify sign-in"
            ? yield* signIn({ accountId, password })
            : yield* stepUp({ accountId })
  const challenge = begun !== undefined && "id" in begun ? { id: begun.id, code: yield* codeOf(begun.id) } : undefined
  yield* sql`update challenges set resend_after = now() where account_id = ${accountId} and status = 'open'`
  const none = ResetId.make("00000000-0000-4000-8000-000000000000")
  const resetId = event === "execute-reset" ? yield* dueReset(accountId) : none
  yield* moveTo(accountId, protection, reported)
  const kind = kindFor[event]
  const token = kind === undefined ? Redacted.make("") : yield* linkTo(accountId, kind)
  return { accountId, grant, token, resetId, challenge } satisfies Ready
})

const perform = Effect.fn(function* (event: Event, { accountId, grant, token, resetId, challenge }: Ready) {
  const challengeId = challenge?.id ?? ChallengeId.make("00000000-0000-4000-8000-000000000000")
  switch (event) {
    case "sign-in":
      return yield* Effect.asVoid(signIn({ accountId, password }))
    case "step-up":
      return yield* Effect.asVoid(stepUp({ accountId }))
    case "setup":
      return yield* Effect.asVoid(setUp({ accountId, method: "SMS", password }))
    case "change":
      return yield* Effect.asVoid(changeMethod({ accountId, method: "SMS", password, grant }))
    case "disable":
      return yield* Effect.asVoid(disable({ accountId, password, grant }))
    case "resend":
      return yield* Effect.asVoid(resend({ challengeId }))
    case "cancel":
      return yield* cancel(challengeId)
    case "report":
      return yield* reportNotice(token)
    case "turn-back-on":
      return yield* Effect.asVoid(turnBackOn({ token, password }))
    case "go-back":
      return yield* Effect.asVoid(goBack({ token, password }))
    case "lift":
      return yield* Effect.asVoid(liftReport({ accountId, password, grant }))
    case "request-reset":
      return yield* Effect.asVoid(requestReset({ accountId, reason: "the phone is lost", requestedBy: "Casey" }))
    case "execute-reset":
      return yield* executeReset({ id: resetId, accountId })
    default:
      return yield* Effect.asVoid(verify({ challengeId, code: challenge?.code ?? password }))
  }
})

/** Runs the event; answers `ok` or the code of the refusal. */
const run = (event: Event, begun: Ready) =>
  perform(event, begun).pipe(
    Effect.match({ onFailure: ({ code }) => code as string, onSuccess: () => "ok" }),
    asPortal()
  )

const readyAsPortal = (event: Event, protection: Protection, reported: boolean) =>
  ready(event, protection, reported).pipe(asPortal())

layer(rekey())("the state machine", (it) => {
  it.effect("S-09: the table that the code uses has the cells of the contract, no more and no fewer", () =>
    Effect.sync(() => {
      const cells = Object.entries(machine).map(([event, { off, on, suspended, frozen }]) => [
        event,
        [off, on, suspended, frozen ? "protection_reported" : "ok"]
      ])
      assert.deepStrictEqual(Object.fromEntries(cells), contract)
    })
  )

  for (const event of events) {
    for (const [place, protection] of protections.entries()) {
      for (const reported of [false, true]) {
        const [off, on, suspended, frozen] = contract[event]
        const cell = [off, on, suspended][place] ?? "ok"
        const expected = cell === "ok" && reported ? frozen : cell
        // Nothing is there to be lifted; and what support asked for is settled, whatever the account is by then.
        const changes =
          event === "lift" ? expected === "ok" && reported : expected === "ok" || event === "execute-reset"
        const effect = changes ? "" : ", and nothing changes"
        it.effect(`S-09: ${event} while ${protection}${reported ? ", frozen" : ""}: ${expected}${effect}`, () =>
          Effect.gen(function* () {
            const begun = yield* readyAsPortal(event, protection, reported)
            const before = yield* everythingOf(begun.accountId)
            assert.strictEqual(yield* run(event, begun), expected)
            const after = yield* everythingOf(begun.accountId)
            if (changes) assert.notStrictEqual(after, before)
            else assert.strictEqual(after, before)
          })
        )
      }
    }
  }

  const allowedByContract: Record<Protection, ReadonlyArray<string>> = {
    off: ["sign-in", "setup"],
    on: ["sign-in", "step-up", "change", "disable"],
    suspended: []
  }
  for (const protection of protections) {
    for (const reported of [false, true]) {
      it.effect(`allowed, while ${protection}${reported ? ", frozen" : ""}, is what the machine does not refuse`, () =>
        Effect.gen(function* () {
          const { accountId } = yield* readyAsPortal("sign-in", protection, reported)
          const { allowed } = yield* readTwoFactor(accountId)
          const frozen = ["setup", "change", "disable"]
          const expected = [
            ...allowedByContract[protection].filter((action) => !reported || !frozen.includes(action)),
            ...(reported && protection === "on" ? ["lift"] : [])
          ]
          assert.deepStrictEqual(allowed.toSorted(), expected.toSorted())
        }).pipe(asPortal())
      )
    }
  }

  for (const [event, protection] of [
    ["verify sign-in", "on"],
    ["verify setup", "off"],
    ["verify change", "on"]
  ] as const) {
    it.effect(`a wrong code of ${event} is 422, counts one try, and leaves protection as it is`, () =>
      Effect.gen(function* () {
        const { accountId, challenge } = yield* readyAsPortal(event, protection, false)
        assert.isDefined(challenge)
        if (challenge === undefined) return
        const before = yield* readTwoFactor(accountId)
        const refusal = yield* Effect.flip(verify({ challengeId: challenge.id, code: wrong(challenge.code) }))
        assert.strictEqual(refusal.code, "code_incorrect")
        const { methods, epoch, status } = yield* readTwoFactor(accountId)
        assert.deepStrictEqual(
          { methods, epoch, status },
          { methods: before.methods, epoch: before.epoch, status: before.status }
        )
      }).pipe(asPortal())
    )
  }
})
