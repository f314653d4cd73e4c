import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import { readSettings, Settings, settingsReference } from "../src/settings.ts"
import { both, faultsOf, key, production, refused, ring, taken, without } from "./settings/verbs.ts"

describe("the defaults", () => {
  it.effect("nothing set is local mode, with demo and inbox", () =>
    Effect.gen(function* () {
      const settings = yield* readSettings({})
      assert.deepInclude(settings, {
        localMode: true,
        port: 3000,
        host: "127.0.0.1",
        portalUrl: undefined,
        returnOrigins: [],
        databaseUrl: undefined,
        dataDir: ".rekey",
        smtpUrl: undefined,
        mailFrom: { name: "Harbor Security", address: "security@harbor.example" },
        smsUrl: undefined,
        brandName: "Harbor",
        apiKeys: undefined,
        secretKeys: undefined,
        passwordCost: { memoryKib: 19_456, passes: 2, lanes: 1 },
        stepUp: "required",
        demo: true,
        inbox: true,
        codeAttempts: 5,
        trustedProxies: [],
        logLevel: "Info",
        otlpEndpoint: undefined,
        slackBotToken: undefined,
        slackApiUrl: "https://slack.com/api/",
        slackCommand: "/2fa",
        supportEmail: undefined,
        threadPool: 4
      })
      assert.strictEqual(settings.publicUrl.href, "http://localhost:3000/")
      assert.deepStrictEqual(
        [settings.codeTtl, settings.resendWait, settings.resetWait].map(Duration.toSeconds),
        [600, 30, 86_400]
      )
    })
  )

  it.effect("PUBLIC_URL follows PORT", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* readSettings({ PORT: "8080" })).publicUrl.origin, "http://localhost:8080")
    })
  )

  it.effect("an empty variable is unset", () =>
    Effect.gen(function* () {
      const empty = {
        PORT: "",
        HOST: " ",
        DATABASE_URL: "",
        REKEY_CODE_TTL: "",
        SLACK_BOT_TOKEN: "",
        REKEY_UNKNOWN: ""
      }
      const settings = yield* readSettings(empty)
      assert.deepInclude(settings, { port: 3000, host: "127.0.0.1", localMode: true })
    })
  )

  it.effect("with a database of its own, demo and inbox are off", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* readSettings(production), { localMode: false, demo: false, inbox: false })
    })
  )

  it.effect("a layer of given variables reads no other", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Settings).port, 4001)
    }).pipe(Effect.provide(Settings.layerOf({ PORT: "4001" })))
  )
})

describe("what DATABASE_URL requires", () => {
  for (const name of ["PUBLIC_URL", "REKEY_API_KEY", "REKEY_SECRET_KEYS", "SMTP_URL"])
    refused(`${name} is missed`, without(production, name), new RegExp(`^Set ${name} to `))

  taken("the inbox stands in for SMTP_URL on loopback", {
    ...without(production, "SMTP_URL"),
    PUBLIC_URL: "http://localhost:3000",
    REKEY_INBOX: "on"
  })
  refused("in local mode too, mail needs a way out", { REKEY_INBOX: "off" }, /^Set SMTP_URL to /)
  taken("in local mode a mail server will do", { REKEY_INBOX: "off", SMTP_URL: "smtp://mail.example" })
  refused(
    "a database URL that cannot be read is no local mode",
    { ...production, DATABASE_URL: "mysql://db.example/rekey" },
    /^Set DATABASE_URL to postgres:/
  )
  both("REKEY_RESET_WAIT", production, { good: ["1 hour", "24 hours", "7 days"], bad: ["59 minutes", "1 second"] })
  both("REKEY_RESET_WAIT", {}, { good: ["2 seconds", "1 hour"], bad: ["0 seconds", "31 days", "soon"] })
})

describe("S-50: PUBLIC_URL is https, or http on this machine", () => {
  both("PUBLIC_URL", production, {
    good: [
      "https://security.example",
      "https://security.example:8443/",
      "http://localhost:3000",
      "http://rekey.localhost",
      "http://127.0.0.2:3000",
      "http://[::1]:3000"
    ],
    bad: [
      "http://security.example",
      "http://10.0.0.1",
      "http://localhost.example",
      "ftp://localhost",
      "security.example",
      "https://security.example/base",
      "https://security.example/?a=b",
      "https://user@security.example"
    ]
  })
})

describe("demo and /dev are for this machine only", () => {
  const off = { REKEY_DEMO: "off", REKEY_INBOX: "off", SMTP_URL: "smtp://mail.example" }
  for (const HOST of ["127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"])
    taken(`HOST ${HOST} is this machine`, { HOST })
  for (const HOST of ["0.0.0.0", "::", "192.168.1.5", "rekey.example"]) {
    refused(`no demo at HOST ${HOST}`, { ...off, REKEY_DEMO: "on", HOST }, /^Set HOST to .* REKEY_DEMO to off/)
    refused(`no inbox at HOST ${HOST}`, { ...off, REKEY_INBOX: "on", HOST }, /^Set HOST to .* REKEY_INBOX to off/)
    taken(`without them HOST ${HOST} is as good as any`, { ...off, HOST })
  }
  const PUBLIC_URL = "https://security.example"
  refused(
    "no demo at a public address",
    { ...off, REKEY_DEMO: "on", PUBLIC_URL },
    /^Set PUBLIC_URL to .* REKEY_DEMO to off/
  )
  refused(
    "no inbox at a public address",
    { ...production, REKEY_INBOX: "on" },
    /^Set PUBLIC_URL to .* REKEY_INBOX to off/
  )
  taken("without them a public address is as good as any", { ...off, PUBLIC_URL })
  both("REKEY_DEMO", {}, { good: ["on", "off", "ON"], bad: ["true", "1"] })
})

describe("S-65: a bot needs the whole signing secret", () => {
  const SLACK_BOT_TOKEN = "xoxb-1"
  const SLACK_APP_TOKEN = "xapp-1"
  const whole = "0123456789abcdef".repeat(2)
  for (const SLACK_SIGNING_SECRET of ["", "   ", "short", whole.slice(1)]) {
    refused(
      `“${SLACK_SIGNING_SECRET}” stops the start`,
      { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET },
      /SLACK_SIGNING_SECRET/
    )
    refused(
      `“${SLACK_SIGNING_SECRET}” stops Socket Mode too`,
      { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET },
      /SLACK_SIGNING_SECRET/
    )
    taken(`“${SLACK_SIGNING_SECRET}” is of no importance without a bot`, { SLACK_SIGNING_SECRET })
  }
  refused("none stops the start", { SLACK_BOT_TOKEN }, /SLACK_SIGNING_SECRET/)
  taken("none will do for Socket Mode, which checks no signature", { SLACK_BOT_TOKEN, SLACK_APP_TOKEN })
  taken("a whole one starts", { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET: whole })
})

describe("names", () => {
  refused(
    "a misspelt name is told the right one",
    { REKEY_STEPUP: "password" },
    /^Rename REKEY_STEPUP to REKEY_STEP_UP,/
  )
  refused("a longer one too", { REKEY_API_KEYS: key }, /^Rename REKEY_API_KEYS to REKEY_API_KEY,/)
  taken("variables of others are not looked at", { SMTP_HOST: "x", PATH: "/bin", SLACK_OTHER: "x" })
})

describe("faults", () => {
  it.effect("all are told at once, each in one sentence", () =>
    Effect.gen(function* () {
      const faults = yield* faultsOf({
        DATABASE_URL: "postgres://db.example/rekey",
        PORT: "x",
        REKEY_CODE_TTL: "11 minutes",
        REKEY_PASSWORD_COST: "1,1,1",
        REKEY_SECRETKEYS: ring
      })
      const named = faults.map((fault) => /^(?:Set|Rename) (\w+) to .*\.$/.exec(fault)?.[1])
      assert.deepStrictEqual(named, [
        "PORT",
        "REKEY_PASSWORD_COST",
        "REKEY_CODE_TTL",
        "PUBLIC_URL",
        "REKEY_API_KEY",
        "REKEY_SECRET_KEYS",
        "SMTP_URL",
        "REKEY_SECRETKEYS"
      ])
      assert.include(faults[2] ?? "", "11 minutes")
    })
  )

  it.effect("no secret is repeated, whichever is wrong and whatever is printed", () =>
    Effect.gen(function* () {
      const hidden = "hush-7f3k"
      const wrong = {
        DATABASE_URL: `mysql://u:${hidden}@db.example/rekey`,
        PUBLIC_URL: `http://u:${hidden}@security.example`,
        PORTAL_URL: `ftp://u:${hidden}@portal.example`,
        SMTP_URL: `http://u:${hidden}@mail.example`,
        SMS_URL: `twilio://AC:${hidden}@api.twilio.com`,
        REKEY_API_KEY: hidden,
        REKEY_SECRET_KEYS: `a:${hidden}`,
        REKEY_SECRET_KEY: hidden,
        OTEL_EXPORTER_OTLP_ENDPOINT: `grpc://u:${hidden}@otel.example`,
        SLACK_BOT_TOKEN: `${hidden} x`,
        SLACK_APP_TOKEN: `${hidden} x`,
        SLACK_SIGNING_SECRET: hidden
      }
      const fault = yield* Effect.flip(readSettings(wrong))
      assert.strictEqual(fault.faults.length, Object.keys(wrong).length)
      for (const name of Object.keys(wrong)) assert.include(fault.message, name)
      assert.notInclude(`${fault.message}${String(fault)}${JSON.stringify(fault)}${fault.stack}`, hidden)

      const right = yield* readSettings({
        ...production,
        REKEY_API_KEY: `${hidden}${key}`,
        SMTP_URL: `smtp://u:${hidden}@m.example`
      })
      assert.notInclude(JSON.stringify(right), hidden)
    })
  )
})

describe("what is read", () => {
  it.effect("keys come with their roles and ids, in the order given", () =>
    Effect.gen(function* () {
      const second = Buffer.alloc(40, 2)
      const settings = yield* readSettings({
        ...production,
        REKEY_API_KEY: `${key},support:${key}2`,
        REKEY_SECRET_KEYS: `new:${second.toString("base64")},${ring}`
      })
      assert.deepStrictEqual(
        settings.apiKeys?.map((one) => [one.role, Redacted.value(one.key)]),
        [
          ["portal", key],
          ["support", `${key}2`]
        ]
      )
      assert.deepStrictEqual(
        settings.secretKeys?.map((one) => [one.id, Buffer.from(Redacted.value(one.key)).equals(second)]),
        [
          ["new", true],
          ["a", false]
        ]
      )
    })
  )

  it.effect("lists, sender and ranges come in their parts", () =>
    Effect.gen(function* () {
      const settings = yield* readSettings({
        MAIL_FROM: '"Bank, Inc." <help@bank.example>',
        REKEY_RETURN_ORIGINS: "https://A.example/, http://b.example:8080",
        REKEY_TRUSTED_PROXIES: "10.0.0.0/8,::1"
      })
      assert.deepInclude(settings, {
        mailFrom: { name: "Bank, Inc.", address: "help@bank.example" },
        returnOrigins: ["https://a.example", "http://b.example:8080"],
        trustedProxies: ["10.0.0.0/8", "::1/128"]
      })
    })
  )
})

it("the reference has a line for each variable", () => {
  const lines = settingsReference().trimEnd().split("\n").slice(2)
  assert.strictEqual(lines.length, 35)
  for (const line of lines) assert.match(line, /^\| `[A-Z_]+` \| \S.* \| \S.* \|$/)
  assert.include(settingsReference(), "| `REKEY_CODE_TTL` | `10 minutes` |")
})
