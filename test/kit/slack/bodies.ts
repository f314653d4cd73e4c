import { fieldsOf } from "./shapes.ts"

type Fields = Readonly<Record<string, unknown>>

/** The value of a JSON text; undefined where it is none. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isForm = (contentType: string | undefined) =>
  contentType?.startsWith("application/x-www-form-urlencoded") === true

// The arguments that a form has as JSON.
const structured = new Set(["blocks", "metadata", "view", "attachments"])

/** The arguments of a call, from JSON or a form; undefined where it is neither. */
export const argumentsIn = (body: string, contentType: string | undefined): Fields | undefined => {
  if (body === "") return {}
  if (contentType?.startsWith("application/json") === true) return fieldsOf(parsed(body))
  if (!isForm(contentType)) return undefined
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([name, value]) => [name, structured.has(name) ? parsed(value) : value])
  )
}

/** A body as a person would read it, for searches. */
export const readable = (body: string, contentType: string | undefined): string =>
  isForm(contentType) ? [...new URLSearchParams(body)].map(([name, value]) => `${name}=${value}`).join("\n") : body
