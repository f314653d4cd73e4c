import { createHash } from "node:crypto"
import { Result } from "effect"
import { bytesOfBase64, passwordFormat, sameDigest, sized } from "./PasswordFormat.ts"

const sha1Bytes = 20

/** Salted SHA-1 as LDAP servers store it (RFC 2307 scheme, OpenLDAP): `{SSHA}` and base64 of digest and salt. */
export const ssha = passwordFormat({
  name: "{SSHA}",
  claims: (text) => /^\{SSHA\}/i.test(text),
  parse: (text) => {
    const bytes = bytesOfBase64(text.slice("{SSHA}".length), "padded")
    return sized(bytes, sha1Bytes + 4, sha1Bytes + 64)
      ? Result.succeed(bytes)
      : Result.fail("The {SSHA} hash is not base64 of a SHA-1 digest and a salt of 4 to 64 bytes.")
  },
  check: (stored, password) => {
    const digest = createHash("sha1").update(password).update(stored.subarray(sha1Bytes)).digest()
    return sameDigest(digest, stored.subarray(0, sha1Bytes))
  }
})
