import { Effect, Redacted } from "effect"
import { HttpServerRequest } from "effect/http"

/** What a form sent: each field once, secrets and all. */
export interface Form {
  /** The text of a field; empty where it was not sent. */
  text(name: string): string
  /** The same, for what must not be shown. */
  secret(name: string): Redacted.Redacted
  /** The whole, for the keyed digest by which a repeat is recognised. */
  readonly body: string
}

/** A field that comes twice could be read as either (S-57). */
const isAmbiguous = (fields: URLSearchParams): boolean => {
  const names = [...fields.keys()]
  return new Set(names).size < names.length
}

/** The form in the body of a request; undefined where it is none. */
export const formIn = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const type = request.headers["content-type"] ?? ""
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return undefined
  const body = yield* Effect.orElseSucceed(request.text, () => undefined)
  if (body === undefined) return undefined
  const fields = new URLSearchParams(body)
  if (isAmbiguous(fields)) return undefined
  const text = (name: string) => fields.get(name) ?? ""
  return { text, secret: (name) => Redacted.make(text(name), { label: name }), body } satisfies Form
})
