/**
 * Six to ten digits as people write codes: apart in twos and threes, with blanks, points or dashes; full-width ones became
 * plain before. More of them are the number of a phone.
 */
const digits = /(?<![\p{L}\p{N}]|\d[ .\-–])\d(?:[ .\-–]?\d){5,9}(?![ .\-–]?\p{N}|\p{L})/u
/** Letters and digits with dashes between them: what a recovery code could be part of. */
const tokens = /[a-z0-9]+(?:-[a-z0-9]+)*/gi

/** Recovery codes: three groups or more of four to eight letters and digits, mixed. */
const isRecoveryCode = (token: string): boolean => {
  const groups = token.split("-")
  return (
    groups.length > 2 &&
    groups.every((group) => group.length >= 4 && group.length <= 8) &&
    /\d/.test(token) &&
    /[a-z]/i.test(token)
  )
}

/** The address of an authenticator's secret. */
const otpauth = /otpauth:/i
/** Our own references, and dates, which have digits too: `E-482913`, `2026-10-12`. */
const reference = /\b[CE]-[0-9A-Z]{4,6}\b|\b(?:19|20)\d\d-\d\d-\d\d\b/gi
/** A password or a pin, and what it is. The word alone, or a question about it, is none. */
const password =
  /\b(?:pass(?:word|code|phrase)?|pw|pwd|pin|kata\s?laluan)\b(?:\s(?:saya|anda))?\s?(?:is|was|ialah|adalah|[:=])\s?[:=]?\s?[^\s?]|\bmy\s(?:password|passcode|pin)\s[^\s?]{4}|\b(?:password|passcode|pin|pw)\s(?=[^\s?]*\d)[^\s?]{4}/i
/** A code that is written with letters. */
const code = /\b(?:code\s?[:=]|kod(?:\s(?:saya|anda))?\s?(?:ialah|adalah|[:=]))\s?\S{4}/i

/**
 * Whether a text that somebody typed freely looks as if a code, recovery code, password or authenticator secret was in it
 * (S-70). It may be wrong in both directions, so nothing is ever said about what was found. Commands are read before: their
 * own words and ids are none.
 */
export const looksLikeSecret = (text: string): boolean => {
  const plain = text.normalize("NFKC").replace(/\s+/g, " ").replace(reference, "")
  return (
    [digits, otpauth, password, code].some((shape) => shape.test(plain)) ||
    (plain.match(tokens) ?? []).some(isRecoveryCode)
  )
}
