type Document = Record<string, unknown>

const isDocument = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const membersOf = (value: unknown): ReadonlyArray<[string, Document]> =>
  Object.entries(isDocument(value) ? value : {}).filter((entry): entry is [string, Document] => isDocument(entry[1]))

const retryAfter = {
  "Retry-After": { description: "Seconds, as `retryAfter` of the problem.", schema: { type: "integer", minimum: 1 } }
}

const replayed = {
  "Idempotent-Replayed": {
    description: "`true` where an earlier request with this Idempotency-Key got this answer.",
    schema: { type: "string", enum: ["true"] }
  }
}

/** The statuses of answers that are kept for a repeat: something was changed or counted. */
const kept = ["200", "201", "202", "403", "422", "429"]

/** Adds to each answer of a generated document the headers that the edge sends with it. */
export const withAnswerHeaders = (document: Document): Document => {
  const components = isDocument(document["components"]) ? document["components"] : {}
  const waiting = membersOf(components["schemas"])
    .filter(([, { properties }]) => isDocument(properties) && "retryAfter" in properties)
    .map(([name]) => `"#/components/schemas/${name}"`)
  const paths = membersOf(document["paths"]).map(([path, calls]) => {
    const told = membersOf(calls).map(([method, call]) => {
      const repeatable = JSON.stringify(call["parameters"] ?? []).includes(`"idempotency-key"`)
      const responses = membersOf(call["responses"]).map(([status, response]) => {
        const content = JSON.stringify(response["content"] ?? {})
        const headers = {
          ...(waiting.some((reference) => content.includes(reference)) ? retryAfter : {}),
          ...(repeatable && kept.includes(status) ? replayed : {})
        }
        return [status, Object.keys(headers).length === 0 ? response : { ...response, headers }]
      })
      return [method, { ...call, responses: Object.fromEntries(responses) }]
    })
    return [path, Object.fromEntries(told)]
  })
  return { ...document, paths: Object.fromEntries(paths) }
}
