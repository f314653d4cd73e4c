import { timingSafeEqual } from "node:crypto"
import { Result } from "effect"

/** One way in which other software has stored passwords (S-78): one file each, joined in `formats.ts`. */
export interface PasswordFormat {
  readonly name: string
  /** Whether the text says that it is of this format; it may still be malformed. */
  claims(text: string): boolean
  /** The text to store, or one sentence on what is wrong. The sentence never quotes the hash. */
  accept(text: string): Result.Result<string, string>
  /** Whether these bytes fit a text that `accept` gave out. Never busies the event loop. */
  verify(text: string, password: Uint8Array<ArrayBuffer>): Promise<boolean>
}

/** A format whose text is read into parameters once, for acceptance as for verifying, so that the two cannot differ. */
export const passwordFormat = <P>(parts: {
  readonly name: string
  readonly claims: (text: string) => boolean
  readonly parse: (text: string) => Result.Result<P, string>
  /** Left out where the accepted text is stored as it came. */
  readonly write?: (parameters: P) => string
  readonly check: (parameters: P, password: Uint8Array<ArrayBuffer>, text: string) => boolean | Promise<boolean>
}): PasswordFormat => ({
  name: parts.name,
  claims: parts.claims,
  accept: (text) => Result.map(parts.parse(text), (parameters) => parts.write?.(parameters) ?? text),
  verify: async (text, password) => {
    const parameters = parts.parse(text)
    if (Result.isFailure(parameters)) throw new Error(`A stored ${parts.name} hash cannot be read.`)
    return parts.check(parameters.success, password, text)
  }
})

/** Whether two digests are equal, in constant time (S-77). */
export const sameDigest = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && timingSafeEqual(left, right)

/** The bytes of canonical base64, with (`=`) or without padding, or nothing. */
export const bytesOfBase64 = (text: string, padding: "padded" | "bare"): Uint8Array<ArrayBuffer> | undefined => {
  const bytes = Buffer.from(text, "base64")
  const canonical = bytes.toString("base64")
  const expected = padding === "padded" ? canonical : canonical.replace(/=+$/, "")
  return text === expected ? new Uint8Array(bytes) : undefined
}

/** Whether the bytes are there and as many as they should be. */
export const sized = (
  bytes: Uint8Array<ArrayBuffer> | undefined,
  least: number,
  most: number
): bytes is Uint8Array<ArrayBuffer> => bytes !== undefined && bytes.length >= least && bytes.length <= most
