import { Redacted, Result } from "effect"
import type { Reader } from "./Setting.ts"

/** An API key and what it may do. */
export interface ApiKey {
  readonly role: "portal" | "support" | "metrics"
  readonly key: Redacted.Redacted
}

/** One entry of the key ring. */
export interface SecretKey {
  readonly id: string
  readonly key: Redacted.Redacted<Uint8Array>
}

/** The key ring: the first entry makes new data, and there always is one. */
export type SecretKeys = readonly [SecretKey, ...ReadonlyArray<SecretKey>]

const entriesOf = (text: string): ReadonlyArray<string> => text.split(",").map((entry) => entry.trim())

const allDiffer = (texts: ReadonlyArray<string>): boolean => new Set(texts).size === texts.length

const roles = ["portal", "support", "metrics"] as const
const apiKeyForm = /^(?:([a-z]+):)?([\x21-\x7e]{32,})$/

/** `role:key,…`; a bare key is the portal's. A key has no colon, so that a misspelt role is no part of it. */
export const apiKeys: Reader<ReadonlyArray<ApiKey>> = (text) => {
  const keys: Array<ApiKey> = []
  for (const [place, entry] of entriesOf(text).entries()) {
    const [, named = "portal", key = ""] = apiKeyForm.exec(entry) ?? []
    const role = roles.find((one) => one === named)
    if (role === undefined || key === "" || key.includes(":"))
      return Result.fail(
        `role:key,… where each role is portal, support or metrics and each key has 32 or more visible characters, none of them a colon (entry ${place + 1} has not)`
      )
    keys.push({ role, key: Redacted.make(key, { label: "API key" }) })
  }
  return allDiffer(keys.map(({ key }) => Redacted.value(key)))
    ? Result.succeed(keys)
    : Result.fail("keys that differ: one of them is listed twice")
}

const secretKeyForm = /^([A-Za-z0-9._-]{1,32}):((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?)$/
const leastBytes = 32

/** `id:base64,…`, each 32 bytes or more. */
export const secretKeys: Reader<SecretKeys> = (text) => {
  const keys: Array<SecretKey> = []
  for (const [place, entry] of entriesOf(text).entries()) {
    const [, id = "", base64 = ""] = secretKeyForm.exec(entry) ?? []
    const bytes = new Uint8Array(Buffer.from(base64, "base64"))
    if (bytes.byteLength < leastBytes)
      return Result.fail(
        `id:base64,… where each key has ${leastBytes} bytes or more, as openssl rand -base64 32 makes it (entry ${place + 1} has not)`
      )
    keys.push({ id, key: Redacted.make(bytes, { label: "secret key" }) })
  }
  const [first, ...others] = keys
  return first !== undefined && allDiffer(keys.map(({ id }) => id))
    ? Result.succeed([first, ...others])
    : Result.fail("keys with different ids: one id is listed twice")
}
