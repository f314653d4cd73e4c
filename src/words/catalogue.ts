import { en } from "./en.ts"
import { ms } from "./ms.ts"
import type { Words } from "./Words.ts"

/** The languages that exist; another is a line here and a file beside `en.ts`. */
export const languages = { en, ms } as const satisfies Record<string, Words>

/** A language that Rekey speaks. */
export type Language = keyof typeof languages

const isLanguage = (tag: string): tag is Language => Object.hasOwn(languages, tag)

/** The language for a BCP 47 locale, `ms-MY` or just `ms`: English where there is none or no texts for it. */
export const languageOf = (locale: string | null): Language => {
  const tag = locale?.split("-")[0]?.toLowerCase() ?? "en"
  return isLanguage(tag) ? tag : "en"
}

/** The words for a BCP 47 locale. */
export const wordsFor = (locale: string | null): Words => languages[languageOf(locale)]
