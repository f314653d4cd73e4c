import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Mailer } from "../../src/services/Mailer.ts"
import { mailboxOf } from "../../src/domain/mailbox.ts"
import { smtpOptions } from "../../src/services/mail/smtp.ts"
import { freePort } from "../kit/freePort.ts"
import { headerLines, headers, mailServer, reply } from "./mailServer.ts"
import { connected, mail, mailerAt } from "./mailerKit.ts"

const onlyOf = <A>(list: ReadonlyArray<A>): A => {
  const [one] = list
  assert.lengthOf(list, 1)
  if (one === undefined) throw new Error("nothing arrived")
  return one
}

describe("Mailer", () => {
  it.live("a mail arrives with its own Message-ID and Date, marked as automatic, without naming the software", () =>
    Effect.gen(function* () {
      const { mailer, received } = yield* connected()
      assert.deepStrictEqual(yield* mailer.send(mail), { detail: "Handed to the mail server" })
      const got = onlyOf(received)
      assert.deepStrictEqual(headers(got, "Message-ID"), [`<${mail.messageId}@harbor.example>`])
      assert.deepStrictEqual(headers(got, "Date"), ["Tue, 24 Nov 2026 20:04:12 +0000"])
      assert.deepStrictEqual(headers(got, "From"), ["Harbor Security <security@harbor.example>"])
      assert.deepStrictEqual(headers(got, "Auto-Submitted"), ["auto-generated"])
      assert.deepStrictEqual(headers(got, "X-Mailer"), [])
      assert.match(headers(got, "Content-Type")[0] ?? "", /^multipart\/alternative/)
      assert.strictEqual(got.from, "security@harbor.example")
    }).pipe(Effect.scoped)
  )

  it.live("P5: the same message sent twice is the same mail, byte for byte", () =>
    Effect.gen(function* () {
      const { mailer, received } = yield* connected()
      yield* mailer.send(mail)
      yield* mailer.send(mail)
      assert.lengthOf(received, 2)
      assert.strictEqual(received[0]?.raw, received[1]?.raw)
    }).pipe(Effect.scoped)
  )

  const hostile = [
    "a@x.example\r\nBcc: eve@evil.test",
    "a@x.example\nRCPT TO:<eve@evil.test>",
    "a@x.example>\r\nRCPT TO:<eve@evil.test",
    "a@x.example, eve@evil.test",
    "a@x.example; eve@evil.test",
    "a@x.example eve@evil.test",
    "<eve@evil.test>",
    "a@x.example<eve@evil.test>",
    "friends: a@x.example, eve@evil.test;",
    '"a@evil.test"@x.example',
    '"a, eve@evil.test"@x.example',
    '"eve@evil.test x"@x.example',
    "a(comment)@x.example",
    "a@x.example(eve@evil.test)",
    "a@[127.0.0.1]",
    "a@x.example\u0000@evil.test",
    "a\u0000@x.example",
    "a@x.example\u202E",
    "a\u2028b@x.example",
    "=?utf-8?Q?eve=40evil.test=2C?=@x .example",
    "a@ⓧ.example",
    "a@x\u3002example",
    "a@x。evil.test",
    "a@",
    "@x.example",
    "a",
    "",
    `${"a".repeat(65)}@x.example`,
    `a@${"x.".repeat(130)}example`
  ]
  for (const to of hostile) {
    it.live(`S-72: nothing is sent to ${JSON.stringify(to.slice(0, 50))}`, () =>
      Effect.gen(function* () {
        const { mailer, received } = yield* connected()
        const fault = yield* Effect.flip(mailer.send({ ...mail, to }))
        assert.isFalse(fault.transient)
        assert.notInclude(fault.reason, "@")
        assert.lengthOf(received, 0)
      }).pipe(Effect.scoped)
    )
  }

  const kept = [
    "alex@customer.example",
    "Alex.TAN+Bank@Customer.EXAMPLE",
    "o'neil&co!#$%*/=?^_`{|}~-@x.example",
    "&AGE-@x.example",
    "=?utf-8?q?a?=@x.example",
    "zoë@x.example",
    "ZOE\u0308@x.example"
  ]
  for (const to of kept) {
    it.live(`S-73: ${JSON.stringify(to)} is mailed byte for byte, one RCPT and one To`, () =>
      Effect.gen(function* () {
        const { mailer, received } = yield* connected()
        yield* mailer.send({ ...mail, to })
        const got = onlyOf(received)
        assert.deepStrictEqual(got.recipients, [to])
        assert.deepStrictEqual(headers(got, "To"), [to])
        for (const name of ["Cc", "Bcc"]) assert.deepStrictEqual(headers(got, name), [])
      }).pipe(Effect.scoped)
    )
  }

  it("S-73: a domain beyond ASCII goes as its A-label, and only if nothing is folded on the way", () => {
    assert.strictEqual(mailboxOf("a@bücher.example"), "a@xn--bcher-kva.example")
    for (const folded of ["a@BÜCHER.example", "a@customⓔr.example", "a@ｘ.example", "a@x\u00AD.example"]) {
      assert.isNull(mailboxOf(folded), folded)
    }
  })

  it.live("S-72: a subject and a sender's name with line breaks add no header", () =>
    Effect.gen(function* () {
      const server = yield* mailServer()
      const context = yield* Layer.build(
        Mailer.layer({
          url: Redacted.make(`smtp://127.0.0.1:${server.port}`),
          from: { name: 'Harbor, "Eve" <x>\r\nBcc: eve@evil.test', address: "security@harbor.example" }
        })
      )
      yield* Mailer.use((mailer) =>
        mailer.send({
          ...mail,
          subject: "Hi\r\nBcc: eve@evil.test\r\n\r\nbody",
          text: ".\r\nRCPT TO:<eve@evil.test>\r\n.\r\n"
        })
      ).pipe(Effect.provide(context))
      const got = onlyOf(server.received)
      assert.deepStrictEqual(got.recipients, [mail.to])
      assert.isEmpty(headerLines(got).filter((line) => /^(bcc|cc):/i.test(line)))
      assert.lengthOf(headers(got, "To"), 1)
      assert.lengthOf(headers(got, "From"), 1)
      assert.strictEqual(got.from, "security@harbor.example")
    }).pipe(Effect.scoped)
  )

  it.live("S-74: a server elsewhere that offers no STARTTLS gets neither login nor mail", () =>
    Effect.gen(function* () {
      const logins: Array<unknown> = []
      const server = yield* mailServer({
        allowInsecureAuth: true,
        onAuth: (auth, _session, done) => {
          logins.push(auth)
          done(null, { user: "x" })
        }
      })
      // not one of the loopback names, and yet this machine
      const context = yield* mailerAt(`smtp://user:secret@0.0.0.0:${server.port}`)
      const fault = yield* Effect.flip(Mailer.use((mailer) => mailer.send(mail)).pipe(Effect.provide(context)))
      assert.deepStrictEqual([fault.transient, fault.blame], [true, "settings"])
      assert.strictEqual(fault.reason, "The mail server offers no verified encryption")
      assert.lengthOf(server.received, 0)
      assert.lengthOf(logins, 0)
    }).pipe(Effect.scoped)
  )

  it.live("S-74: a certificate that nobody vouches for is refused, by STARTTLS and by smtps", () =>
    Effect.gen(function* () {
      // the server's own certificate is made out by itself
      const starttls = yield* mailServer({ disabledCommands: [] })
      const smtps = yield* mailServer({ secure: true })
      for (const url of [`smtp://0.0.0.0:${starttls.port}`, `smtps://127.0.0.1:${smtps.port}`]) {
        const context = yield* mailerAt(url)
        const fault = yield* Effect.flip(Mailer.use((mailer) => mailer.send(mail)).pipe(Effect.provide(context)))
        assert.strictEqual(fault.reason, "The mail server offers no verified encryption", url)
        assert.isTrue(fault.transient)
      }
      assert.lengthOf([...starttls.received, ...smtps.received], 0)
    }).pipe(Effect.scoped)
  )

  it("S-74: no query of SMTP_URL turns verification off", () => {
    const options = smtpOptions(
      new URL("smtp://mail.example:25?tls.rejectUnauthorized=false&requireTLS=false&ignoreTLS=true")
    )
    assert.isTrue(options.requireTLS)
    assert.notProperty(options, "ignoreTLS")
    assert.deepStrictEqual(options.tls, { rejectUnauthorized: true, minVersion: "TLSv1.2" })
    assert.isFalse(smtpOptions(new URL("smtp://[::1]:25")).requireTLS)
    assert.isTrue(smtpOptions(new URL("smtp://localhost.evil.test:25")).requireTLS)
  })

  it.live("a refused login is the operator's to repair, and the secret is not repeated", () =>
    Effect.gen(function* () {
      const server = yield* mailServer({
        allowInsecureAuth: true,
        onAuth: (_auth, _session, done) => done(reply(535, "no, hunter2 is wrong"))
      })
      const context = yield* mailerAt(`smtp://user:hunter2@127.0.0.1:${server.port}`)
      const fault = yield* Effect.flip(Mailer.use((mailer) => mailer.send(mail)).pipe(Effect.provide(context)))
      assert.deepStrictEqual([fault.transient, fault.blame], [true, "settings"])
      assert.notInclude(JSON.stringify(fault), "hunter2")
      assert.lengthOf(server.received, 0)
    }).pipe(Effect.scoped)
  )

  it.live("one refused recipient does not cost the next their mail", () =>
    Effect.gen(function* () {
      const { mailer, received } = yield* connected({
        onRcptTo: ({ address }, _session, done) => done(address.startsWith("no@") ? reply(550, "5.1.1 none") : null)
      })
      yield* Effect.flip(mailer.send({ ...mail, to: "no@x.example" }))
      yield* mailer.send(mail)
      assert.lengthOf(received, 1)
    }).pipe(Effect.scoped)
  )

  it.live("health tells a server that greets us from a port where nobody listens", () =>
    Effect.gen(function* () {
      const { mailer } = yield* connected()
      yield* mailer.health
      const free = yield* freePort
      const gone = yield* mailerAt(`smtp://127.0.0.1:${free}`)
      const fault = yield* Effect.flip(Mailer.use(({ health }) => health).pipe(Effect.provide(gone)))
      assert.strictEqual(fault.reason, "The mail server cannot be reached")
    }).pipe(Effect.scoped)
  )
})
