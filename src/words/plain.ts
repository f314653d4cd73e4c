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
