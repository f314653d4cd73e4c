import { Effect, Redacted, Result } from "effect"
import { createHash, randomBytes, randomUUID } from "node:crypto"
import { type AccountState, inForce } from "../domain/AccountState.ts"
import type { AccountId, MethodId } from "../domain/ids.ts"
import { type FieldFault, ManagedHere, Unavailable, ValidationFailed } from "../domain/refusals.ts"
import { KeyRing } from "../services/KeyRing.ts"
import { acceptPasswordHash } from "../services/passwords/formats.ts"
import { PasswordVerifier } from "../services/PasswordVerifier.ts"
import { type Registration, type Snapshot, TwoFactorStore } from "../services/TwoFactorStore.ts"
import { AccountPolicy } from "./AccountPolicy.ts"
import { inTime, read } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { decideRegistration, decideUpdate } from "./decisions/register.ts"
import { accountOf } from "./views.ts"

/** What the portal states of an account. An omitted field stays; null clears it. */
export interface Import {
  readonly accountId: AccountId
  readonly email?: string | undefined
  readonly phone?: string | null | undefined
  readonly name?: string | null | undefined
  readonly locale?: string | null | undefined
  readonly timeZone?: string | null | undefined
  readonly password?: Redacted.Redacted | undefined
  readonly passwordHash?: Redacted.Redacted | undefined
  readonly twoFactor?: MethodId | undefined
  /** An account of the demo: it refuses every sign-in while the demo is off. */
  readonly demo?: boolean | undefined
}

const importsAtMost = 5

const invalid = Effect.fnUntraced(function* (...errors: ReadonlyArray<FieldFault>) {
  const { reference } = yield* Caller
  return yield* new ValidationFailed({ errors, reference })
})

/** What is to be stored for a password; `importedHash` where it came as a hash. */
interface NewHash {
  readonly passwordHash: Redacted.Redacted
  readonly importedHash: string | null
}

/** What is wrong with the password as it came, before anything costly: 400 comes before 409. */
const wellFormed = Effect.fnUntraced(function* (asked: Import) {
  if (asked.password !== undefined && asked.passwordHash !== undefined) {
    return yield* invalid({ pointer: "/passwordHash", detail: "give password or passwordHash, not both" })
  }
  if (asked.passwordHash === undefined) return undefined
  const accepted = acceptPasswordHash(Redacted.value(asked.passwordHash))
  if (Result.isSuccess(accepted)) return accepted.success
  return yield* invalid({ pointer: "/passwordHash", detail: accepted.failure })
})

/** The hash to store, or undefined where the password is not changed. An imported one is checked for format and cost. */
const hashOf = Effect.fnUntraced(function* (asked: Import, account: Account | undefined) {
  const passwords = yield* PasswordVerifier
  const { reference } = yield* Caller
  const busy = () => Effect.fail(new Unavailable({ retryAfter: 1, reference }))
  const accepted = yield* wellFormed(asked)
  if (accepted !== undefined) {
    const importedHash = createHash("sha256").update(accepted).digest("hex")
    const unchanged = account !== undefined && account.importedHash === importedHash
    return unchanged ? undefined : ({ passwordHash: Redacted.make(accepted), importedHash } satisfies NewHash)
  }
  if (asked.password === undefined) {
    return account === undefined
      ? yield* invalid({ pointer: "/password", detail: "a new account needs password or passwordHash" })
      : undefined
  }
  if (account !== undefined) {
    // A password that fits the stored hash is no change.
    const { right } = yield* passwords
      .verify(Redacted.value(account.passwordHash), asked.password)
      .pipe(Effect.catchTag("PasswordQueueFull", busy))
    if (right) return undefined
  }
  const hash = yield* passwords.hash(asked.password).pipe(Effect.catchTag("PasswordQueueFull", busy))
  return { passwordHash: Redacted.make(hash), importedHash: null } satisfies NewHash
})

/** An account that does not exist yet, as its creation will leave it. */
const blank = (asked: Import, email: string, now: Date): AccountState => ({
  accountId: asked.accountId,
  now,
  version: 1,
  epoch: 1,
  email,
  phone: asked.phone ?? null,
  name: asked.name ?? null,
  locale: asked.locale ?? null,
  timeZone: asked.timeZone ?? null,
  demo: asked.demo ?? false,
  mustEnrol: false,
  reportedAt: null,
  passwordFailures: 0,
  passwordBlockedUntil: null,
  enrolmentFailures: 0,
  enrolmentBlockedUntil: null,
  changedAt: now,
  enrolments: [],
  challenges: [],
  grants: [],
  formerContacts: [],
  reset: null
})

const create = Effect.fnUntraced(function* (asked: Import, snapshot: Snapshot) {
  const store = yield* TwoFactorStore
  const by = yield* Caller
  const { id: keyId } = (yield* KeyRing).current("code")
  if (asked.email === undefined) {
    return yield* invalid({ pointer: "/email", detail: "a new account needs an e-mail address" })
  }
  const state = blank(asked, asked.email, snapshot.now)
  if (asked.twoFactor === "SMS" && state.phone === null) {
    return yield* invalid({ pointer: "/phone", detail: "SMS needs a phone" })
  }
  const hash = yield* hashOf(asked, undefined)
  if (hash === undefined) return "stale"
  const changes = decideRegistration({ state, by, fresh: fresh(keyId) }, asked.twoFactor)
  return yield* inTime(store.register({ ...state, ...hash }, snapshot.head, changes))
})

const update = Effect.fnUntraced(function* (asked: Import, snapshot: Snapshot, account: Account) {
  const store = yield* TwoFactorStore
  const policy = yield* AccountPolicy
  const by = yield* Caller
  const { id: keyId } = (yield* KeyRing).current("code")
  const { state, passwordHash, importedHash } = account
  yield* wellFormed(asked)
  if (asked.twoFactor !== undefined && asked.twoFactor !== inForce(state)?.method) {
    return yield* new ManagedHere({ reference: by.reference })
  }
  const stated = <Value>(given: Value | undefined, kept: Value) => (given === undefined ? kept : given)
  const contact = { email: stated(asked.email, state.email), phone: stated(asked.phone, state.phone) }
  const hash = yield* hashOf(asked, account)
  const deciding = { state, hits: snapshot.hits, by, policy, fresh: fresh(keyId) }
  const changes = decideUpdate(deciding, contact, hash !== undefined)
  const registration: Registration = {
    accountId: state.accountId,
    ...contact,
    name: stated(asked.name, state.name),
    locale: stated(asked.locale, state.locale),
    timeZone: stated(asked.timeZone, state.timeZone),
    ...(hash ?? { passwordHash, importedHash }),
    demo: stated(asked.demo, state.demo)
  }
  return yield* inTime(store.update(registration, snapshot.head, changes))
})

type Account = NonNullable<Snapshot["account"]>
const fresh = (keyId: string) => ({ uuid: randomUUID, nonce: () => randomBytes(16).toString("hex"), keyId })

/**
 * Registers an account or takes over what the portal changed. It goes to the database without the actor, for a password
 * hash must not travel between nodes; the guarded statement is what decides there too.
 */
export const importAccount = Effect.fn("importAccount")(function* (asked: Import) {
  const { reference } = yield* Caller
  const busy = Effect.fail(new Unavailable({ retryAfter: 1, reference }))
  for (let imports = 0; imports < importsAtMost; imports++) {
    const snapshot = yield* read({ accountId: asked.accountId })
    const { account } = snapshot
    const written = yield* account === undefined ? create(asked, snapshot) : update(asked, snapshot, account)
    if (written === "written") {
      const now = yield* read({ accountId: asked.accountId })
      if (now.account !== undefined) return { created: account === undefined, account: accountOf(now.account.state) }
    }
  }
  return yield* busy
})
