import { Effect, Layer, Logger, Redacted } from "effect"
import { TestRunner } from "effect/cluster"
import { HttpServer } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { SqlError } from "effect/sql"
import { AccountPolicy } from "../../src/account/AccountPolicy.ts"
import { HandedOver } from "../../src/account/HandedOver.ts"
import * as accounts from "../../src/http/api/accounts.ts"
import * as apiKey from "../../src/http/api/apiKey.ts"
import * as cases from "../../src/http/api/cases.ts"
import * as challenges from "../../src/http/api/challenges.ts"
import * as events from "../../src/http/api/events.ts"
import * as portalSessions from "../../src/http/api/portalSessions.ts"
import * as twoFactor from "../../src/http/api/twoFactor.ts"
import { ApiKeys, type Role } from "../../src/http/ApiKeys.ts"
import * as bodyCheck from "../../src/http/bodyCheck.ts"
import { Api } from "../../src/http/contract/Api.ts"
import { serve } from "../../src/http/serve.ts"
import * as validation from "../../src/http/validation.ts"
import { AuditTrail } from "../../src/services/AuditTrail.ts"
import { BearerTokens } from "../../src/services/BearerTokens.ts"
import { Cases } from "../../src/services/Cases.ts"
import { Idempotency } from "../../src/services/Idempotency.ts"
import { KeyRing } from "../../src/services/KeyRing.ts"
import { OtpIssuer } from "../../src/services/OtpIssuer.ts"
import { PasswordVerifier } from "../../src/services/PasswordVerifier.ts"
import { RateLimits } from "../../src/services/RateLimits.ts"
import { SupportDesk } from "../../src/services/SupportDesk.ts"
import { TwoFactorStore } from "../../src/services/TwoFactorStore.ts"
import { Settings } from "../../src/settings.ts"

const noDatabase = Effect.fail(
  new SqlError.SqlError({
    reason: new SqlError.ConnectionError({ cause: new Error("not reachable"), message: "gone" })
  })
)

const unused = () => {
  throw new Error("nothing is written in these tests")
}

/** The database is away: whatever gets past the checks of form is 503, and nothing else is. */
const without = Layer.mergeAll(
  Layer.mock(TwoFactorStore)({ read: () => noDatabase }),
  Layer.mock(Idempotency)({
    running: (_digests, _reference, call) => call,
    find: unused,
    part: unused,
    forget: unused
  }),
  Layer.mock(RateLimits)({
    subjectsOf: ({ limit }) => [limit.budget],
    hitsOf: unused,
    charge: unused,
    clear: unused
  }),
  Layer.mock(Cases)({ list: () => noDatabase, act: () => noDatabase }),
  Layer.mock(SupportDesk)({ hasBot: false }),
  Layer.mock(PasswordVerifier)({}),
  Layer.mock(OtpIssuer)({}),
  Layer.succeed(AccountPolicy, {
    stepUp: "required",
    codeLength: 6,
    codeTtlSeconds: 600,
    codeAttempts: 5,
    resendWaitSeconds: 30,
    challengeSeconds: 1800,
    grantSeconds: 600,
    resetWaitSeconds: 86_400,
    offered: ["SMS", "EMAIL"],
    demo: true
  }),
  HandedOver.layer,
  Settings.layerOf({}),
  TestRunner.layer
)

const keys = KeyRing.layerOf([{ id: "k1", key: Redacted.make(new Uint8Array(32).fill(7)) }])

/** The keys of the test server, by role. */
export const keyOf = (role: Role) => Redacted.make(`${role}-`.padEnd(32, "k"))

/** A key for each role. */
export const testKeys = ApiKeys.layerOf(
  (["portal", "support", "metrics"] as const).map((role) => ({ role, key: keyOf(role) }))
)

/** Probes are not what these tests ask for. */
export const health = HttpApiBuilder.group(Api, "health", (handlers) =>
  handlers.handleAll({
    live: () => Effect.succeed({ status: "ok" }),
    ready: () => Effect.die("is not asked here")
  })
)

const routes = HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(
  Layer.provide([
    accounts.layer,
    twoFactor.layer,
    challenges.layer,
    portalSessions.layer,
    events.layer,
    cases.layer,
    health
  ]),
  Layer.provide([apiKey.layer, validation.layer, bodyCheck.layer])
)

/** The API behind its real edge, on a port of its own, with this answer to whoever asks for events. */
export const serverWith = (answer: Effect.Effect<never, SqlError.SqlError>) =>
  serve(routes, {
    host: "127.0.0.1",
    port: 0,
    publicUrl: new URL("http://localhost:3000"),
    local: true
  }).pipe(
    Layer.provide(
      Layer.mock(AuditTrail)({
        ofAccount: () => answer,
        feed: () => answer,
        headOf: unused,
        newestOf: unused,
        append: unused
      })
    ),
    Layer.provide(Layer.mergeAll(without, BearerTokens.layer)),
    Layer.provide(keys),
    Layer.provide(testKeys),
    Layer.provide(Logger.layer([]))
  )

/** The same, where the database is away. */
export const server = serverWith(noDatabase)

/** What a test looks at in an answer. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: {
    readonly code?: string
    readonly detail?: string
    readonly reference?: string
    readonly errors?: ReadonlyArray<{ readonly pointer: string; readonly detail: string }>
  }
}

/** A request as it is sent, with nothing added but the portal's key. */
export const ask = Effect.fn("ask")(function* (
  method: string,
  path: string,
  {
    body,
    headers = {},
    key = keyOf("portal")
  }: {
    readonly body?: unknown
    readonly headers?: Record<string, string>
    readonly key?: Redacted.Redacted | null
  } = {}
) {
  const { address } = yield* HttpServer.HttpServer
  if (address._tag === "UnixPathAddress") return yield* Effect.die("the test server listens on a port")
  return yield* Effect.promise(async (): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${address.port}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(key === null ? {} : { authorization: `Bearer ${Redacted.value(key)}` }),
        ...headers
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) })
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: text === "" ? {} : JSON.parse(text) }
  })
})
