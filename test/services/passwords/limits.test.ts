import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { acceptPasswordHash } from "../../../src/services/passwords/formats.ts"

const salt16 = "AAAAAAAAAAAAAAAAAAAAAA"
const hash32 = "A".repeat(43)
const bytes = (length: number): string => Buffer.alloc(length, 7).toString("base64")
const bare = (length: number): string => bytes(length).replace(/=+$/, "")

const argon2 = (cost: string, salt = salt16, hash = hash32): string => `$argon2id$v=19$${cost}$${salt}$${hash}`
const bcrypt = (cost: string, version = "2b"): string => `$${version}$${cost}$${".".repeat(53)}`
const scrypt = (cost: string, salt = salt16, hash = hash32): string => `$scrypt$${cost}$${salt}$${hash}`
const django = (iterations: string, salt = "seasalt2", hash = bytes(32)): string =>
  `pbkdf2_sha256$${iterations}$${salt}$${hash}`
const keycloak = (iterations: unknown, algorithm = "pbkdf2-sha256", salt = bytes(16), value = bytes(64)): string =>
  JSON.stringify({ secretData: { value, salt }, credentialData: { hashIterations: iterations, algorithm } })
const keycloakArgon2 = (passes: number, memory: string, type = "id", version = "1.3"): string =>
  JSON.stringify({
    secretData: { value: bytes(32), salt: bytes(16) },
    credentialData: {
      hashIterations: passes,
      algorithm: "argon2",
      additionalParameters: { memory: [memory], type: [type], version: [version], parallelism: ["1"] }
    }
  })
const phpass = (count: string, rest = ".".repeat(30)): string => `$P$${count}${rest}`
const sha512Crypt = (middle: string, hash = ".".repeat(86)): string => `$6$${middle}$${hash}`

/** What is tried, the last text that is accepted, the first that is not. */
const bounds: ReadonlyArray<readonly [limit: string, accepted: string, refused: string]> = [
  ["argon2 memory of 256 MiB", argon2("m=262144,t=1,p=1"), argon2("m=262145,t=1,p=1")],
  ["argon2 memory times passes", argon2("m=262144,t=4,p=1"), argon2("m=262144,t=5,p=1")],
  ["64 argon2 passes", argon2("m=8192,t=64,p=1"), argon2("m=8192,t=65,p=1")],
  ["16 argon2 lanes", argon2("m=19456,t=2,p=16"), argon2("m=19456,t=2,p=17")],
  ["argon2 memory for each lane", argon2("m=16,t=2,p=2"), argon2("m=15,t=2,p=2")],
  ["8 bytes of argon2 salt", argon2("m=64,t=2,p=1", bare(8)), argon2("m=64,t=2,p=1", bare(7))],
  ["48 bytes of argon2 salt", argon2("m=64,t=2,p=1", bare(48)), argon2("m=64,t=2,p=1", bare(49))],
  ["16 bytes of argon2 hash", argon2("m=64,t=2,p=1", salt16, bare(16)), argon2("m=64,t=2,p=1", salt16, bare(15))],
  ["64 bytes of argon2 hash", argon2("m=64,t=2,p=1", salt16, bare(64)), argon2("m=64,t=2,p=1", salt16, bare(65))],
  ["the argon2 kinds", argon2("m=64,t=2,p=1").replace("2id", "2i"), argon2("m=64,t=2,p=1").replace("2id", "2d")],
  ["the argon2 versions", argon2("m=64,t=2,p=1").replace("19", "16"), argon2("m=64,t=2,p=1").replace("19", "20")],
  ["argon2 numbers of decimal digits", argon2("m=64,t=2,p=1"), argon2("m=064,t=2,p=1")],
  ["argon2 without more parameters", argon2("m=64,t=2,p=1"), argon2("m=64,t=2,p=1,keyid=AA")],
  ["bcrypt cost 14", bcrypt("14"), bcrypt("15")],
  ["bcrypt cost 4", bcrypt("04"), bcrypt("03")],
  ["the bcrypt versions", bcrypt("10", "2y"), bcrypt("10", "2x")],
  ["all of a bcrypt hash", bcrypt("10"), bcrypt("10").slice(0, -1)],
  ["the bits of a bcrypt hash", bcrypt("10"), `${bcrypt("10").slice(0, -1)}/`],
  ["256 MiB of scrypt memory", scrypt("ln=18,r=8,p=1"), scrypt("ln=18,r=9,p=1")],
  ["scrypt blocks of a small N", scrypt("ln=10,r=2048,p=1"), scrypt("ln=10,r=2049,p=1")],
  ["scrypt work", scrypt("ln=17,r=8,p=2"), scrypt("ln=17,r=8,p=3")],
  ["scrypt N", scrypt("ln=1,r=8,p=1"), scrypt("ln=64,r=8,p=1")],
  ["4 bytes of scrypt salt", scrypt("ln=14,r=8,p=1", bare(4)), scrypt("ln=14,r=8,p=1", bare(3))],
  ["16 bytes of scrypt hash", scrypt("ln=14,r=8,p=1", salt16, bare(16)), scrypt("ln=14,r=8,p=1", salt16, bare(15))],
  ["5 million Django iterations", django("5000000"), django("5000001")],
  ["one Django iteration", django("1"), django("0")],
  ["4 characters of Django salt", django("1000", "salt"), django("1000", "sal")],
  ["a whole Django hash", django("1000", "salt", bytes(32)), django("1000", "salt", bytes(31))],
  ["the Django algorithms", django("1000"), django("1000").replace("sha256", "sha384")],
  ["5 million Keycloak iterations", keycloak(5_000_000), keycloak(5_000_001)],
  ["one Keycloak iteration", keycloak(1), keycloak(0)],
  ["whole Keycloak iterations", keycloak(1), keycloak(1.5)],
  ["numeric Keycloak iterations", keycloak(1), keycloak("1")],
  ["the Keycloak algorithms", keycloak(1, "pbkdf2"), keycloak(1, "constructor")],
  ["4 bytes of Keycloak salt", keycloak(1, "pbkdf2", bytes(4)), keycloak(1, "pbkdf2", bytes(3))],
  ["16 bytes of Keycloak hash", keycloak(1, "pbkdf2", bytes(4), bytes(16)), keycloak(1, "pbkdf2", bytes(4), bytes(15))],
  ["64 bytes of Keycloak hash", keycloak(1, "pbkdf2", bytes(4), bytes(64)), keycloak(1, "pbkdf2", bytes(4), bytes(65))],
  ["argon2 memory in Keycloak", keycloakArgon2(1, "262144"), keycloakArgon2(1, "262145")],
  ["the argon2 kinds in Keycloak", keycloakArgon2(5, "7168", "i"), keycloakArgon2(5, "7168", "d")],
  ["the argon2 versions in Keycloak", keycloakArgon2(5, "7168", "id", "1.0"), keycloakArgon2(5, "7168", "id", "1.4")],
  ["phpass 2^18", phpass("G"), phpass("H")],
  ["phpass 2^7", phpass("5"), phpass("4")],
  ["all of a phpass hash", phpass("9"), phpass("9", ".".repeat(29))],
  ["the bits of a phpass hash", phpass("9"), phpass("9", `${".".repeat(29)}2`)],
  ["4 bytes of {SSHA} salt", `{SSHA}${bytes(24)}`, `{SSHA}${bytes(23)}`],
  ["64 bytes of {SSHA} salt", `{SSHA}${bytes(84)}`, `{SSHA}${bytes(85)}`],
  ["a million sha512-crypt rounds", sha512Crypt("rounds=1000000$saltsalt"), sha512Crypt("rounds=1000001$saltsalt")],
  ["a thousand sha512-crypt rounds", sha512Crypt("rounds=1000$saltsalt"), sha512Crypt("rounds=999$saltsalt")],
  ["4 characters of sha512-crypt salt", sha512Crypt("salt"), sha512Crypt("sal")],
  ["16 characters of sha512-crypt salt", sha512Crypt("s".repeat(16)), sha512Crypt("s".repeat(17))],
  ["all of a sha512-crypt hash", sha512Crypt("saltsalt"), sha512Crypt("saltsalt", ".".repeat(85))],
  ["canonical base64", argon2("m=64,t=2,p=1", bare(8)), argon2("m=64,t=2,p=1", bytes(8))],
  ["the bits of base64", argon2("m=64,t=2,p=1", "AAAAAAAAAAA"), argon2("m=64,t=2,p=1", "AAAAAAAAAAB")],
  ["a text of one line", `{SSHA}${bytes(24)}`, `{SSHA}${bytes(24)}\n`]
]

const nothing = [
  "",
  "harbor-demo-2026",
  "{}",
  "{",
  "null",
  "$1$salt$hash",
  "$5$salt$hash",
  "{MD5}AAAA",
  "!",
  "*",
  "$argon2"
]

describe("S-78: hashes are checked before they are stored", () => {
  for (const [limit, accepted, refused] of bounds) {
    it(`S-78: ${limit}: one side accepted, the other refused in a sentence that quotes no hash`, () => {
      assert.isTrue(Result.isSuccess(acceptPasswordHash(accepted)))
      const sentence = Result.getOrThrow(Result.flip(acceptPasswordHash(refused)))
      assert.match(sentence, /^[A-Z].{10,170}\.$/)
      assert.notInclude(sentence, "AAAA")
    })
  }

  for (const text of [...nothing, '{"secretData":1}', "x".repeat(5000), `$argon2id$${"m=1,".repeat(900)}`]) {
    it(`S-78: “${text.slice(0, 20)}” is no hash that Rekey takes`, () => {
      assert.isTrue(Result.isFailure(acceptPasswordHash(text)))
    })
  }
})
