const alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** The number that a character of crypt's alphabet stands for. */
export const crypt64Value = (character: string): number => alphabet.indexOf(character)

/** Bytes in the base64 of crypt(3) and phpass: three bytes at a time, lowest bits first. */
export const crypt64 = (bytes: ReadonlyArray<number> | Uint8Array): string => {
  let text = ""
  for (let at = 0; at < bytes.length; at += 3) {
    const group = [bytes[at], bytes[at + 1], bytes[at + 2]].filter((byte) => byte !== undefined)
    let value = group.reduce((sum, byte, index) => sum + byte * 256 ** index, 0)
    for (let left = group.length + 1; left > 0; left--) {
      text += alphabet.charAt(value % 64)
      value = Math.floor(value / 64)
    }
  }
  return text
}
