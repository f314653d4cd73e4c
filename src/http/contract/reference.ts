import { withAnswerHeaders } from "./answerHeaders.ts"

type Document = Record<string, unknown>

const isDocument = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const withoutDescription = (schema: unknown): string => {
  const { description: _description, ...rest } = isDocument(schema) ? schema : {}
  return JSON.stringify(rest)
}

const renamed = (text: string, names: ReadonlyMap<string, string>): string =>
  text.replace(/#\/components\/schemas\/([\w.-]+)/g, (whole, name: string) => {
    const known = names.get(name)
    return known === undefined ? whole : `#/components/schemas/${known}`
  })

/** What every number of the contract is anyway says nothing: the bounds of a safe integer are left out. */
const parsed = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown) =>
    value === Number.MIN_SAFE_INTEGER || value === Number.MAX_SAFE_INTEGER ? undefined : value
  )

/**
 * The generated OpenAPI document with each schema under the one name that the contract gives it: an answer that is sent
 * with another status is the same schema, and a problem is called as it is on the wire, not as its encoding.
 */
export const tidy = (document: Document): Document => {
  const components = isDocument(document["components"]) ? document["components"] : {}
  const schemas = isDocument(components["schemas"]) ? components["schemas"] : {}
  const plain = (name: string) => name.replace(/_\d+$/, "").replace(/Encoded$/, "")
  const names = new Map(Object.keys(schemas).map((name) => [name, plain(name)]))
  const text = renamed(JSON.stringify({ ...document, components: { ...components, schemas: undefined } }), names)
  const tidied: Document = {}
  for (const [name, schema] of Object.entries(schemas)) {
    const same = parsed(renamed(JSON.stringify(schema), names))
    const known = tidied[plain(name)]
    if (known !== undefined && withoutDescription(known) !== withoutDescription(same)) {
      throw new Error(`two schemas of the API are called ${plain(name)}`)
    }
    tidied[plain(name)] = known ?? same
  }
  const read = parsed(text)
  const result = isDocument(read) ? read : {}
  const sorted = Object.fromEntries(Object.entries(tidied).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return withAnswerHeaders({
    ...result,
    components: { ...(isDocument(result["components"]) ? result["components"] : {}), schemas: sorted }
  })
}
