import type { Html } from "../../../src/words/html.ts"

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" }

const plain = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, " ")
    .replace(/&([a-z]+|#39);/g, (entity, name: string) => entities[name] ?? entity)
    .replace(/\s+/g, " ")
    .replace(/ (?=[.,])/g, "")
    .trim()

/** All that a page says between header and footer, in one line. */
export const textOf = (page: Html): string => plain(/<main[^>]*>(.*)<\/main>/s.exec(page.toString())?.[1] ?? "")

/** The text of each element of this name, in order. */
export const textsOf = (page: Html, tag: string): ReadonlyArray<string> =>
  [...page.toString().matchAll(new RegExp(`<${tag}(?:\\s[^>]*)?>(.*?)</${tag}>`, "gs"))].map(([, inner = ""]) =>
    plain(inner)
  )

/** The opening tag of each element of this name, as it is written. */
export const tagsOf = (page: Html, tag: string): ReadonlyArray<string> =>
  [...page.toString().matchAll(new RegExp(`<${tag}(?=[\\s>])[^>]*>`, "g"))].map(([whole]) => whole)

/** The bare sequence of a page's elements: text that became markup would be seen in it. */
export const skeletonOf = (page: Html): string =>
  [...page.toString().matchAll(/<\/?[a-z][a-z0-9]*|\s[a-z-]+(?==")/g)].map(([part]) => part.trim()).join(" ")

/** Each value of an attribute, in order. */
export const valuesOf = (page: Html, attribute: string): ReadonlyArray<string> =>
  [...page.toString().matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, "g"))].map(([, value = ""]) => value)

/** The forms of a page, each with what is in it. */
export const formsOf = (page: Html): ReadonlyArray<string> =>
  [...page.toString().matchAll(/<form[\s>].*?<\/form>/gs)].map(([whole]) => whole)
