import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { request } from "node:http"
import { type Answer, FrontDoor, member, password, pointersIn, refusal, wrongPassword } from "../kit/frontDoor.ts"
import { eventually, keys } from "../kit/process.ts"

type Door = FrontDoor["Service"]

/** A request with headers that `fetch` would not send. */
const rawPost = (url: string, body: string | ReadonlyArray<string>, headers: Record<string, string>) =>
  Effect.callback<{ readonly status: number; readonly text: string }>((resume) => {
    const sent = request(url, {
      method: "POST",
      agent: false,
      headers: { authorization: `Bearer ${keys.portal}`, "content-type": "application/json", ...headers }
    })
    sent.on("response", (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () =>
        resume(Effect.succeed({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }))
      )
    })
    // The rest of a body that is too large is not taken: the answer is what counts.
    sent.on("error", () => undefined)
    for (const part of typeof body === "string" ? [body] : body) sent.write(part)
    sent.end()
  })

const median = (times: ReadonlyArray<number>): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0

const timed = Effect.fnUntraced(function* (ask: Effect.Effect<Answer>, status: number) {
  const before = performance.now()
  const answer = yield* ask
  assert.strictEqual(answer.status, status)
  return performance.now() - before
})

/** Bodies with something in them that is no field of the request. */
const smuggled: ReadonlyArray<readonly [what: string, body: string, pointer: string]> = [
  ["an account", '{"password":"x","accountId":"sam"}', "/accountId"],
  ["a role", '{"password":"x","role":"support"}', "/role"],
  ["an epoch", '{"password":"x","epoch":1}', "/epoch"],
  ["__proto__", '{"password":"x","__proto__":{"accountId":"sam"}}', "/__proto__"],
  ["constructor", '{"password":"x","constructor":{"prototype":{"role":"portal"}}}', "/constructor"],
  ["__proto__ in client", '{"password":"x","client":{"__proto__":{"ip":"192.0.2.1"}}}', "/client/__proto__"],
  ["a field of client", '{"password":"x","client":{"accountId":"sam"}}', "/client/accountId"]
]

layer(FrontDoor.layer(), { excludeTestServices: true })("strangers at the front door", (it) => {
  it.effect("S-39, S-40: a sign-in of an unknown account costs about one hash", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const times: Record<"known" | "unknown" | "noHash", Array<number>> = { known: [], unknown: [], noHash: [] }
      for (let round = 0; round < 11; round++) {
        times.known.push(yield* timed(door.post(door.of(accountId, "/sign-in"), { password }), 200))
        times.unknown.push(yield* timed(door.post(door.of("unknown", "/sign-in"), { password }), 404))
        times.noHash.push(yield* timed(door.call("GET", door.of("unknown")), 404))
      }
      const [known, unknown, noHash] = [median(times.known), median(times.unknown), median(times.noHash)]
      assert.isAbove(unknown - noHash, (known - noHash) / 4, `${unknown} ms against ${known} ms, ${noHash} ms without`)
      assert.isBelow(unknown, known * 3, `${unknown} ms against ${known} ms`)
    })
  )

  it.effect("S-53: Host, Forwarded and their like are in no link, page or problem", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
      const evil = {
        host: "evil.example",
        forwarded: "host=evil.example;proto=https",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-forwarded-for": "198.51.100.9",
        "x-original-url": "https://evil.example/",
        referer: "https://evil.example/",
        origin: "https://evil.example"
      }
      const ask = (what: string, body: object) =>
        rawPost(`${door.base}${door.of(accountId, what)}`, JSON.stringify(body), evil)
      const started = yield* ask("/step-up", {})
      assert.strictEqual(started.status, 201, started.text)
      const refused = yield* ask("/sign-in", { password: wrongPassword })
      const grant = yield* door.answerRightly((JSON.parse(started.text) as { readonly id: string }).id, email)
      const disabled = yield* ask("/two-factor/disable", { password, grant: grant.grant })
      assert.strictEqual(disabled.status, 200, disabled.text)
      const letters = yield* eventually(
        Effect.map(door.inbox(email), (all) => (all.length >= 2 ? all : undefined)),
        "code and notice"
      )
      assert.include(refused.text, `"type":"${door.base}/problems/password_incorrect"`)
      const everything = [started.text, refused.text, disabled.text, JSON.stringify(letters)].join("\n")
      assert.notInclude(everything, "evil.example")
      for (const [link] of everything.matchAll(/https?:\/\/[^\s"'<>\\)]+/g)) {
        assert.isTrue(link.startsWith(door.base), link)
      }
      assert.notInclude(JSON.stringify(yield* door.events(accountId)), "198.51.100.9")
    })
  )

  it.effect.each(smuggled)("S-55, S-57: %s in a body is refused, and nothing changed", ([, body, pointer]) =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const before = yield* door.everythingOf("sam")
      const ask = door.post(door.of(accountId, "/sign-in"), body)
      const answer = yield* door.refused(accountId, ask, 400, "validation_failed")
      assert.include(pointersIn(answer), pointer)
      assert.strictEqual(yield* door.everythingOf("sam"), before)
    })
  )

  it.effect("S-55: the account is the one of the path, whatever headers and queries say", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const before = yield* door.everythingOf("sam")
      const headers = { "x-user-id": "sam", "x-account-id": "sam", cookie: "account=sam" }
      const answer = yield* door.post(`${door.of(accountId, "/sign-in")}?accountId=sam`, { password }, { headers })
      assert.include(answer.text, accountId)
      assert.strictEqual(yield* door.everythingOf("sam"), before)
      const page = yield* door.call("GET", door.of(accountId, "/events?limit=1&limit=2"))
      refusal(page, 400, "validation_failed", door.base)
      refusal(yield* door.call("GET", "/v1/events?accountId=sam"), 400, "validation_failed", door.base)
    })
  )

  const limits: ReadonlyArray<
    readonly [
      what: string,
      status: number,
      code: string,
      ask: (door: Door) => Effect.Effect<{ readonly status: number; readonly text: string }>
    ]
  > = [
    [
      "a body that says it is larger than 16 KiB",
      413,
      "payload_too_large",
      (door) => door.post(door.of("sam", "/sign-in"), { password: "p".repeat(16_400) })
    ],
    [
      "a body that turns out to be larger",
      413,
      "payload_too_large",
      (door) =>
        rawPost(
          `${door.base}${door.of("sam", "/sign-in")}`,
          Array.from({ length: 40 }, () => " ".repeat(1024)),
          { "transfer-encoding": "chunked" }
        )
    ],
    [
      "headers of more than 16 KiB",
      431,
      "headers_too_large",
      (door) => door.call("GET", door.of("sam"), { headers: { "x-large": "h".repeat(17_000) } })
    ],
    [
      "a compressed body",
      415,
      "unsupported_media_type",
      (door) => door.post(door.of("sam", "/sign-in"), "x", { headers: { "content-encoding": "gzip" } })
    ]
  ]
  it.effect.each(limits)("S-80: %s is refused with %s", ([, status, code, ask]) =>
    Effect.gen(function* () {
      const answer = yield* ask(yield* FrontDoor)
      assert.strictEqual(answer.status, status, answer.text)
      assert.include(answer.text, `"code":"${code}"`)
    })
  )

  it.effect("S-80: a password of 16 KiB is one refusal, and a body that is no JSON another", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      for (const body of [
        "",
        "{",
        "null",
        "[]",
        '"x"',
        "1",
        '{"password":"x"}x',
        `{"password":"${"p".repeat(9000)}"}`
      ]) {
        const answer = yield* door.post(door.of("sam", "/sign-in"), body)
        refusal(answer, 400, "validation_failed", door.base)
        assert.isUndefined(member(answer, "grant"))
      }
    })
  )
})
