import { Result } from "effect"
import { crypt64 } from "./crypt64.ts"
import { digestBeside } from "./digestThreads.ts"
import { passwordFormat, sameDigest } from "./PasswordFormat.ts"

const most = { rounds: 1_000_000, passwordBytes: 512 } as const // libxcrypt takes no password of more bytes

/** Step 22: the order in which the bytes of the digest are written. */
const byteOrder: ReadonlyArray<number> = (() => {
  const order: Array<number> = []
  let [a, b, c] = [0, 21, 42]
  for (let group = 0; group < 21; group++) {
    order.push(c, b, a)
    ;[a, b, c] = [b + 1, c + 1, a + 1]
  }
  return [...order, 63]
})()

const shape = /^\$6\$(?:rounds=([1-9]\d{0,9})\$)?([!-#%-9;-~]{4,16})\$([./0-9A-Za-z]{85}[./01])$/

/**
 * SHA-512 crypt, `$6$` with or without `rounds=` (Drepper). Own code, checked against the vectors of the specification
 * and glibc's answers: of the packages, unixcrypt 3.0.4 is typed and maintained, but goes wrong where a password has
 * a multiple of 64 bytes.
 */
export const sha512Crypt = passwordFormat({
  name: "sha512-crypt",
  claims: (text) => text.startsWith("$6$"),
  parse: (text) => {
    const [, rounds = "5000", salt, digest] = shape.exec(text) ?? []
    if (salt === undefined || digest === undefined) {
      return Result.fail("The sha512-crypt hash is not $6$ with a salt of 4 to 16 characters and 86 of hash.")
    }
    return Number(rounds) >= 1000 && Number(rounds) <= most.rounds
      ? Result.succeed({ rounds: Number(rounds), salt, digest })
      : Result.fail("The sha512-crypt rounds may be 1000 to 1000000.")
  },
  check: async ({ digest, rounds, salt }, password) => {
    // every round hashes the password: many rounds and a very long one together would hold a core for a minute
    if (password.length * rounds > most.passwordBytes * most.rounds) return false
    const order = { algorithm: "sha512-crypt", password, salt: new TextEncoder().encode(salt), rounds } as const
    const computed = await digestBeside(order)
    return sameDigest(Buffer.from(crypt64(byteOrder.map((at) => computed[at] ?? 0))), Buffer.from(digest))
  }
})
