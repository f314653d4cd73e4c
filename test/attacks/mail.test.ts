import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { FrontDoor, member, password } from "../kit/frontDoor.ts"
import { aProcess, eventually, keys } from "../kit/process.ts"
import { aTextGateway, type Letter } from "../kit/smtp.ts"
import { headerLines, headers, mailServer, type Received } from "../services/mailServer.ts"
import { simpleParser } from "mailparser"

/** Rekey with a mail server and a gateway that keep every byte. */
const make = Effect.gen(function* () {
  const mail = yield* mailServer()
  const { url, texts } = yield* aTextGateway
  const rekey = yield* aProcess({
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    SMS_URL: url,
    REKEY_INBOX: "off",
    REKEY_DEMO: "off"
  })
  const { received } = mail
  const lettersTo = (to: string): Effect.Effect<ReadonlyArray<{ readonly text: string }>> =>
    Effect.promise(async () => {
      const mails = received.filter(({ recipients }) => recipients.join() === to)
      const read = await Promise.all(mails.map(async ({ raw }) => ({ text: (await simpleParser(raw)).text ?? "" })))
      return [...read, ...texts.filter((text) => text.to === to)].toReversed()
    })
  return { door: FrontDoor.before(rekey, lettersTo), received, texts }
})

class Post extends Context.Service<Post, Effect.Success<typeof make>>()("test/Post") {}

/** The headers that a letter of ours has, and no others. */
const ours = [
  "to",
  "from",
  "subject",
  "message-id",
  "date",
  "auto-submitted",
  "mime-version",
  "content-type",
  "x-auto-response-suppress"
]

const namesOf = (mail: Received) => headerLines(mail).map((line) => line.split(":")[0]?.toLowerCase() ?? "")

/** One recipient, one of each header, none that is not ours, and nowhere to go but to us. */
const harmless = (mail: Received, to: string, base: string) => {
  assert.deepStrictEqual(mail.recipients, [to])
  const names = namesOf(mail)
  assert.deepStrictEqual([...new Set(names)], names, "a header twice")
  for (const name of names) assert.include(ours, name)
  assert.deepStrictEqual(headers(mail, "to"), [to])
  assert.notMatch(headers(mail, "subject").join(), /evil|eve@/)
  assert.notMatch(mail.raw, /^(bcc|cc|reply-to|x-evil):/im)
  for (const [, href = ""] of mail.raw.replace(/=\r\n/g, "").matchAll(/href=3?D?"([^"]+)"/g))
    assert.isTrue(href.startsWith(base), href)
}

/** What a portal may state of a person, as bad as the contract lets it be. */
const persons: ReadonlyArray<readonly [what: string, stated: Readonly<Record<string, string>>]> = [
  ["another mailbox in the name", { name: `"Bob" <eve@evil.example>, Carol` }],
  ["a header in an encoded word", { name: "=?utf-8?B?QQ0KQmNjOiBldmVAZXZpbC5leGFtcGxl?=" }],
  ["a percent sign for a line break", { name: "A%0d%0aBcc: eve@evil.example" }],
  ["an address to press in the name", { name: "https://evil.example/login <a href=//evil.example>" }],
  ["a format of printf and a template", { name: "%s%n{{constructor}}${7*7}$&" }],
  ["text that runs backwards", { name: "\u202emoc.live\u202c \u2066x" }],
  ["an encoded word in the address", { email: "=?utf-8?q?eve=40evil.example?=@customer.example" }],
  ["UTF-7 in the address", { email: "&AGEALAAg-bcc@customer.example" }],
  ["options in the address", { email: "-oQ/tmp/x!#$%*@customer.example" }],
  ["a locale of many parts", { locale: "en-x-bcc-evil-example" }]
]

/** Where the same is refused, since it could be read as more than it is (S-72). */
const refused: ReadonlyArray<readonly [field: string, value: string]> = [
  ["email", '"a@evil.example"@customer.example'],
  ["email", "a@customer.example,eve@evil.example"],
  ["email", "a@customer.example\r\nBcc: eve@evil.example"],
  ["email", "a@customer.example\u0000@evil.example"],
  ["email", "friends:a@customer.example;"],
  ["name", "Bob\r\nBcc: eve@evil.example"],
  ["name", "Bob\u2028Bcc: eve@evil.example"],
  ["locale", "en\r\nBcc: eve@evil.example"],
  ["timeZone", "UTC\nX-Evil: 1"],
  ["phone", "+60125550101\r\nTo: +60125550666"]
]

const client = { ip: "203.0.113.7", userAgent: "Mozilla\r\nBcc: eve@evil.example\r\n\r\n<a href=//evil.example>" }

layer(Layer.orDie(Layer.effect(Post, make)), { excludeTestServices: true })("mail", (it) => {
  for (const [what, stated] of persons) {
    it.effect(
      `header injection in mail (S-72, CVE-2025-13033, GHSA-c7w3-x93f-qmm8): ${what} stays text, and one person gets it`,
      () =>
        Effect.gen(function* () {
          const { door, received, texts } = yield* Post
          const { accountId, email: given, phone } = yield* door.anAccount({ twoFactor: "SMS", ...stated })
          const email = stated["email"] ?? given
          const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password, client })
          const answer = yield* door.verify(id, yield* door.codeOf(id, phone))
          const off = { password, grant: member(answer, "grant"), client }
          assert.strictEqual((yield* door.post(door.of(accountId, "/two-factor/disable"), off)).status, 200)
          const setUp = { method: "EMAIL", password, client, acknowledged: "x: y <a href=//evil.example>" }
          const begun = yield* door.started(door.of(accountId, "/two-factor/setup"), setUp)
          yield* door.answerRightly(begun.id, email)
          const reset = { reason: "Bcc: eve@evil.example", requestedBy: "<eve@evil.example>", client }
          const asked = door.post(door.of(accountId, "/two-factor/reset"), reset, { key: keys.support })
          assert.strictEqual((yield* asked).status, 202)
          const mails = yield* eventually(
            Effect.sync(() => {
              const to = received.filter(({ recipients }) => recipients.includes(email))
              return to.length >= 4 ? to : undefined
            }),
            "notice of the disable, code, confirmation and notice of the reset"
          )
          for (const mail of mails) harmless(mail, email, door.base)
          const mine = texts.filter((text: Letter) => text.to === phone)
          assert.isAtLeast(mine.length, 1)
          for (const { text } of mine) assert.notMatch(text, /evil|bcc/i)
          for (const mail of received) assert.match(mail.recipients.join(), /^[^,]+@customer\.example$/)
        })
    )
  }

  it.effect(
    "header injection in mail (S-72, GHSA-hwqf-gcqm-7353): what could be read as more than one is refused",
    () =>
      Effect.gen(function* () {
        const { door, received } = yield* Post
        const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
        const before = yield* door.everythingOf(accountId)
        for (const [field, value] of refused) {
          const answer = yield* door.call("PUT", door.of(accountId), { body: { [field]: value } })
          assert.strictEqual(answer.status, 400, `${field} ${JSON.stringify(value)}`)
        }
        assert.strictEqual(yield* door.everythingOf(accountId), before)
        const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
        yield* door.answerRightly(id, email)
        assert.lengthOf(
          received.filter(({ recipients }) => recipients.includes(email)),
          1,
          "more than the code was sent"
        )
      })
  )
})
