import type { Contact } from "./Words.ts"

/** Who the letters come from: the company, as its settings say. */
export interface Sender extends Contact {
  /** Its host binds the codes of texts to the pages where they belong. */
  readonly publicUrl: string
}
