import { type Language, languageOf } from "../catalogue.ts"
import { en } from "./en.ts"
import { ms } from "./ms.ts"
import type { PageWords } from "./PageWords.ts"

const languages = { en, ms } as const satisfies Record<Language, PageWords>

/** The words of the pages for a BCP 47 locale. */
export const pageWords = (locale: string | null): PageWords => languages[languageOf(locale)]

/** The first language that a browser asks for and that there is (RFC 9110 §12.5.4); English else. */
export const preferredLanguage = (acceptLanguage: string | undefined): string => {
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map((range, place) => {
      const [tag = "", ...parameters] = range.trim().split(";")
      const weight = Number(/q=([\d.]+)/.exec(parameters.join(";"))?.[1] ?? 1)
      return { tag: tag.toLowerCase(), weight: Number.isFinite(weight) ? weight : 0, place }
    })
    .filter(({ tag, weight }) => weight > 0 && Object.hasOwn(languages, tag.split("-")[0] ?? ""))
    .toSorted((a, b) => b.weight - a.weight || a.place - b.place)
  return wanted[0]?.tag ?? "en"
}
