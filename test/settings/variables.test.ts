import { describe } from "@effect/vitest"
import { both, key, production, refused, ring, without } from "./verbs.ts"

describe("one variable by itself", () => {
  describe("S-17: a code lives 1 to 10 minutes; more is refused, not clamped", () => {
    both(
      "REKEY_CODE_TTL",
      {},
      {
        good: ["1 minute", "60 seconds", "10 minutes", "600 seconds"],
        bad: ["59 seconds", "601 seconds", "11 minutes", "1 hour", "10", "10m", "-1 minutes", "Infinity", "ten minutes"]
      }
    )
  })
  both("PORT", {}, { good: ["0", "65535"], bad: ["65536", "-1", "http", "80.5", "0x50"] })
  both("HOST", {}, { good: ["localhost"], bad: ["http://localhost", "127.0.0.1:3000", "a b", "1.2.3", "-a"] })
  both("PORTAL_URL", {}, { good: ["https://portal.example/home"], bad: ["javascript:alert(1)", "portal.example"] })
  both(
    "REKEY_RETURN_ORIGINS",
    {},
    {
      good: ["https://a.example", "https://a.example, http://b.example:8080/"],
      bad: ["https://a.example/path", "https://a.example,", "data:text/html", "*"]
    }
  )
  both("DATABASE_URL", without(production, "DATABASE_URL"), {
    good: [
      "postgres://db.example/rekey",
      "postgresql://u:p%40w@db.example:5433/rekey?sslmode=require",
      "postgres:///rekey?host=/run"
    ],
    bad: ["postgres:///rekey", "db.example", "postgres://u:100%@db.example/rekey"]
  })
  both(
    "SMTP_URL",
    {},
    {
      good: ["smtp://mail.example", "smtp://mail.example:587", "smtps://user%40a:p%2Fw@mail.example:465/"],
      bad: [
        "mail.example:25",
        "http://mail.example",
        "smtp://",
        "smtps://u:50%@mail.example",
        "smtp://mail.example?secure=false"
      ]
    }
  )
  both(
    "MAIL_FROM",
    {},
    {
      good: ["a@b.example", "Harbor <a@b.example>", '"Harbor, Inc." <a@b.example>', "<a@b.example>"],
      bad: [
        "Harbor",
        "Harbor <>",
        "a@b.example, c@d.example",
        "Harbor <a@b.example> <c@d.example>",
        "Har\nbor <a@b.example>"
      ]
    }
  )
  both(
    "SMS_URL",
    {},
    {
      good: [
        "twilio://AC1:token@api.twilio.com?from=+15005550006",
        "twilio://AC1:token@api.twilio.com?from=%2B15005550006",
        "webhook+https://sms.example/send?key=a",
        "webhook+http://localhost:9000/send"
      ],
      bad: [
        "twilio://AC1:token@api.twilio.com",
        "twilio://AC1@api.twilio.com?from=+15005550006",
        "twilio://AC1:token@api.twilio.com?from=Harbor",
        "webhook+http://sms.example/send",
        "webhook+ftp://localhost/send",
        "https://sms.example/send"
      ]
    }
  )
  both("BRAND_NAME", {}, { good: ["Bühne & Söhne"], bad: ["a\nb", "x".repeat(61)] })
  both(
    "REKEY_API_KEY",
    {},
    {
      good: [key, `portal:${key}`, `support:${key}s, metrics:${key}m,portal:${key}1,portal:${key}2`],
      bad: [
        key.slice(1),
        `portal:${key.slice(1)}`,
        `suport:${key}`,
        `${key},`,
        `${key},support:${key}`,
        `Portal:${key}`,
        `${key} ${key}`
      ]
    }
  )
  both(
    "REKEY_SECRET_KEYS",
    {},
    {
      good: [ring, ring.replace(/=+$/, ""), `${ring}, b:${Buffer.alloc(64, 2).toString("base64")}`],
      bad: [
        ring.slice(2),
        `a:${Buffer.alloc(31, 1).toString("base64")}`,
        `${ring},${ring}`,
        `:${ring.slice(2)}`,
        "a:!!!!",
        `${ring},`,
        `a:${"A".repeat(45)}`
      ]
    }
  )
  both(
    "REKEY_PASSWORD_COST",
    {},
    {
      good: ["19456,2,1", "47104,1,1", "12288, 3, 1", "9216,4,1", "7168,5,1", "262144,4,16"],
      bad: [
        "19455,2,1",
        "47103,1,1",
        "7167,9,1",
        "19456,2",
        "19456,2,0",
        "262145,1,1",
        "262144,5,1",
        "19456,2,17",
        "1e6,2,1"
      ]
    }
  )
  both("REKEY_STEP_UP", {}, { good: ["required", "password"], bad: ["off", "optional"] })
  both("REKEY_CODE_ATTEMPTS", {}, { good: ["3", "10"], bad: ["2", "11", "five"] })
  both("REKEY_RESEND_WAIT", {}, { good: ["10 seconds", "5 minutes"], bad: ["9 seconds", "30"] })
  both(
    "REKEY_TRUSTED_PROXIES",
    {},
    {
      good: ["10.0.0.0/8", "10.0.0.1, fd00::/8,::1"],
      bad: [
        "10.0.0.0/33",
        "10.0/8",
        "proxy.example",
        "fd00::/129",
        "::ffff:10.0.0.0/104",
        "10.0.0.0/8/8",
        "fe80::1%eth0",
        "10.0.0.0/"
      ]
    }
  )
  both("LOG_LEVEL", {}, { good: ["debug", "INFO", "none"], bad: ["loud", "constructor"] })
  both("OTEL_EXPORTER_OTLP_ENDPOINT", {}, { good: ["http://localhost:4318"], bad: ["localhost:4318"] })
  both(
    "SLACK_API_URL",
    {},
    { good: ["http://localhost:4000/api/"], bad: ["http://localhost:4000", "https://slack.com/api"] }
  )
  both("SLACK_COMMAND", {}, { good: ["/second-factor"], bad: ["2fa", "/two fa"] })
  both("SLACK_SUPPORT_GROUPS", {}, { good: ["S012AB,S034CD"], bad: ["@support"] })
  both("SUPPORT_EMAIL", {}, { good: ["help@harbor.example"], bad: ["help", "a@b.example,c@d.example"] })
  both("UV_THREADPOOL_SIZE", {}, { good: ["1", "8"], bad: ["0", "many"] })
  both("REKEY_CLUSTER_PORT", production, { good: ["4000"], bad: ["70000", "0"] })
  refused(
    "nodes share a database",
    { REKEY_CLUSTER_PORT: "4000" },
    /Set DATABASE_URL to the server that all nodes share/
  )
  both(
    "REKEY_CLUSTER_HOST",
    { ...production, REKEY_CLUSTER_PORT: "4000" },
    {
      good: ["127.0.0.1", "10.0.0.5", "192.168.1.2", "172.16.0.9", "fd00::5", "::1", "node-1"],
      bad: ["8.8.8.8", "0.0.0.0", "::", "2001:4860:4860::8888", "172.32.0.1", "http://10.0.0.5"]
    }
  )
})
