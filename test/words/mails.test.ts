import { assert, describe, expect, it } from "@effect/vitest"
import type { Letter } from "../../src/domain/letters.ts"
import { mailOf } from "../../src/words/mails/Mail.ts"
import { allLetters, harbor, letters, messageOf } from "./facts.ts"

const written = (letter: Letter) => mailOf(messageOf(letter), harbor, letter._tag === "code" ? { code: "482913" } : {})

const subjects: Readonly<Record<Letter["_tag"], string>> = {
  code: "Your Harbor verification code",
  changed: "Your security standard has been updated to EMAIL",
  replaced: "SMS codes were replaced by email",
  disabled: "Two-factor authentication was turned off",
  unfinished: "Your account is protected by its password only",
  suspended: "We paused code entry on your account",
  tries: "Someone knows your password and entered wrong codes",
  proved_after_failures: "Someone signed in after several wrong codes",
  contact: "The contact details of your account were changed",
  undelivered: "We could not reach you at m•••@e•••.test"
}

describe("mails", () => {
  for (const letter of allLetters) {
    it(`the mail "${letter._tag}" is as reviewed`, async () => {
      const { subject, text, html } = written(letter)
      await expect(`Subject: ${subject}\n\n${text}`).toMatchFileSnapshot(`../golden/mails/${letter._tag}.txt`)
      await expect(html).toMatchFileSnapshot(`../golden/mails/${letter._tag}.html`)
    })

    it(`S-44: "${letter._tag}" says what, for which account, when here and in UTC, from where, and how to object`, () => {
      const { subject, text, html } = written(letter)
      assert.strictEqual(subject, subjects[letter._tag])
      for (const part of [text.replace(/\s+/g, " "), html]) {
        assert.include(part, "alex")
        assert.include(part, "25 November 2026, 04:04 (GMT+8) / 24 November 2026, 20:04 UTC")
        if (letter.client !== undefined) assert.include(part, "Firefox on Windows")
        assert.include(part, "Harbor support at help@harbor.example")
        assert.include(part, "We never ask for this code by phone, chat or e-mail.")
      }
    })

    it(`"${letter._tag}" has 72 columns, inline styles, nothing remote, and stays below 40 kB`, () => {
      const { text, html } = written(letter)
      for (const line of text.split("\n")) assert.isAtMost([...line].length, 72, line)
      assert.isBelow(Buffer.byteLength(text) + Buffer.byteLength(html), 40_000)
      assert.notMatch(html, /<img|<script|url\(|@import|src=/i)
      assert.include(html, "prefers-color-scheme: dark")
    })
  }

  it("the confirmation says the sentence of the article", () => {
    assert.include(written(letters.changed).text, "Your security standard has been updated to EMAIL.")
  })

  it("S-46: what was done after wrong codes is told in words that fit it, with their number", () => {
    const said = (["sign-in", "step-up", "setup", "change"] as const).map((purpose) =>
      written({ ...letters.proved_after_failures, purpose })
    )
    assert.deepStrictEqual(
      said.map(({ subject }) => subject),
      [
        "Someone signed in after several wrong codes",
        "Someone passed a security check after several wrong codes",
        "Someone turned on two-factor authentication after several wrong codes",
        "Someone changed your security standard after several wrong codes"
      ]
    )
    for (const { text } of said) assert.include(text.replace(/\s+/g, " "), "Wrong codes before it: 4.")
  })

  it("S-45: no code is in a subject, and a notice carries no code", () => {
    for (const letter of allLetters) {
      const { subject, text, html } = mailOf(messageOf(letter), harbor, { code: "482913" })
      assert.notInclude(subject, "482913")
      if (letter._tag !== "code") assert.notInclude(text + html, "482913")
    }
    const { text, html } = written(letters.code)
    assert.include(text, "482913")
    assert.include(html, "482913")
  })

  it("S-45: a mail carries no full address, not even where the portal uses one as account id", () => {
    for (const letter of allLetters) {
      const { text, html } = mailOf(messageOf({ ...letter, accountId: "alex@customer.example" }), harbor)
      assert.notInclude(text + html, "alex@customer.example")
      assert.include(text, "a•••@c•••.example")
      assert.notInclude(text + html, "203.0.113.7")
    }
  })

  it("a code mail contains no link, a notice the one to object", () => {
    const code = mailOf(messageOf(letters.code), harbor, {
      code: "482913",
      undoUrl: "https://login.harbor.example/u/1"
    })
    assert.notMatch(code.text + code.html, /https?:|<a /)
    const notice = mailOf(messageOf(letters.changed), harbor, { undoUrl: "https://login.harbor.example/u/1" })
    assert.include(notice.text, "\nhttps://login.harbor.example/u/1\n")
    assert.include(notice.html, `<a href="https://login.harbor.example/u/1"`)
  })

  it("the same message gives the same mail", () => {
    for (const letter of allLetters) assert.deepStrictEqual(written(letter), written(letter))
  })

  it("S-72: names, user agents and brands of others stay text on one line", () => {
    const hostile = `<b onclick="x">A</b>\r\nBcc: eve@evil.test\u202E\u0000 & "you"`
    for (const letter of allLetters) {
      const { subject, text, html } = mailOf(
        messageOf({ ...letter, client: { userAgent: hostile, ip: hostile } }, { name: hostile, timeZone: hostile }),
        { ...harbor, brand: hostile }
      )
      assert.notMatch(subject, /[\r\n\u0000\u202E]/)
      assert.notMatch(text + html, /[\r\u0000\u202E]/)
      assert.notInclude(html, "<b ")
      assert.notInclude(html, `"x"`)
    }
  })

  it("a name that advertises a site is left out, a name of Malaysia stays", () => {
    for (const name of ["visit evil.test now", "http://evil.test", "www.evil"]) {
      assert.match(mailOf(messageOf(letters.changed, { name }), harbor).text, /^Hello,\n/)
    }
    for (const name of ["Ravi a/l Muthu", "Ahmad @ Jamal bin Abu", "Siti Nurhaliza", "J. R. Tan"]) {
      assert.include(mailOf(messageOf(letters.changed, { name }), harbor).text, `Hello ${name},`)
    }
  })

  it("an account without zone is told in UTC, a zone unknown here too", () => {
    for (const timeZone of [null, "Mars/Olympus"]) {
      const { text } = mailOf(messageOf(letters.changed, { timeZone }), harbor)
      assert.include(text, "24 November 2026, 20:04 UTC")
      assert.notInclude(text, "GMT")
    }
  })

  it("a language without texts falls back to English", () => {
    for (const locale of ["th-TH", "en", null, "__proto__", "constructor-x", "x\r\nBcc: eve@evil.test"]) {
      assert.strictEqual(mailOf(messageOf(letters.changed, { locale }), harbor).subject, subjects.changed)
    }
  })

  it("without support address and portal the brand's support is named", () => {
    const { text } = mailOf(messageOf(letters.changed), { ...harbor, supportEmail: null, portalUrl: null })
    assert.include(text, "If this was not you, contact Harbor support at once.")
  })
})
