import { hash, verify } from "@node-rs/argon2"
import { Result } from "effect"
import { type PasswordCost, tooCostly } from "../../domain/passwordCost.ts"
import { bytesOfBase64, passwordFormat, sized } from "./PasswordFormat.ts"

interface Argon2 extends PasswordCost {
  readonly kind: string
  readonly version: number
  readonly saltBytes: number
  readonly hashBytes: number
}

const shape =
  /^\$argon2(id|i)\$(?:v=(16|19)\$)?m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,9})\$([^$]{1,100})\$([^$]{1,100})$/

const parse = (text: string): Result.Result<Argon2, string> => {
  const [, kind, version, memory, passes, lanes, salt, digest] = shape.exec(text) ?? []
  if (kind === undefined || salt === undefined || digest === undefined) {
    return Result.fail("The argon2 hash is not a PHC text of argon2i or argon2id with m, t, p, salt and hash.")
  }
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  const problem = tooCostly(cost)
  if (problem !== undefined) return Result.fail(problem)
  const saltBytes = bytesOfBase64(salt, "bare")
  if (!sized(saltBytes, 8, 48)) return Result.fail("The argon2 salt is not base64 of 8 to 48 bytes.")
  const hashBytes = bytesOfBase64(digest, "bare")
  if (!sized(hashBytes, 16, 64)) return Result.fail("The argon2 hash value is not base64 of 16 to 64 bytes.")
  return Result.succeed({
    ...cost,
    kind,
    version: Number(version ?? 16), // the PHC format began without a version, when there was only 1.0
    saltBytes: saltBytes.length,
    hashBytes: hashBytes.length
  })
}

/** Argon2i and argon2id in PHC form (RFC 9106), versions 1.0 and 1.3. */
export const argon2 = passwordFormat({
  name: "argon2",
  claims: (text) => text.startsWith("$argon2"),
  parse,
  check: (_, password, text) => verify(text, password)
})

/** Rekey's own hash: argon2id 1.3 with 16 bytes of salt and 32 of hash. */
export const argon2id = (password: Uint8Array, cost: PasswordCost): Promise<string> =>
  hash(password, { memoryCost: cost.memoryKib, timeCost: cost.passes, parallelism: cost.lanes })

/** Whether the text is an argon2id hash that is worth as much as a new one would be. */
export const isCurrent = (text: string, cost: PasswordCost): boolean =>
  Result.match(parse(text), {
    onFailure: () => false,
    onSuccess: (stored) =>
      stored.kind === "id" &&
      stored.version === 19 &&
      stored.memoryKib >= cost.memoryKib &&
      stored.passes >= cost.passes &&
      stored.lanes >= cost.lanes &&
      stored.saltBytes >= 16 &&
      stored.hashBytes >= 32
  })
