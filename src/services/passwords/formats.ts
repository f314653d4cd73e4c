import { Result } from "effect"
import { argon2 } from "./argon2.ts"
import { bcrypt } from "./bcrypt.ts"
import { django } from "./django.ts"
import { keycloak } from "./keycloak.ts"
import type { PasswordFormat } from "./PasswordFormat.ts"
import { phpass } from "./phpass.ts"
import { scrypt } from "./scrypt.ts"
import { sha512Crypt } from "./sha512Crypt.ts"
import { ssha } from "./ssha.ts"

/** Every format that Rekey can verify; a new one is a file and a line here. */
export const formats: ReadonlyArray<PasswordFormat> = [
  argon2,
  bcrypt,
  scrypt,
  django,
  keycloak,
  phpass,
  ssha,
  sha512Crypt
]

const longest = 4096 // characters; an argon2 text has 100, an export of Keycloak 500

/** The format that the text says it has. */
export const formatOf = (text: string): PasswordFormat | undefined => formats.find((format) => format.claims(text))

/**
 * Checks the text of an imported hash (S-78): gives the text to store, or one sentence on what is wrong, which never
 * quotes the hash. Parameters that would cost too much at each sign-in are refused here, before they are stored.
 */
export const acceptPasswordHash = (text: string): Result.Result<string, string> => {
  if (text.length > longest) return Result.fail("The hash is longer than 4096 characters.")
  return (
    formatOf(text)?.accept(text) ??
    Result.fail(
      "The hash is in none of the known formats: argon2i, argon2id, bcrypt, scrypt, Django, Keycloak, phpass, {SSHA}, sha512-crypt."
    )
  )
}
