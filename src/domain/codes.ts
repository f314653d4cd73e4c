import { Result } from "effect"

const fullWidthZero = "０".codePointAt(0) ?? 0

/** Full-width digits to ASCII; NFKC would also turn ligatures and circled numbers into digits, which nobody types. */
const toAscii = (text: string): string =>
  text.replace(/[０-９]/g, (digit) => String((digit.codePointAt(0) ?? 0) - fullWidthZero))

/**
 * The digits of what a person pasted: `Your code: 482 913` is `482913` (S-25). Fails, at no cost, where they are not
 * exactly as many as the code has.
 */
export const digitsOf = (pasted: string, length: number): Result.Result<string, "malformed"> => {
  if (pasted.length > 256) return Result.fail("malformed")
  const digits = toAscii(pasted).replace(/[^0-9]/g, "")
  return digits.length === length ? Result.succeed(digits) : Result.fail("malformed")
}

/**
 * Reduces a 32-byte MAC to decimal digits without bias: 8-byte words are taken in turn and one that lies above the
 * largest multiple of 10^length is passed over (S-16). Leading zeros are kept.
 */
export const digitsFromMac = (mac: Uint8Array, length: number): string => {
  const modulus = 10n ** BigInt(length)
  const fair = (2n ** 64n / modulus) * modulus
  const view = new DataView(mac.buffer, mac.byteOffset, mac.byteLength)
  for (let offset = 0; offset + 8 <= mac.byteLength; offset += 8) {
    const word = view.getBigUint64(offset)
    if (word < fair) return (word % modulus).toString().padStart(length, "0")
  }
  // Four words above the bound: about one in 10^40. The last one is as good as any.
  return (view.getBigUint64(mac.byteLength - 8) % modulus).toString().padStart(length, "0")
}
