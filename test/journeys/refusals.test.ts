import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { FrontDoor, password, refusal } from "../kit/frontDoor.ts"
import { keys } from "../kit/process.ts"
import { type Case, type Door, reported, suspended, two } from "../kit/situations.ts"

const cases: ReadonlyArray<Case> = [
  [
    "disable without a grant",
    403,
    "step_up_required",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      return { accountId, asked: two(door, accountId, "disable") }
    })
  ],
  [
    "change with the grant of somebody else",
    403,
    "grant_invalid",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      const other = yield* door.anAccount({ twoFactor: "SMS" })
      const grant = yield* door.grantOf(other.accountId, other.phone)
      return { accountId, asked: two(door, accountId, "change", { method: "EMAIL", grant }) }
    })
  ],
  [
    "disable with a grant that is none",
    403,
    "grant_invalid",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      return { accountId, asked: two(door, accountId, "disable", { grant: "0.0" }) }
    })
  ],
  [
    "set-up where a method is on",
    409,
    "already_enabled",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      return { accountId, asked: two(door, accountId, "setup", { method: "EMAIL" }) }
    })
  ],
  [
    "disable where none is on",
    409,
    "already_disabled",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: two(door, accountId, "disable") }
    })
  ],
  [
    "change where none is on",
    409,
    "not_enabled",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: two(door, accountId, "change", { method: "EMAIL" }) }
    })
  ],
  [
    "step-up where none is on",
    409,
    "not_enabled",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: door.post(door.of(accountId, "/step-up")) }
    })
  ],
  [
    "change to what is in force",
    409,
    "same_method",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      return { accountId, asked: two(door, accountId, "change", { method: "SMS" }) }
    })
  ],
  ...(["sign-in", "step-up", "setup", "change", "disable"] as const).map(
    (what) =>
      [
        `${what} with a suspended method`,
        403,
        "method_suspended",
        Effect.fnUntraced(function* (door: Door) {
          const { accountId } = yield* suspended(door)
          const path = door.of(accountId, what === "sign-in" || what === "step-up" ? `/${what}` : `/two-factor/${what}`)
          const body = {
            ...(what === "step-up" ? {} : { password }),
            ...(what === "setup" || what === "change" ? { method: "SMS" } : {})
          }
          return { accountId, asked: door.post(path, body) }
        })
      ] as const
  ),
  ...(["change", "disable"] as const).map(
    (what) =>
      [
        `${what} where the owner has reported it`,
        403,
        "protection_reported",
        Effect.fnUntraced(function* (door: Door) {
          const { accountId } = yield* reported(door)
          return { accountId, asked: two(door, accountId, what, what === "change" ? { method: "SMS" } : {}) }
        })
      ] as const
  ),
  [
    "an ip that is none",
    400,
    "validation_failed",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      const body = { password, client: { ip: "203.0.113.999" } }
      return { accountId, asked: door.post(door.of(accountId, "/sign-in"), body) }
    })
  ],
  [
    "a portal key of another role",
    403,
    "forbidden",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: door.post(door.of(accountId, "/sign-in"), { password }, { key: keys.support }) }
    })
  ],
  [
    "no key at all",
    401,
    "unauthorized",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: door.post(door.of(accountId, "/sign-in"), { password }, { key: null }) }
    })
  ],
  [
    "a method that is not there",
    405,
    "method_not_allowed",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: door.call("PATCH", door.of(accountId)) }
    })
  ],
  [
    "a body of more than 16 KiB",
    413,
    "payload_too_large",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: door.post(door.of(accountId, "/sign-in"), { password: "p".repeat(16_400) }) }
    })
  ],
  [
    "a form",
    415,
    "unsupported_media_type",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      const headers = { "content-type": "application/x-www-form-urlencoded" }
      return { accountId, asked: door.post(door.of(accountId, "/sign-in"), `password=${password}`, { headers }) }
    })
  ]
]

layer(FrontDoor.layer(), { excludeTestServices: true })("refusals over HTTP", (it) => {
  it.effect.each(cases)("%s: %s %s, and nothing changed", ([, status, code, situation]) =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, asked } = yield* situation(door)
      yield* door.refused(accountId, asked, status, code)
    })
  )

  it.effect("S-54: unknown accounts and challenges, and whatever is no id, are 404", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const unknown = "00000000-0000-4000-8000-000000000000"
      const calls: ReadonlyArray<readonly [method: string, path: string, body?: object]> = [
        ["GET", door.of("unknown")],
        ["DELETE", door.of("unknown")],
        ["GET", door.of("unknown", "/two-factor")],
        ["GET", door.of("unknown", "/events")],
        ["POST", door.of("unknown", "/sign-in"), { password }],
        ["POST", door.of("unknown", "/step-up"), {}],
        ["POST", door.of("unknown", "/two-factor/disable"), { password }],
        ["POST", door.of("unknown", "/two-factor/setup"), { password, method: "EMAIL" }],
        ["POST", door.of("unknown", "/two-factor/change"), { password, method: "EMAIL" }],
        ...[unknown, "no-id", "%27--"].flatMap((id): Array<readonly [string, string, object?]> => [
          ["GET", `/v1/challenges/${id}`],
          ["DELETE", `/v1/challenges/${id}`],
          ["POST", `/v1/challenges/${id}/verify`, { code: "123456" }],
          ["POST", `/v1/challenges/${id}/resend`, {}]
        ]),
        ["GET", "/v1/nothing"],
        ["GET", "/nothing"]
      ]
      for (const [method, path, body] of calls) {
        refusal(yield* door.call(method, path, body === undefined ? {} : { body }), 404, "not_found", door.base)
      }
    })
  )

  it.effect("a page under another host is misdirected; every problem has a readable page", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const at127 = new URL(door.base)
      at127.hostname = "127.0.0.1"
      refusal(yield* door.call("GET", `${at127.origin}/dev/inbox`, { key: null }), 421, "misdirected", door.base)
      for (const code of ["code_incorrect", "misdirected", "rate_limited"]) {
        const page = yield* door.call("GET", `/problems/${code}`, { key: null })
        assert.strictEqual(page.status, 200)
        assert.include(page.headers.get("content-type") ?? "", "text/html")
      }
    })
  )
})
