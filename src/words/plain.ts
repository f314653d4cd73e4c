import { maskEmail } from "../domain/masking.ts"

/** Controls, line and paragraph separators, and what reorders or hides text: U+202E turns `exe.txt` around. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu

/** One visible line of text that somebody else wrote, cut to so many characters (S-72). */
export const oneLine = (text: string, longest: number): string => {
  const line = text.replace(invisible, " ").replace(/\s+/g, " ").trim().normalize("NFC")
  const characters = [...line]
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join("")}…`
}

/** Looks like the address of a site; a mail program would turn it into a link. `A. Rahman` and `a/l` do not. */
const linkLike = /:\/\/|www\.|[\p{L}\p{N}]\.[\p{L}]{2,}/iu

/** A name as a greeting may use it: none rather than one that carries somebody's advertisement. */
export const personName = (name: string | null): string | null => {
  const line = oneLine(name ?? "", 60)
  return line === "" || linkLike.test(line) ? null : line
}

/** No full address (S-45), and nothing that a mail program would turn into a link: `visit evil. test`. */
const withoutTarget = (word: string): string => {
  if (/.@./u.test(word)) return maskEmail(word)
  return word.replace(/:\/+/g, " ").replace(/\.(?=[\p{L}\p{N}]{2})/gu, ". ")
}

/** What somebody else wrote, as a letter may tell it: one line, as it is but for addresses and links. */
export const quoted = (text: string, longest: number): string =>
  oneLine(oneLine(text, longest).split(" ").map(withoutTarget).join(" "), longest)

/** A portal may use the e-mail address as its account id; a letter carries no full address (S-45). */
export const shownAccount = (accountId: string): string =>
  oneLine(accountId.includes("@") ? maskEmail(accountId) : accountId, 64)
