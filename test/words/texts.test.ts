import { assert, describe, it } from "@effect/vitest"
import type { CustomerLetter, Letter } from "../../src/domain/letters.ts"
import type { Sender } from "../../src/words/Sender.ts"
import { oneSegment, septets, toGsm7 } from "../../src/words/texts/gsm7.ts"
import { textMessageOf } from "../../src/words/texts/Text.ts"
import { type Language, languages } from "../../src/words/catalogue.ts"
import {
  harbor,
  letters,
  messageOf,
  people,
  samples,
  sentWith,
  supportSamples
} from "../../src/http/dev/sampleLetters.ts"

const long: Sender = {
  brand: "Größte Bank der Welt – 最大の銀行 Sdn Bhd Incorporated",
  publicUrl: `https://${"security.".repeat(6)}harbor.example:8443/base`,
  portalUrl: null,
  supportEmail: "a-very-long-support-address@support.harbor.example"
}
const senders = [harbor, long, { ...harbor, supportEmail: null, publicUrl: "http://localhost:3000" }]

const spoken = Object.keys(languages) as Array<Language>

const textOf = (letter: Letter, sender: Sender = harbor, locale = "en-MY"): string =>
  textMessageOf(messageOf(letter, { channel: "sms", address: "+60125550143", locale }), sender, { code: "4829131234" })

/** Every letter with each value that changes its words. */
const variants: ReadonlyArray<CustomerLetter> = [
  ...samples.map(([, letter]) => letter),
  ...(["sign-in", "step-up", "setup", "change"] as const).flatMap((purpose): Array<CustomerLetter> => [
    { ...letters.code, purpose },
    { ...letters.tries, purpose },
    { ...letters.proved_after_failures, purpose }
  ]),
  ...(["SMS", "EMAIL"] as const).flatMap((from) =>
    (["SMS", "EMAIL"] as const).flatMap((to): Array<CustomerLetter> => [
      { ...letters.changed, from, to },
      { ...letters.replaced, from, to }
    ])
  ),
  { ...letters.undelivered, channel: "sms", address: "••• ••43" },
  { ...letters.undelivered, address: "ż•••@林•••.example" },
  { ...letters.reset_requested, requestedBy: `${people.rtl} ${people.emoji}`.repeat(9) },
  ...["", people.rtl, people.hostile, "{[]}".repeat(20), "㏂㏘".repeat(20)].flatMap(
    (slackUser): Array<CustomerLetter> => [
      { ...letters.slack_linked, slackUser },
      { ...letters.slack_unlinked, slackUser }
    ]
  )
]

const says: Readonly<Record<Language, { readonly until: RegExp; readonly contact: string }>> = {
  en: { until: /Until 04:14\./, contact: "Not you? Contact help@harbor.example." },
  ms: { until: /Hingga 04:14\./, contact: "Bukan anda? Hubungi help@harbor.example." }
}

describe.each(spoken)("texts in %s", (language) => {
  it("every text is one GSM-7 segment for any sender, account, name and zone", () => {
    for (const letter of variants) {
      for (const sender of senders) {
        for (const accountId of ["alex", "x".repeat(128), "alex@customer.example"]) {
          for (const timeZone of [null, "Asia/Kuala_Lumpur", "America/St_Johns"]) {
            const about = messageOf({ ...letter, accountId }, { locale: language, name: people.rtl, timeZone })
            const text = textMessageOf(about, sender, { code: "4829131234" })
            const count = septets(text)
            assert.isNotNull(count, text)
            assert.isAtMost(count ?? Infinity, oneSegment, text)
          }
        }
      }
    }
  })

  for (const [name, letter] of samples) {
    it(`S-44: "${name}" says what happened, when, and where to go; by its link where that fits`, () => {
      const text = textOf(letter, harbor, language)
      const { until, contact } = says[language]
      assert.match(text, /^Harbor: /)
      assert.match(text, letter._tag === "code" ? until : /25 Nov 04:04 \(20:04 UTC\)\./)
      if (letter._tag !== "code") assert.include(text, contact)
      const more = sentWith(letter)
      const sent = textMessageOf(messageOf(letter, { locale: language }), harbor, more)
      assert.isAtMost(septets(sent) ?? Infinity, oneSegment, sent)
      if (["changed", "replaced", "disabled", "reset_requested"].includes(name))
        assert.include(sent, more.undoUrl ?? "no link")
      else assert.notMatch(sent, /https?:|\/notice\//)
    })
  }

  it("every code text says that nobody asks for codes, until when it works, and ends with its origin", () => {
    for (const purpose of ["sign-in", "step-up", "setup", "change"] as const) {
      const text = textMessageOf(messageOf({ ...letters.code, purpose }, { locale: language }), harbor, {
        code: "482913"
      })
      const { neverAsk, neverAskShort } = languages[language]
      assert.isTrue(text.includes(neverAsk) || text.includes(neverAskShort), text)
      assert.match(text, says[language].until)
      assert.isTrue(text.endsWith("\n\n@login.harbor.example #482913"), text)
    }
  })

  it("a reset tells when it takes effect", () => {
    assert.match(textOf(letters.reset_requested, harbor, language), /(?:Takes effect|Berkuat kuasa) 26 Nov 04:04\./)
  })
})

describe("texts", () => {
  it("S-46: a text after wrong codes names what was done, in one segment for every purpose", () => {
    for (const purpose of ["sign-in", "step-up", "setup", "change"] as const) {
      for (const sender of senders) {
        const text = textOf({ ...letters.proved_after_failures, purpose }, sender)
        assert.isAtMost(septets(text) ?? Infinity, oneSegment, text)
        assert.match(text, /: Someone [a-z -]+ after several wrong codes\. /)
      }
    }
  })

  it("without a support address a text names the portal, without both the brand; a long address gives way", () => {
    const notice = letters.disabled
    assert.include(textOf(notice, { ...harbor, supportEmail: null }), "Not you? Go to portal.harbor.example.")
    assert.include(
      textOf(notice, { ...harbor, supportEmail: null, portalUrl: null }),
      "Not you? Contact Harbor support."
    )
    const supportEmail = `${"help.".repeat(20)}@harbor.example`
    assert.include(textOf(notice, { ...harbor, supportEmail }), "Not you? Contact Harbor support.")
  })

  it("a code text ends with its origin and says that nobody asks for it", () => {
    const text = textMessageOf(messageOf(letters.code), harbor, { code: "482913" })
    assert.isTrue(text.endsWith("\n\n@login.harbor.example #482913"), text)
    assert.include(text, "We never ask for this code by phone, chat or e-mail.")
  })

  it("S-45: a notice carries no code and no full number", () => {
    for (const [, letter] of samples) {
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

  it("what is for support goes by mail: a text would have its subject alone, in one segment", () => {
    for (const [, letter] of supportSamples) {
      for (const sender of senders) {
        const text = textOf({ ...letter, accountId: "alex@customer.example" }, sender)
        assert.isAtMost(septets(text) ?? Infinity, oneSegment, text)
        assert.match(text, /^\[.+\] (?:Case C-7F3K: stuck at step 8|Alert: messages could not be delivered \(3\))$/)
      }
    }
  })

  it("what GSM-7 lacks becomes its nearest neighbour", () => {
    assert.strictEqual(toGsm7("Café – “Öl” 銀 naïve ż €"), 'Cafe - "Öl" ? naive z €'.replace("Cafe", "Café"))
    assert.strictEqual(septets("€"), 2)
    assert.isNull(septets("•"))
  })
})
