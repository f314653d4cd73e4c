import { assert, describe, expect, it } from "@effect/vitest"
import { OpenApi } from "effect/http-api"
import { Api } from "../../src/http/contract/Api.ts"

const document = OpenApi.fromApi(Api)

const operations = Object.entries(document.paths).flatMap(([path, { get, put, post, delete: remove }]) =>
  [get, put, post, remove].flatMap((operation) => (operation === undefined ? [] : [{ path, operation }]))
)

describe("/openapi.json", () => {
  // After a change that was meant: `npm test -- test/http/openapi.test.ts -u`, then review the difference.
  it("is as reviewed", async () => {
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot("../golden/openapi.json")
  })

  it("gives each call an operationId of its own and a summary, and each refusal its status as a problem", () => {
    const names = operations.map(({ operation }) => operation.operationId)
    assert.lengthOf(new Set(names), names.length)
    for (const { path, operation } of operations) {
      assert.isNotEmpty(operation.summary ?? "", `${operation.operationId} ${path}`)
      for (const [status, answer] of Object.entries(operation.responses)) {
        if (Number(status) < 400 || path.startsWith("/health")) continue
        assert.deepStrictEqual(Object.keys(answer.content ?? {}), ["application/problem+json"], `${path} ${status}`)
        assert.isNotEmpty(answer.description)
      }
    }
  })

  it("says the form of ids and instants", () => {
    const challenge = document.components.schemas["Challenge"] ?? {}
    const { id, accountId, issuedAt } = challenge["properties"] as Record<string, object>
    assert.propertyVal(id, "format", "uuid")
    assert.property(id, "pattern")
    assert.property(accountId, "pattern")
    assert.propertyVal(issuedAt, "format", "date-time")
  })

  it("describes every call of the contract", () => {
    const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)
    )
    assert.includeMembers(calls, [
      "PUT /v1/accounts/{accountId}",
      "GET /v1/accounts/{accountId}",
      "DELETE /v1/accounts/{accountId}",
      "GET /v1/accounts/{accountId}/two-factor",
      "POST /v1/accounts/{accountId}/sign-in",
      "POST /v1/accounts/{accountId}/step-up",
      "POST /v1/accounts/{accountId}/two-factor/disable",
      "POST /v1/accounts/{accountId}/two-factor/setup",
      "POST /v1/accounts/{accountId}/two-factor/change",
      "GET /v1/challenges/{challengeId}",
      "DELETE /v1/challenges/{challengeId}",
      "POST /v1/challenges/{challengeId}/verify",
      "POST /v1/challenges/{challengeId}/resend",
      "GET /v1/accounts/{accountId}/events",
      "GET /v1/events",
      "GET /v1/cases",
      "DELETE /v1/cases/{caseId}"
    ])
  })

  it("gives each schema one name, and every reference leads to one", () => {
    const names = Object.keys(document.components.schemas)
    assert.includeMembers(names, ["Account", "TwoFactor", "Challenge", "Outcome", "Event", "Case", "CodeIncorrect"])
    assert.deepStrictEqual(
      names.filter((name) => /_\d|Encoded/.test(name)),
      []
    )
    for (const [, name] of JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
      assert.include(names, name)
    }
  })

  it("names the headers that tell when to ask again, and that an answer is an earlier one", () => {
    const headersOf = (path: string, method: "get" | "post", status: number) => {
      const answer: unknown = document.paths[path]?.[method]?.responses[status]
      const headers = typeof answer === "object" && answer !== null && "headers" in answer ? answer.headers : {}
      return Object.keys(headers ?? {})
    }
    assert.deepStrictEqual(headersOf("/v1/events", "get", 503), ["Retry-After"])
    assert.deepStrictEqual(headersOf("/v1/accounts/{accountId}/sign-in", "post", 429), [
      "Retry-After",
      "Idempotent-Replayed"
    ])
    assert.deepStrictEqual(headersOf("/v1/accounts/{accountId}/sign-in", "post", 200), ["Idempotent-Replayed"])
    assert.deepStrictEqual(headersOf("/v1/accounts/{accountId}", "get", 200), [])
    assert.deepStrictEqual(headersOf("/health/ready", "get", 503), [])
  })

  it("says the same answers for both statuses of an import", () => {
    const put = document.paths["/v1/accounts/{accountId}"]?.put
    const schemaOf = (status: 200 | 201) => put?.responses[status]?.content?.["application/json"]?.schema
    assert.deepStrictEqual(schemaOf(200), { $ref: "#/components/schemas/Account" })
    assert.deepStrictEqual(schemaOf(201), schemaOf(200))
  })
})
