import { Result, Schema } from "effect"
import { argon2 } from "./argon2.ts"
import { bytesOfBase64, passwordFormat, sized } from "./PasswordFormat.ts"
import type { PasswordFormat } from "./PasswordFormat.ts"
import { fitsPbkdf2, iterationsProblem } from "./pbkdf2.ts"
import type { Pbkdf2 } from "./pbkdf2.ts"

/** Keycloak's table and its realm exports hold these members as JSON texts, its REST examples as objects. */
const objectOrText = <S extends Schema.Constraint>(schema: S) => Schema.Union([schema, Schema.fromJsonString(schema)])

const Credential = Schema.Struct({
  secretData: objectOrText(Schema.Struct({ value: Schema.String, salt: Schema.String })),
  credentialData: objectOrText(
    Schema.Struct({
      hashIterations: Schema.Int,
      algorithm: Schema.String,
      additionalParameters: Schema.optional(Schema.Record(Schema.String, Schema.Unknown))
    })
  )
})
type Credential = typeof Credential.Type

const hashes: Readonly<Record<string, Pbkdf2["hash"]>> = {
  pbkdf2: "sha1",
  "pbkdf2-sha256": "sha256",
  "pbkdf2-sha512": "sha512"
}

const read = (text: string): Result.Result<Credential, string> =>
  Schema.decodeResult(Schema.fromJsonString(Credential))(text).pipe(
    // the schema's own message would quote the hash
    Result.mapError(
      () =>
        "The Keycloak hash is not JSON with secretData (value, salt) and credentialData (algorithm, hashIterations)."
    )
  )

const pbkdf2Of = ({ credentialData, secretData }: Credential): Result.Result<Pbkdf2, string> => {
  const hash = Object.hasOwn(hashes, credentialData.algorithm) ? hashes[credentialData.algorithm] : undefined
  if (hash === undefined) {
    return Result.fail("The Keycloak algorithm is not pbkdf2, pbkdf2-sha256, pbkdf2-sha512 or argon2.")
  }
  const problem = iterationsProblem(credentialData.hashIterations)
  if (problem !== undefined) return Result.fail(problem)
  const salt = bytesOfBase64(secretData.salt, "padded")
  if (!sized(salt, 4, 64)) return Result.fail("The Keycloak salt is not base64 of 4 to 64 bytes.")
  const digest = bytesOfBase64(secretData.value, "padded")
  if (!sized(digest, 16, 64)) return Result.fail("The Keycloak hash value is not base64 of 16 to 64 bytes.")
  return Result.succeed({ hash, iterations: credentialData.hashIterations, salt, digest })
}

const versions: Readonly<Record<string, string>> = { "1.0": "16", "1.3": "19" }

/** The same hash as PHC text, so that argon2 has one set of limits and one verifier. */
const phcOf = ({ credentialData, secretData }: Credential): string => {
  const parameter = (name: string): string => {
    const value = credentialData.additionalParameters?.[name]
    return String(Array.isArray(value) ? value[0] : value)
  }
  const bare = (base64: string): string => base64.replace(/=+$/, "")
  const cost = `m=${parameter("memory")},t=${credentialData.hashIterations},p=${parameter("parallelism")}`
  const version = versions[parameter("version")] ?? "unknown"
  return `$argon2${parameter("type")}$v=${version}$${cost}$${bare(secretData.salt)}$${bare(secretData.value)}`
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64")

const withPbkdf2 = passwordFormat({
  name: "Keycloak",
  claims: (text) => /^\s*\{\s*"/.test(text),
  parse: (text) => Result.flatMap(read(text), pbkdf2Of),
  // only what is needed to verify: an export has labels and dates beside it
  write: ({ digest, hash, iterations, salt }) =>
    JSON.stringify({
      secretData: { value: base64(digest), salt: base64(salt) },
      credentialData: { hashIterations: iterations, algorithm: hash === "sha1" ? "pbkdf2" : `pbkdf2-${hash}` }
    }),
  check: fitsPbkdf2
})

/** Keycloak's `{secretData, credentialData}` as JSON text: PBKDF2, or argon2, which is stored as PHC text. */
export const keycloak: PasswordFormat = {
  ...withPbkdf2,
  accept: (text) =>
    Result.flatMap(read(text), (credential) =>
      credential.credentialData.algorithm === "argon2" ? argon2.accept(phcOf(credential)) : withPbkdf2.accept(text)
    )
}
