import { pbkdf2 } from "node:crypto"
import { sameDigest } from "./PasswordFormat.ts"

/** PBKDF2 (RFC 8018) as two formats write it. */
export interface Pbkdf2 {
  readonly hash: "sha1" | "sha256" | "sha512"
  readonly iterations: number
  readonly salt: Uint8Array<ArrayBuffer>
  readonly digest: Uint8Array<ArrayBuffer>
}

/** What is wrong with this number of iterations, in one sentence, or nothing. */
export const iterationsProblem = (iterations: number): string | undefined =>
  Number.isInteger(iterations) && iterations >= 1 && iterations <= 5_000_000
    ? undefined
    : "PBKDF2 may have 1 to 5000000 iterations."

/** Whether the password fits, computed on a thread of libuv's pool. */
export const fitsPbkdf2 = (stored: Pbkdf2, password: Uint8Array): Promise<boolean> =>
  new Promise((resolve, reject) => {
    pbkdf2(password, stored.salt, stored.iterations, stored.digest.length, stored.hash, (error, derived) =>
      error === null ? resolve(sameDigest(derived, stored.digest)) : reject(error)
    )
  })
