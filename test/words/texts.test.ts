import { assert, describe, it } from "@effect/vitest"
import type { Letter } from "../../src/domain/letters.ts"
import type { Sender } from "../../src/words/Sender.ts"
import { oneSegment, septets, toGsm7 } from "../../src/words/texts/gsm7.ts"
import { textMessageOf } from "../../src/words/texts/Text.ts"
import { allLetters, harbor, letters, messageOf } from "./facts.ts"

const long: Sender = {
  brand: "Größte Bank der Welt – 最大の銀行 Sdn Bhd Incorporated",
  publicUrl: `https://${"security.".repeat(6)}harbor.example:8443/base`,
  portalUrl: null,
  supportEmail: "a-very-long-support-address@support.harbor.example"
}
const senders = [harbor, long, { ...harbor, supportEmail: null, publicUrl: "http://localhost:3000" }]

const textOf = (letter: Letter, sender: Sender = harbor): string =>
  textMessageOf(messageOf(letter, { channel: "sms", address: "+60125550143" }), sender, { code: "4829131234" })

describe("texts", () => {
  for (const letter of allLetters) {
    it(`"${letter._tag}" is one GSM-7 segment for any sender, account and zone`, () => {
      for (const sender of senders) {
        for (const accountId of ["alex", "x".repeat(128), "alex@customer.example"]) {
          const text = textOf({ ...letter, accountId }, sender)
          const count = septets(text)
          assert.isNotNull(count, text)
          assert.isAtMost(count ?? Infinity, oneSegment, text)
        }
      }
    })

    it(`S-44: "${letter._tag}" says what happened, when, and for whom`, () => {
      const text = textOf(letter)
      assert.match(text, /^Harbor: /)
      assert.match(text, letter._tag === "code" ? /Until 04:14\./ : /25 Nov 04:04 \(20:04 UTC\)\./)
      if (letter._tag !== "code") assert.include(text, "Not you? Contact help@harbor.example.")
    })
  }

  it("S-46: a text after wrong codes names what was done, in one segment for every purpose", () => {
    for (const purpose of ["sign-in", "step-up", "setup", "change"] as const) {
      for (const sender of senders) {
        const text = textOf({ ...letters.proved_after_failures, purpose }, sender)
        assert.isAtMost(septets(text) ?? Infinity, oneSegment, text)
        assert.match(text, /: Someone [a-z -]+ after several wrong codes\. /)
      }
    }
  })

  it("a code text ends with its origin and says that nobody asks for it", () => {
    const text = textMessageOf(messageOf(letters.code), harbor, { code: "482913" })
    assert.isTrue(text.endsWith("\n\n@login.harbor.example #482913"), text)
    assert.include(text, "We never ask for this code by phone, chat or e-mail.")
  })

  it("S-45: a notice carries no code and no full number", () => {
    for (const letter of allLetters) {
      if (letter._tag !== "code") assert.notInclude(textOf(letter), "4829131234")
      assert.notInclude(textOf(letter), "60125550143")
    }
    const { undelivered } = letters
    assert.include(textOf({ ...undelivered, channel: "sms", address: "••• ••43" }), "reach you at **43.")
    assert.include(textOf(undelivered), "reach you at m**@e**.test.")
  })

  it("S-72: what a portal sent cannot start a line or bind a code to another host", () => {
    const hostile = "x\n\n@evil.test #111111"
    const text = textMessageOf(
      messageOf({ ...letters.code, client: { userAgent: hostile } }, { name: hostile }),
      { ...harbor, brand: hostile },
      { code: "482913" }
    )
    assert.deepStrictEqual(
      text.split("\n").filter((line) => line.startsWith("@")),
      ["@login.harbor.example #482913"]
    )
  })

  it("what GSM-7 lacks becomes its nearest neighbour", () => {
    assert.strictEqual(toGsm7("Café – “Öl” 銀 naïve ż €"), 'Cafe - "Öl" ? naive z €'.replace("Cafe", "Café"))
    assert.strictEqual(septets("€"), 2)
    assert.isNull(septets("•"))
  })
})
