import { Context, Effect, Layer, Redacted, Schema } from "effect"
import { hkdfSync } from "node:crypto"

/** What a key is for; each use has a key of its own, derived by HKDF (S-77). */
export const keyUses = [
  "code",
  "token",
  "request",
  "seal",
  "data",
  "cookie",
  "audit",
  "subject",
  "matching",
  "development"
] as const
export type KeyUse = (typeof keyUses)[number]

/** One entry of the ring, as it is configured: 32 bytes or more. */
export interface RingEntry {
  readonly id: string
  readonly key: Redacted.Redacted<Uint8Array>
}

/** A row was made with a key that has left the ring. */
export class KeyUnknown extends Schema.TaggedError<KeyUnknown>()("KeyUnknown", { keyId: Schema.String }) {}

const derivedBytes = 32

const derive = (entry: RingEntry, use: KeyUse): Redacted.Redacted<Uint8Array> =>
  Redacted.make(new Uint8Array(hkdfSync("sha256", Redacted.value(entry.key), "", `rekey/1 ${use}`, derivedBytes)), {
    label: `${use} key`
  })

/** The keys: the first entry of the ring makes new data, the others still read what they made. */
export class KeyRing extends Context.Service<
  KeyRing,
  {
    /** Id of the entry that new data is made with. */
    readonly currentId: string
    /** Ids of all entries, the current one first. */
    readonly ids: ReadonlyArray<string>
    /** The derived key of a use. Fails where the id is not in the ring. */
    get(use: KeyUse, keyId: string): Effect.Effect<Redacted.Redacted<Uint8Array>, KeyUnknown>
    /** The derived key of a use in the current entry, with its id. */
    current(use: KeyUse): { readonly id: string; readonly key: Redacted.Redacted<Uint8Array> }
  }
>()("rekey/KeyRing") {
  /** The ring of these entries; at least one. Keys are derived once. */
  static readonly layerOf = (entries: readonly [RingEntry, ...ReadonlyArray<RingEntry>]): Layer.Layer<KeyRing> =>
    Layer.sync(KeyRing, () => {
      const ring = new Map(entries.map((entry) => [entry.id, new Map(keyUses.map((use) => [use, derive(entry, use)]))]))
      const [{ id: currentId }] = entries
      const find = (use: KeyUse, keyId: string) => ring.get(keyId)?.get(use)
      return KeyRing.of({
        currentId,
        ids: entries.map(({ id }) => id),
        get: (use, keyId) => {
          const key = find(use, keyId)
          return key === undefined ? Effect.fail(new KeyUnknown({ keyId })) : Effect.succeed(key)
        },
        current: (use) => ({ id: currentId, key: find(use, currentId) ?? derive(entries[0], use) })
      })
    })
}
