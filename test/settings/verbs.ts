import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { readSettings } from "../../src/settings.ts"

/** Variables. */
export type Env = Record<string, string>

/** An API key that is just long enough. */
export const key = "k".repeat(32)
/** A key ring of one entry. */
export const ring = `a:${Buffer.alloc(32, 1).toString("base64")}`

/** The least that a service with a database of its own needs. */
export const production: Env = {
  DATABASE_URL: "postgres://rekey:pw@db.example/rekey",
  PUBLIC_URL: "https://security.example",
  REKEY_API_KEY: key,
  REKEY_SECRET_KEYS: ring,
  SMTP_URL: "smtps://user:pass@mail.example:465"
}

/** All variables but one. */
export const without = (env: Env, name: string): Env =>
  Object.fromEntries(Object.entries(env).filter(([one]) => one !== name))

/** The sentences that stop the start. */
export const faultsOf = (env: Env) => Effect.map(Effect.flip(readSettings(env)), ({ faults }) => faults)

/** Variables that a start takes. */
export const taken = (title: string, env: Env) => it.effect(title, () => Effect.asVoid(readSettings(env)))

/** Refused with one sentence, which names the variable and ends like one. */
export const refused = (title: string, env: Env, says: RegExp) =>
  it.effect(title, () =>
    Effect.gen(function* () {
      const faults = yield* faultsOf(env)
      assert.strictEqual(faults.length, 1, faults.join("\n"))
      assert.match(faults[0] ?? "", says)
      assert.match(faults[0] ?? "", /^[A-Z][^\n]*\.$/)
    })
  )

/** Texts of one variable on both sides of what is allowed. */
export const both = (
  name: string,
  base: Env,
  { good, bad }: { readonly good: ReadonlyArray<string>; readonly bad: ReadonlyArray<string> }
) => {
  for (const text of good) taken(`${name} may be “${text}”`, { ...base, [name]: text })
  for (const text of bad)
    refused(`${name} may not be “${text}”`, { ...base, [name]: text }, new RegExp(`\\b${name}\\b`))
}
