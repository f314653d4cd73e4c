import { scrypt as derive } from "node:crypto"
import { Result } from "effect"
import { bytesOfBase64, passwordFormat, sameDigest, sized } from "./PasswordFormat.ts"

interface Scrypt {
  readonly n: number
  readonly r: number
  readonly p: number
  readonly salt: Uint8Array<ArrayBuffer>
  readonly digest: Uint8Array<ArrayBuffer>
}

const most = { memoryBytes: 256 * 1024 * 1024, work: 2 ** 21 } as const // work: N × r × p, about a second and a half

const shape = /^\$scrypt\$ln=([1-9]\d?),r=([1-9]\d{0,4}),p=([1-9]\d{0,4})\$([^$]{1,100})\$([^$]{1,100})$/

const parse = (text: string): Result.Result<Scrypt, string> => {
  const [, ln, r, p, salt, digest] = shape.exec(text) ?? []
  if (salt === undefined || digest === undefined) {
    return Result.fail("The scrypt hash is not a PHC text with ln, r, p, salt and hash.")
  }
  const cost = { n: 2 ** Number(ln), r: Number(r), p: Number(p) }
  if (128 * cost.n * cost.r > most.memoryBytes) return Result.fail("Scrypt may use at most 256 MiB of memory.")
  if (cost.n * cost.r * cost.p > most.work) return Result.fail("Scrypt N times r times p may be at most 2097152.")
  const saltBytes = bytesOfBase64(salt, "bare")
  if (!sized(saltBytes, 4, 64)) return Result.fail("The scrypt salt is not base64 of 4 to 64 bytes.")
  const digestBytes = bytesOfBase64(digest, "bare")
  if (!sized(digestBytes, 16, 64)) return Result.fail("The scrypt hash value is not base64 of 16 to 64 bytes.")
  return Result.succeed({ ...cost, salt: saltBytes, digest: digestBytes })
}

/** Scrypt (RFC 7914) in PHC form. */
export const scrypt = passwordFormat({
  name: "scrypt",
  claims: (text) => text.startsWith("$scrypt$"),
  parse,
  check: ({ digest, n, p, r, salt }, password) =>
    new Promise((resolve, reject) => {
      // Node's own limit is 32 MiB; the part beside 128 × N × r is 128 × r × (p + 2)
      const maxmem = 128 * r * (n + p + 2) + 1024 * 1024
      derive(password, salt, digest.length, { N: n, r, p, maxmem }, (error, derived) =>
        error === null ? resolve(sameDigest(derived, digest)) : reject(error)
      )
    })
})
