import { assert, describe, it } from "@effect/vitest"
import { noticePage } from "../../../src/http/pages/notice.ts"
import { everyPage } from "./everyPage.ts"
import { frame, notice, resetNotice, toFollowers, toStrangers } from "./facts.ts"
import { formsOf, tagsOf, textOf, textsOf } from "./markup.ts"

const shown = (name: string, asked = frame) => everyPage[name]?.(asked) ?? assert.fail(`no page ${name}`)

/** What each state says, and what can be pressed. */
const states: ReadonlyArray<readonly [state: string, sentence: string, buttons: ReadonlyArray<string>]> = [
  ["notice of a change", "Your second factor was changed from SMS to email.", ["This wasn't me", "Go back"]],
  ["notice of a disable", "Two-factor authentication by SMS was turned off.", ["This wasn't me", "Turn it back on"]],
  ["notice, reported", "All further changes are stopped.", ["Go back"]],
  ["notice, used", "This link has been used. A link works once.", []],
  ["notice, void", "Your account has been changed since, so this link does nothing any more.", []],
  ["notice, expired", "This link is older than 72 hours and does nothing any more.", []],
  ["notice of a reset", "Dana of support asked support to reset your two-factor authentication.", ["Stop it"]],
  ["notice of a reset, executed", "The reset has been carried out: two-factor authentication is off.", []]
]

describe("the page behind the link of a notice", () => {
  for (const [state, sentence, buttons] of states) {
    it(`${state}: ${sentence} It can be answered by ${buttons.join(" or ") || "nothing"}.`, () => {
      assert.include(textOf(shown(state)), sentence)
      assert.deepStrictEqual(textsOf(shown(state), "button"), buttons)
    })
  }

  it("S-44: says when, in the zone of the account, and what stops further changes asks for nothing", () => {
    assert.include(textOf(shown("notice of a change")), "When 25 November 2026, 03:05")
    const [report = ""] = formsOf(shown("notice of a change"))
    assert.include(report, 'action="/notice/token/report"')
    assert.notMatch(report, /type="(?!hidden)/)
  })

  it("whoever holds the link learns no more of the account than its masked address", () => {
    const person = { accountId: "alex.tan@example.test", name: "Alex Tan", timeZone: "Asia/Kuala_Lumpur" }
    for (const state of Object.keys(everyPage).filter((name) => /notice/.test(name))) {
      const page = shown(state, { ...frame, person }).toString()
      assert.notMatch(page, /alex|Tan/i, state)
    }
  })

  it("the text of support is text and never markup", () => {
    const page = noticePage(toFollowers(frame), "/notice/token", resetNotice("waiting", `<img src=x onerror=alert(1)>`))
    assert.lengthOf(tagsOf(page, "img"), 0)
    assert.include(textOf(page), "<img src=x onerror=alert(1)> asked support")
  })

  it("a new destination of the same method is called that", () => {
    const page = noticePage(toFollowers(frame), "/notice/token", notice({ from: "SMS", to: "SMS" }))
    assert.include(textOf(page), "Your codes by SMS go to another destination now.")
  })
})

describe("the pages for what did not go on", () => {
  it("each says what happened, what did not, and leads on", () => {
    for (const [name, sentence, onwards] of [
      ["session ended", "Nothing was changed by this page.", "Back to Harbor"],
      ["signed out", "You may still be signed in at the portal", "Back to Harbor"],
      ["misuse", "Nothing was changed.", "Account Security"],
      ["not found", "There is no such page, or it is not for you.", "Account Security"],
      ["unavailable", "Nothing was changed, or it is not known yet", "Try again"],
      ["enter, over", "Open Account Security in the portal again.", "Back to Harbor"]
    ] as const) {
      assert.include(textOf(shown(name)), sentence, name)
      assert.include(textsOf(shown(name), "a"), onwards, name)
    }
  })

  it("whoever has no session is not led into one, and no page bears their menu", () => {
    for (const name of ["misuse", "not found", "unavailable"]) {
      const page = shown(name, toStrangers(frame)).toString()
      assert.notInclude(page, 'class="menu"', name)
      assert.notInclude(page, 'href="/account/security"', name)
    }
  })

  it("a refusal bears the reference that support can look up", () => {
    for (const name of ["misuse", "not found", "unavailable"])
      assert.include(textOf(shown(name)), "Reference E-7F3K", name)
  })

  it("S-49: the way in is one button, and a script presses it only where it may", () => {
    assert.deepStrictEqual(textsOf(shown("enter"), "button"), ["Continue"])
    assert.match(shown("enter").toString(), /<form method="post" data-press>/)
    assert.lengthOf(formsOf(shown("enter, over")), 0)
  })
})

describe("the activity", () => {
  it("is told newest first in plain sentences, a different one for each kind of event, and leads to what is older", () => {
    const page = shown("activity")
    const sentences = textsOf(page, "span").filter((text) => text.endsWith(".") && !text.startsWith("from"))
    assert.isAbove(sentences.length, 20)
    assert.strictEqual(new Set(sentences).size, sentences.length)
    const times = [...page.toString().matchAll(/datetime="([^"]+)"/g)].map(([, time = ""]) => time)
    assert.deepStrictEqual(times, times.toSorted().toReversed())
    assert.include(page.toString(), 'href="/account/security/activity?before=1"')
    assert.include(textOf(shown("activity, none")), "Nothing has happened yet.")
  })
})
