import { assert, describe, it } from "@effect/vitest"
import { OpenApi } from "effect/http-api"
import { Api } from "../../src/http/contract/Api.ts"

const document = OpenApi.fromApi(Api)

describe("/openapi.json", () => {
  it("describes every call of the contract", () => {
    const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
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
      "GET /v1/events"
    ])
  })

  it("gives each schema one name, and every reference leads to one", () => {
    const names = Object.keys(document.components.schemas)
    assert.includeMembers(names, ["Account", "TwoFactor", "Challenge", "Outcome", "Event", "CodeIncorrect"])
    assert.deepStrictEqual(
      names.filter((name) => /_\d|Encoded/.test(name)),
      []
    )
    for (const [, name] of JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
      assert.include(names, name)
    }
  })

  it("says the same answers for both statuses of an import", () => {
    const put = document.paths["/v1/accounts/{accountId}"]?.put
    const schemaOf = (status: 200 | 201) => put?.responses[status]?.content?.["application/json"]?.schema
    assert.deepStrictEqual(schemaOf(200), { $ref: "#/components/schemas/Account" })
    assert.deepStrictEqual(schemaOf(201), schemaOf(200))
  })
})
