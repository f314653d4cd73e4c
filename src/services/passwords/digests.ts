import { hash } from "node:crypto"

/** A digest that is thousands of small ones in a row, which Node has no native function for. */
export interface DigestOrder {
  readonly algorithm: "phpass" | "sha512-crypt"
  readonly password: Uint8Array<ArrayBuffer>
  readonly salt: Uint8Array<ArrayBuffer>
  readonly rounds: number
}

const md5 = (bytes: Uint8Array): Buffer => hash("md5", bytes, "buffer")
const sha512 = (...parts: ReadonlyArray<Uint8Array>): Buffer => hash("sha512", Buffer.concat(parts), "buffer")

const phpassDigest = ({ password, rounds, salt }: DigestOrder): Uint8Array => {
  let digest = md5(Buffer.concat([salt, password]))
  const input = Buffer.concat([digest, password])
  for (let round = 0; round < rounds; round++) {
    digest.copy(input)
    digest = md5(input)
  }
  return digest
}

/** As many bytes as asked for, of the digest repeated. */
const stretched = (digest: Buffer, length: number): Buffer => Buffer.alloc(length, digest)

const repeated = (bytes: Uint8Array, times: number): Buffer => Buffer.alloc(bytes.length * times, bytes)

// https://www.akkadia.org/drepper/SHA-crypt.txt; the steps bear the numbers that they have there
const sha512CryptDigest = ({ password, rounds, salt }: DigestOrder): Uint8Array => {
  const length = password.length
  const b = sha512(password, salt, password) // 4–8
  const bits: Array<Uint8Array> = []
  for (let left = length; left > 0; left = Math.floor(left / 2)) bits.push(left % 2 === 1 ? b : password) // 11
  let digest = sha512(password, salt, stretched(b, length), ...bits) // 1–3, 9–12
  const p = length === 0 ? Buffer.alloc(0) : stretched(sha512(repeated(password, length)), length) // 13–16
  const s = stretched(sha512(repeated(salt, 16 + (digest[0] ?? 0))), salt.length) // 17–20

  // 21: one buffer for all rounds and a view of it a round, since concatenation would cost more than the digest
  const input = Buffer.alloc(64 + 2 * length + salt.length)
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1
    let end = (odd ? p : digest).copy(input)
    if (round % 3 !== 0) end += s.copy(input, end)
    if (round % 7 !== 0) end += p.copy(input, end)
    end += (odd ? digest : p).copy(input, end)
    digest = hash("sha512", input.subarray(0, end), "buffer")
  }
  return digest
}

/** Computes the digest here and now: called on a thread of its own, never on the event loop. */
export const digestNow = (order: DigestOrder): Uint8Array =>
  order.algorithm === "phpass" ? phpassDigest(order) : sha512CryptDigest(order)
