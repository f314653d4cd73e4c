/** Markup that is safe to show as it is. Only `html` makes it. */
export class Html {
  readonly #markup: string
  constructor(markup: string) {
    this.#markup = markup
  }
  toString(): string {
    return this.#markup
  }
}

/** What may stand in a template: text is escaped, markup goes through. */
export type Shown = string | number | Html | ReadonlyArray<Html>

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }

const shown = (value: Shown): string => {
  if (value instanceof Html) return value.toString()
  if (typeof value === "string") return value.replace(/[&<>"']/g, (character) => entities[character] ?? "")
  return typeof value === "number" ? String(value) : value.map(String).join("")
}

/** Escapes whatever is put into it, so that no text becomes markup. Attributes must be quoted. */
export const html = (markup: TemplateStringsArray, ...values: ReadonlyArray<Shown>): Html =>
  new Html(markup.reduce((before, after, place) => before + shown(values[place - 1] ?? "") + after))
