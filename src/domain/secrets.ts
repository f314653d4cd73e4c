/** Digits as people write codes: apart in twos and threes, with blanks or dashes; full-width ones became plain before. */
const digits = /(?<![\p{L}\p{N}-])\d(?:[ \u00a0.\-–]?\d){5,9}(?![\p{L}\p{N}-])/u
/** Recovery codes: three groups or more of letters and digits mixed, or one long one. */
const groups =
  /(?<![\p{L}\p{N}])(?=[a-z0-9-]*\d)(?=[a-z0-9-]*[a-z])[a-z0-9]{4,8}(?:-[a-z0-9]{4,8}){2,}(?![\p{L}\p{N}])/iu
/** The address of an authenticator's secret. */
const otpauth = /otpauth:/i
/** The word and what comes after it: a password is told. `password` alone, or a question about it, is none. */
const told =
  /\b(?:pass(?:word|code|phrase)?|pw|pwd|pin|kata\s?laluan|kod)\b\s*(?:is|was|ialah|adalah|[:=])\s*\S+|\bmy\s+(?:password|passcode|pin|code)\s+\S{4,}/i

/**
 * Whether a text that somebody typed freely looks as if a code, recovery code, password or authenticator secret was in it
 * (S-70). It may be wrong in both directions, so nothing is ever said about what was found. Commands are read before: their
 * own words and ids are none.
 */
export const looksLikeSecret = (text: string): boolean => {
  const plain = text.normalize("NFKC")
  return [digits, groups, otpauth, told].some((shape) => shape.test(plain))
}
