import { Effect, Redacted, Semaphore } from "effect"
import { AccountId, type MethodId } from "../domain/ids.ts"
import { read } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { deleteAccount } from "./deleteAccount.ts"
import { type Import, importAccount } from "./importAccount.ts"

/** The password of every demo account; published, so demo accounts refuse every sign-in while the demo is off. */
export const demoPassword = "harbor-demo-2026"

/** The people of the demo, as a portal would have registered them. */
export const demoAccounts: ReadonlyArray<{
  readonly id: string
  readonly name: string
  readonly email: string
  readonly phone: string | null
  readonly twoFactor?: MethodId
}> = [
  { id: "alex", name: "Alex Tan", email: "alex@customer.example", phone: "+60125550101", twoFactor: "SMS" },
  { id: "sam", name: "Sam Lim", email: "sam@customer.example", phone: "+60125550102" },
  { id: "robin", name: "Robin Lee", email: "robin@customer.example", phone: null, twoFactor: "EMAIL" }
]

const bySystem = Effect.provideService(
  Caller,
  Caller.of({
    actor: "system",
    reference: "demo",
    client: undefined,
    source: undefined,
    idempotency: [],
    replayed: Effect.void
  })
)

const registration = ({ id, name, email, phone, twoFactor }: (typeof demoAccounts)[number]): Import => ({
  accountId: AccountId.make(id),
  name,
  email,
  phone,
  twoFactor,
  password: Redacted.make(demoPassword),
  timeZone: "Asia/Kuala_Lumpur",
  demo: true
})

const exists = Effect.fnUntraced(function* (accountId: AccountId) {
  return (yield* read({ accountId })).account !== undefined
})

/** Registers the demo accounts that do not exist; those that do are left as they are. */
export const registerDemo = Effect.forEach(
  demoAccounts,
  Effect.fnUntraced(function* (account) {
    const asked = registration(account)
    if (!(yield* exists(asked.accountId))) yield* importAccount(asked)
  }),
  { discard: true }
).pipe(bySystem)

/** Two at once would delete what the other has just registered. */
const oneAtATime = Semaphore.makeUnsafe(1)

/** Puts the demo accounts back as they were at first. */
export const resetDemo = Effect.forEach(
  demoAccounts,
  Effect.fnUntraced(function* (account) {
    const asked = registration(account)
    if (yield* exists(asked.accountId)) yield* deleteAccount(asked.accountId)
    yield* importAccount(asked)
  }),
  { discard: true }
).pipe(bySystem, oneAtATime.withPermit)
