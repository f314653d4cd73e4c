import { apiKeys, secretKeys } from "./keys.ts"
import {
  cidr,
  databaseUrl,
  host,
  mailAddress,
  mailFrom,
  origin,
  publicUrl,
  smsUrl,
  smtpUrl,
  webUrl
} from "./addresses.ts"
import { passwordCost } from "./passwordCost.ts"
import { duration, line, list, logLevel, oneOf, onOff, secret, shaped, wholeNumber } from "./readers.ts"
import type { Setting, ValueOf } from "./Setting.ts"

const slackToken = shaped("a token of Slack, without blanks", /^[\x21-\x7e]+$/)

/** Every variable that Rekey knows, in the order of the reference. */
export const table = {
  port: { name: "PORT", default: "3000", meaning: "where it listens", read: wholeNumber(0, 65_535) },
  host: { name: "HOST", default: "127.0.0.1", meaning: "address where it listens", read: host },
  publicUrl: {
    name: "PUBLIC_URL",
    unset: "`http://localhost:PORT`",
    meaning:
      "base of every link it makes; https, or http on a loopback name; request headers are never used for that; required with `DATABASE_URL`",
    read: publicUrl
  },
  portalUrl: {
    name: "PORTAL_URL",
    meaning: "the portal, for *Back to the portal*",
    read: webUrl("an address such as https://portal.example")
  },
  returnOrigins: {
    name: "REKEY_RETURN_ORIGINS",
    meaning: "list of further origins that `returnUrl` may have",
    read: list(origin)
  },
  databaseUrl: {
    name: "DATABASE_URL",
    unset: "embedded",
    meaning: "`postgres://…` for a PostgreSQL server (15 or newer); local mode is: unset",
    secret: true,
    read: databaseUrl
  },
  dataDir: {
    name: "REKEY_DATA_DIR",
    default: ".rekey",
    meaning: "the embedded database and generated keys (0700; back up both together)",
    read: line("a path", 1024)
  },
  smtpUrl: {
    name: "SMTP_URL",
    unset: "built-in inbox",
    meaning:
      "`smtp://` (STARTTLS with a verified certificate, except on loopback) or `smtps://user:pass@host:port`; required unless `REKEY_INBOX=on`",
    secret: true,
    read: smtpUrl
  },
  mailFrom: {
    name: "MAIL_FROM",
    default: "Harbor Security <security@harbor.example>",
    meaning: "sender",
    read: mailFrom
  },
  smsUrl: {
    name: "SMS_URL",
    unset: "built-in inbox",
    meaning:
      "`twilio://SID:TOKEN@host?from=+1…` (Twilio's Messages API) or `webhook+https://…` (`webhook+http://` on loopback only): POST JSON `{id, to, text}` to exactly that URL, `id` the same on every try; 2xx accepted, 4xx refused for good, else tried again",
    secret: true,
    read: smsUrl
  },
  brandName: {
    name: "BRAND_NAME",
    default: "Harbor",
    meaning: "the company whose portal this serves",
    read: line("a name", 60)
  },
  apiKeys: {
    name: "REKEY_API_KEY",
    unset: "a random one, printed, in local mode only",
    meaning:
      "list `role:key,…` (a bare key is `portal`): `portal` all but reset, `support` read, reset and close cases, `metrics`; each key 32 characters or more; several of a role, so that they rotate",
    secret: true,
    read: apiKeys
  },
  secretKeys: {
    name: "REKEY_SECRET_KEYS",
    unset: "generated into the data directory, in local mode only",
    meaning:
      "key ring `id:base64,id:base64`, each 32 bytes or more; the first is used for new data; one key a use is derived by HKDF",
    secret: true,
    read: secretKeys
  },
  passwordCost: {
    name: "REKEY_PASSWORD_COST",
    default: "19456,2,1",
    meaning:
      "argon2id memory KiB, passes, lanes for new hashes; refused below OWASP's floor; hashes of lower cost are renewed at the next success",
    read: passwordCost
  },
  stepUp: {
    name: "REKEY_STEP_UP",
    default: "required",
    meaning:
      "`required`: lowering or changing protection needs the current factor too; `password`: the password alone, as the article has it, with a warning at start",
    read: oneOf("required", "password")
  },
  demo: {
    name: "REKEY_DEMO",
    unset: "`on` in local mode",
    meaning: "demo accounts and demo portal; on loopback only",
    read: onOff
  },
  inbox: {
    name: "REKEY_INBOX",
    unset: "`on` in local mode",
    meaning: "inbox and everything under `/dev`; on loopback only",
    read: onOff
  },
  codeTtl: {
    name: "REKEY_CODE_TTL",
    default: "10 minutes",
    meaning: "how long a code lives; refused at start outside 1–10 minutes",
    read: duration("a time from 1 to 10 minutes, such as 10 minutes", "1 minute", "10 minutes")
  },
  codeAttempts: {
    name: "REKEY_CODE_ATTEMPTS",
    default: "5",
    meaning: "wrong tries of a challenge; refused at start outside 3–10",
    read: wholeNumber(3, 10)
  },
  resendWait: {
    name: "REKEY_RESEND_WAIT",
    default: "30 seconds",
    meaning: "wait before a code is sent again, 10 seconds or more; it grows ×2, ×4, then stays at 5 minutes",
    read: duration("a time of 10 seconds or more, such as 30 seconds", "10 seconds", "1 day")
  },
  trustedProxies: {
    name: "REKEY_TRUSTED_PROXIES",
    unset: "none",
    meaning: "CIDR list; only then `X-Forwarded-For`, read right to left, counts",
    read: list(cidr)
  },
  clusterPort: {
    name: "REKEY_CLUSTER_PORT",
    unset: "one process",
    meaning:
      "port of this node for the other nodes (private network); all share `DATABASE_URL` and `REKEY_SECRET_KEYS`",
    read: wholeNumber(1, 65_535)
  },
  clusterHost: {
    name: "REKEY_CLUSTER_HOST",
    default: "127.0.0.1",
    meaning: "address of this node for the other nodes, in a private network; a public one is refused",
    read: host
  },
  resetWait: {
    name: "REKEY_RESET_WAIT",
    default: "24 hours",
    meaning: "cool-off of a reset by support; outside local mode 1 hour or more",
    read: duration("a time up to 30 days, such as 24 hours", "1 second", "30 days")
  },
  logLevel: { name: "LOG_LEVEL", default: "info", meaning: "how much is logged", read: logLevel },
  otlpEndpoint: {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    meaning: "traces, metrics and logs to a collector",
    secret: true,
    read: webUrl("an address such as http://localhost:4318")
  },
  slackBotToken: {
    name: "SLACK_BOT_TOKEN",
    unset: "no bot",
    meaning: "token of the Slack app",
    secret: true,
    read: secret("SLACK_BOT_TOKEN", slackToken)
  },
  slackSigningSecret: {
    name: "SLACK_SIGNING_SECRET",
    unset: "no bot",
    meaning: "checks that Slack is the caller; an empty or short one with a bot token stops the start",
    secret: true,
    read: secret("SLACK_SIGNING_SECRET", line("the signing secret of the Slack app", 256))
  },
  slackSupportChannel: {
    name: "SLACK_SUPPORT_CHANNEL",
    meaning: "id of the channel of cases and alerts; the bot has to be a member",
    read: shaped("the id of a channel such as C0123ABCD", /^[CG][A-Z0-9]{2,20}$/)
  },
  slackAppToken: {
    name: "SLACK_APP_TOKEN",
    unset: "HTTP mode",
    meaning: "Socket Mode",
    secret: true,
    read: secret("SLACK_APP_TOKEN", slackToken)
  },
  slackSupportGroups: {
    name: "SLACK_SUPPORT_GROUPS",
    unset: "nobody",
    meaning: "list of user group ids whose members, linked or not, may use the support words; nobody else may",
    read: list(shaped("ids of user groups such as S0123ABCD, separated by commas", /^[A-Z0-9]{1,40}$/))
  },
  slackApiUrl: {
    name: "SLACK_API_URL",
    default: "https://slack.com/api/",
    meaning: "another Web API base ending in `/api/`, for tests (`response_url` may then have its origin too)",
    read: shaped(
      "a base such as http://localhost:4000/api/, ending in /api/",
      /^https?:\/\/[^\s/?#@]+\/(?:[^\s?#]*\/)?api\/$/
    )
  },
  slackCommand: {
    name: "SLACK_COMMAND",
    default: "/2fa",
    meaning: "name of the slash command",
    read: shaped("a slash command of at most 32 small letters, digits, - and _, such as /2fa", /^\/[a-z0-9_-]{1,31}$/)
  },
  supportEmail: {
    name: "SUPPORT_EMAIL",
    meaning: "cases and alerts by mail, also where there is no Slack",
    read: mailAddress
  },
  threadPool: {
    name: "UV_THREADPOOL_SIZE",
    default: "4",
    meaning: "threads of Node for password checks, files and name look-ups",
    read: wholeNumber(1, 1024)
  }
} as const satisfies Record<string, Setting<unknown>>

/** What the table yields once every text is in order. */
export type Values = { readonly [Key in keyof typeof table]: ValueOf<(typeof table)[Key]> }
