import { Context, Layer, Redacted } from "effect"
import { createHash, timingSafeEqual } from "node:crypto"

/** What a key may do: `portal` all but reset, `support` read, reset and close cases, `metrics` the metrics. */
export const roles = ["portal", "support", "metrics"] as const
export type Role = (typeof roles)[number]

/** A key as it is configured. */
export interface ApiKeyEntry {
  readonly role: Role
  readonly key: Redacted.Redacted
}

/** Whose key a request bears: `id` names the key without giving it away. */
export interface KeyHolder {
  readonly id: string
  readonly role: Role
}

const digestOf = (key: Redacted.Redacted): Buffer => createHash("sha256").update(Redacted.value(key)).digest()

/** The API keys, held as digests; several of a role may be valid at once, so that they rotate. */
export class ApiKeys extends Context.Service<
  ApiKeys,
  {
    /** The holder of this key. Takes the same time whichever of them it is, and where it is none. */
    find(bearer: Redacted.Redacted): KeyHolder | undefined
  }
>()("rekey/ApiKeys") {
  /** These keys and no others. */
  static readonly layerOf = (entries: ReadonlyArray<ApiKeyEntry>): Layer.Layer<ApiKeys> =>
    Layer.sync(ApiKeys, () => {
      const keys = entries.map(({ role, key }) => {
        const digest = digestOf(key)
        return { digest, holder: { id: digest.toString("hex").slice(0, 16), role } }
      })
      return ApiKeys.of({
        find: (bearer) => {
          const presented = digestOf(bearer)
          return keys.reduce<KeyHolder | undefined>(
            (found, { digest, holder }) => (timingSafeEqual(digest, presented) ? holder : found),
            undefined
          )
        }
      })
    })
}
