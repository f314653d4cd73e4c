/** The default alphabet of GSM 03.38: one septet a character. */
const basic = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
/** Its extension: two septets. */
const extended = new Set("^{}\\[~]|€")

/** The length of a text in septets, or `null` where a character is not in the alphabet: one such makes it UCS-2. */
export const septets = (text: string): number | null => {
  let count = 0
  for (const character of text) {
    if (basic.has(character)) count += 1
    else if (extended.has(character)) count += 2
    else return null
  }
  return count
}

/** How much one text holds. */
export const oneSegment = 160

const replacements: Readonly<Record<string, string>> = {
  "…": "...",
  "–": "-",
  "—": "-",
  "’": "'",
  "‘": "'",
  "“": '"',
  "”": '"'
}

/** The nearest text in the alphabet: without accents that it lacks, `?` for what has no neighbour. */
export const toGsm7 = (text: string): string =>
  [...text]
    .map((character) => {
      if (septets(character) !== null) return character
      const bare = replacements[character] ?? character.normalize("NFKD").replace(/\p{M}/gu, "")
      return septets(bare) === null ? "?" : bare
    })
    .join("")
