const password = "harbor-demo-2026"
/** The id of a challenge that does not exist. */
export const aChallenge = "0198d6a5-3f0e-4c5b-9c55-6a8d2f7b1c11"
/** Every call under `/v1`: its method and its path. */
export const calls = {
  register: ["PUT", "/v1/accounts/alex"],
  signIn: ["POST", "/v1/accounts/alex/sign-in"],
  stepUp: ["POST", "/v1/accounts/alex/step-up"],
  disable: ["POST", "/v1/accounts/alex/two-factor/disable"],
  setup: ["POST", "/v1/accounts/alex/two-factor/setup"],
  change: ["POST", "/v1/accounts/alex/two-factor/change"],
  verify: ["POST", `/v1/challenges/${aChallenge}/verify`],
  resend: ["POST", `/v1/challenges/${aChallenge}/resend`],
  read: ["GET", "/v1/accounts/alex"],
  remove: ["DELETE", "/v1/accounts/alex"],
  status: ["GET", "/v1/accounts/alex/two-factor"],
  challenge: ["GET", `/v1/challenges/${aChallenge}`],
  cancel: ["DELETE", `/v1/challenges/${aChallenge}`],
  requestReset: ["POST", "/v1/accounts/alex/two-factor/reset"],
  cancelReset: ["DELETE", "/v1/accounts/alex/two-factor/reset"],
  liftReport: ["DELETE", "/v1/accounts/alex/two-factor/report"],
  ofAccount: ["GET", "/v1/accounts/alex/events"],
  feed: ["GET", "/v1/events"],
  cases: ["GET", "/v1/cases"],
  closeCase: ["DELETE", "/v1/cases/C-7F3K"]
} as const
/** One of them. */
export type Call = keyof typeof calls
/** Those that take an Idempotency-Key. */
export const posts = ["signIn", "stepUp", "disable", "setup", "change", "verify", "resend", "requestReset"] as const
/** Those that a portal and support make. */
export const ofBoth: ReadonlyArray<Call> = ["read", "status", "challenge", "ofAccount", "feed", "cases", "closeCase"]
/** Those that only support makes. */
export const ofSupport: ReadonlyArray<Call> = ["requestReset", "cancelReset", "liftReport"]
/** A body that each takes. */
export const goodBody: Partial<Record<Call, Record<string, unknown>>> = {
  register: { email: "alex@customer.example", password },
  signIn: { password },
  stepUp: {},
  disable: { password },
  setup: { password, method: "EMAIL" },
  change: { password, method: "EMAIL" },
  verify: { code: "482913" },
  resend: {},
  requestReset: { reason: "the phone was lost", requestedBy: "Casey of support" }
}
/** Fields: values that are taken, and values that are not. */
export const rules: ReadonlyArray<{
  readonly call: Call
  readonly field: string
  readonly good: ReadonlyArray<unknown>
  readonly bad: ReadonlyArray<unknown>
}> = [
  {
    call: "register",
    field: "email",
    good: [
      "a@b.example",
      "A.b+c_d@Customer.Example",
      "o'brien@x-y.example",
      "josé@customer.example",
      "a@bücher.example",
      "me@localhost"
    ],
    bad: [
      null,
      1,
      "",
      "alex",
      "@x.example",
      "a@",
      "a@b@c.example",
      "Alex <a@b.example>",
      "a@b.example,c@d.example",
      "a@b.example\r\nBcc: x@y.example",
      "a b@c.example",
      '"a"@b.example',
      "a(b)@c.example",
      "g:a@b.example;",
      "a@[127.0.0.1]",
      "a..b@c.example",
      ".a@b.example",
      "a@-b.example",
      "a@b..example",
      "a@customⓔr.example",
      "a@BÜCHER.example",
      `${"a".repeat(65)}@b.example`,
      `a@${"b.".repeat(130)}example`,
      "a\0@b.example",
      "a\ud800@b.example"
    ]
  },
  {
    call: "register",
    field: "phone",
    good: ["+60125550101", null, "+1234567", "+123456789012345"],
    bad: [
      "60125559999",
      "+0125550101",
      "+123456",
      "+1234567890123456",
      "+6012 5559999",
      "",
      60125559999,
      "+60125559999\n"
    ]
  },
  {
    call: "register",
    field: "name",
    good: ["Alex Tan", "陳", null, "😀".repeat(200)],
    bad: ["", "a\nb", "x".repeat(201), "\u2028", 1]
  },
  {
    call: "register",
    field: "locale",
    good: ["en", "en-MY", "zh-Hant-TW", null],
    bad: ["", "en_US", "english language", 1]
  },
  {
    call: "register",
    field: "timeZone",
    good: ["Asia/Kuala_Lumpur", "UTC", null],
    bad: ["", "Asia/Atlantis", "Kuala Lumpur", 8]
  },
  { call: "register", field: "twoFactor", good: ["SMS", "EMAIL"], bad: [null, "TOTP", "sms", "", 1] },
  {
    call: "signIn",
    field: "password",
    good: ["x", "\t \n", "😀".repeat(1024), "pass\u0301"],
    bad: ["", "x".repeat(1025), "\ud83d", "a\0b", null, 1, ["x"]]
  },
  {
    call: "verify",
    field: "code",
    good: ["482913", " 482 913 ", "４８２９１３"],
    bad: [null, 482913, ["482913"], { code: "1" }, "1".repeat(257), "nonsense", ""]
  },
  { call: "setup", field: "method", good: ["SMS", "EMAIL"], bad: ["TOTP", null, 1] },
  {
    call: "setup",
    field: "destination",
    good: ["+60125550101", "anything"],
    bad: ["a\r\nb", null, 1, "x".repeat(255)]
  },
  { call: "change", field: "grant", good: ["", "x.y"], bad: [null, 1, "x".repeat(1025)] },
  {
    call: "stepUp",
    field: "client/ip",
    good: ["203.0.113.7", "2001:db8::1", "::ffff:203.0.113.7"],
    bad: [
      "",
      "203.0.113.256",
      "localhost",
      "203.0.113.7:80",
      "127.1",
      "0x7f000001",
      "fe80::1%eth0",
      " 203.0.113.7",
      null,
      1
    ]
  },
  {
    call: "requestReset",
    field: "reason",
    good: ["x", "r".repeat(500)],
    bad: [null, 1, "", "r".repeat(501), "two\nlines", "a\0b", "\ud83d"]
  },
  {
    call: "requestReset",
    field: "requestedBy",
    good: ["x", "r".repeat(200)],
    bad: [null, 1, "", "r".repeat(201), "two\r\nlines", "a\0b"]
  },
  {
    call: "stepUp",
    field: "client/userAgent",
    good: ["", "x".repeat(513), "a\0b", "\ud83d", "a\r\nb"],
    bad: [null, 1, ["x"]]
  }
]
