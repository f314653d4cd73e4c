/**
 * An address that a person may be sent back to, as it is then used; undefined where it is none of these origins'
 * (S-53). Whatever a browser would read in another way than it looks is refused: blanks, backslashes, other schemes,
 * names and passwords.
 */
export const returnUrlIn = (text: string, origins: ReadonlyArray<string>): string | undefined => {
  if (!/^https?:\/\/[^\s\\/?#@]+([/?#][^\s\\]*)?$/i.test(text)) return undefined
  const url = URL.parse(text)
  return url !== null && url.username === "" && url.password === "" && origins.includes(url.origin)
    ? url.href
    : undefined
}
