import { Result } from "effect"
import { bytesOfBase64, passwordFormat } from "./PasswordFormat.ts"
import { fitsPbkdf2, iterationsProblem } from "./pbkdf2.ts"
import type { Pbkdf2 } from "./pbkdf2.ts"

const digestBytes = { sha1: 20, sha256: 32, sha512: 64 } as const

const isHash = (text: string | undefined): text is Pbkdf2["hash"] =>
  text !== undefined && Object.hasOwn(digestBytes, text)

const parse = (text: string): Result.Result<Pbkdf2, string> => {
  const [, hash, iterations, salt, digest] =
    /^pbkdf2_(sha\d+)\$([1-9]\d{0,9})\$([!-#%-~]{4,128})\$([^$]{1,100})$/.exec(text) ?? []
  if (!isHash(hash) || salt === undefined || digest === undefined) {
    return Result.fail(
      "The Django hash is not a pbkdf2_sha256 text with iterations, a salt of 4 to 128 characters and hash."
    )
  }
  const problem = iterationsProblem(Number(iterations))
  if (problem !== undefined) return Result.fail(problem)
  const bytes = bytesOfBase64(digest, "padded")
  return bytes?.length === digestBytes[hash]
    ? Result.succeed({ hash, iterations: Number(iterations), salt: new TextEncoder().encode(salt), digest: bytes })
    : Result.fail(`The Django hash value is not base64 of ${digestBytes[hash]} bytes.`)
}

/** PBKDF2 as Django writes it: `pbkdf2_sha256$iterations$salt$hash`, also with SHA-1 and SHA-512. */
export const django = passwordFormat({
  name: "Django",
  claims: (text) => text.startsWith("pbkdf2_"),
  parse,
  check: fitsPbkdf2
})
