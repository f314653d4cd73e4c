import { assert, describe, it } from "@effect/vitest"
import { article, numberOf } from "../../../src/domain/article.ts"
import type { Html } from "../../../src/words/html.ts"
import { ms } from "../../../src/words/pages/ms.ts"
import { everyPage } from "./everyPage.ts"
import { frame } from "./facts.ts"
import { tagsOf, textOf, textsOf } from "./markup.ts"

type Name = keyof typeof everyPage
type Role = "a" | "button" | "label"

const shown = (name: Name, asked = frame): Html => everyPage[name]?.(asked) ?? assert.fail(`no page ${name}`)

/** The words of the article, to the letter: on which page, as what, and what the same is called in Malay. */
const labels: ReadonlyArray<readonly [Name, Role, english: string, malay: string]> = [
  ["overview, on", "a", "My Account", "Akaun Saya"],
  ["overview, on", "a", "Account Security", "Keselamatan Akaun"],
  ["overview, on", "a", "Manage two-factor authentication", "Urus pengesahan dua faktor"],
  ["disable", "label", "Password", "Kata laluan"],
  ["disable", "button", "Disable 2FA", "Matikan 2FA"],
  ["overview, off", "a", "Setup Two-Factor Authentication", "Sediakan Pengesahan Dua Faktor"],
  ["choose", "a", "Email Authentication", "Pengesahan E-mel"],
  ["choose", "a", "SMS Authentication", "Pengesahan SMS"],
  ["set up e-mail", "label", "Password", "Kata laluan"],
  ["set up e-mail", "button", "Confirm", "Sahkan"],
  ["verify, set-up", "label", "Verification code", "Kod pengesahan"],
  ["verify, set-up", "button", "Verify", "Sahkan kod"],
  ["done", "button", "Okay", "Baik"],
  ["manage", "a", "Change method", "Tukar kaedah"],
  ["manage", "a", "Disable 2FA", "Matikan 2FA"],
  ["change", "button", "Confirm", "Sahkan"],
  ["disable, without proof", "button", "Send me a code", "Hantar kod kepada saya"],
  ["change, without proof", "button", "Send me a code", "Hantar kod kepada saya"],
  ["notice of a change", "button", "This wasn't me", "Ini bukan saya"],
  ["notice of a change", "button", "Go back", "Kembali ke kaedah itu"],
  ["notice of a disable", "button", "Turn it back on", "Hidupkan semula"],
  ["notice of a reset", "button", "Stop it", "Hentikan"],
  ["verify, of a notice", "button", "Verify", "Sahkan kod"],
  ["enter", "button", "Continue", "Teruskan"]
]

describe("the labels of the article", () => {
  for (const [name, role, english, malay] of labels) {
    it(`${name}: ${english}, once and to the letter; in Malay: ${malay}`, () => {
      const times = (page: Html, label: string) => textsOf(page, role).filter((text) => text === label).length
      assert.strictEqual(times(shown(name), english), 1)
      assert.strictEqual(times(shown(name, { ...frame, words: ms }), malay), 1)
    })
  }

  it("the pages of the article bear the numbers of its steps, counted in one list", () => {
    const steps = [
      ["manage", "manage"],
      ["disable", "disable"],
      ["choose", "choose"],
      ["set up e-mail", "confirm"],
      ["verify, set-up", "verify"],
      ["done", "done"]
    ] as const
    assert.lengthOf(article, 11)
    for (const [name, step] of steps) assert.include(textOf(shown(name)), `Step ${numberOf(step)} of 11`)
    assert.deepStrictEqual(
      steps.map(([, step]) => numberOf(step)),
      [4, 5, 7, 8, 9, 10]
    )
  })

  it("the guide has each control by its name, so that a renamed button is renamed there too", () => {
    const { steps } = frame.words
    const renamed = {
      ...frame,
      words: { ...frame.words, steps: { ...steps, done: { ...steps.done, control: "Fine" } } }
    }
    assert.include(textOf(shown("guide")), "Press Okay.")
    assert.include(textOf(shown("guide", renamed)), "Press Fine.")
    assert.include(textsOf(shown("done", renamed), "button"), "Fine")
    assert.lengthOf(tagsOf(shown("guide"), "li").slice(-article.length), article.length)
  })

  it("Change method is offered first, and by the page's one primary button", () => {
    const page = shown("manage").toString()
    assert.isBelow(page.indexOf("/account/security/change"), page.indexOf("/account/security/disable"))
    assert.match(page, /class="button primary" href="\/account\/security\/change"/)
  })

  it("S-06: the methods stand in the order of their strength, each with a sentence on it", () => {
    const text = textOf(shown("choose"))
    const { strength } = frame.words
    assert.isBelow(text.indexOf(strength.SMS), text.indexOf(strength.EMAIL))
    assert.isAtLeast(text.indexOf(strength.SMS), 0)
  })
})
