import { Result } from "effect"
import { crypt64, crypt64Value } from "./crypt64.ts"
import { digestBeside } from "./digestThreads.ts"
import { passwordFormat, sameDigest } from "./PasswordFormat.ts"

const shape = /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{21}[./01])$/

/**
 * Phpass' portable hash, `$P$` (WordPress) and `$H$` (phpBB). Own code, checked against published vectors: the
 * packages that do it compute on the event loop, and none has seen a release for years.
 */
export const phpass = passwordFormat({
  name: "phpass",
  claims: (text) => /^\$[PH]\$/.test(text),
  parse: (text) => {
    const [, count, salt, digest] = shape.exec(text) ?? []
    if (count === undefined || salt === undefined || digest === undefined) {
      return Result.fail("The phpass hash is not $P$ or $H$ with a count, 8 characters of salt and 22 of hash.")
    }
    const log2 = crypt64Value(count)
    return log2 >= 7 && log2 <= 18
      ? Result.succeed({ rounds: 2 ** log2, salt, digest })
      : Result.fail("The phpass count may be 2^7 to 2^18.")
  },
  check: async ({ digest, rounds, salt }, password) => {
    const computed = await digestBeside({ algorithm: "phpass", password, salt: new TextEncoder().encode(salt), rounds })
    return sameDigest(Buffer.from(crypt64(computed)), Buffer.from(digest))
  }
})
