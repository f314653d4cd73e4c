import { Effect } from "effect"
import { randomInt } from "node:crypto"

/** Crockford's alphabet: no I, L, O or U, so that it can be read out over the telephone. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** A new reference, such as `E-7F3K9Q`. */
export const newReference: Effect.Effect<string> = Effect.sync(
  () => `E-${Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join("")}`
)
