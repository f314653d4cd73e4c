import { en } from "./en.ts"
import type { Words } from "./Words.ts"

/** The languages that exist; another is a line here and a file beside `en.ts`. */
const languages: ReadonlyMap<string, Words> = new Map([["en", en]])

/** The words for a BCP 47 locale: by its language, else English. */
export const wordsFor = (locale: string | null): Words =>
  languages.get(locale?.split("-")[0]?.toLowerCase() ?? "en") ?? en
