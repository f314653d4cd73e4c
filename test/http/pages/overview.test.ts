import { assert, describe, it } from "@effect/vitest"
import { overviewPage } from "../../../src/http/pages/overview.ts"
import { everyPage } from "./everyPage.ts"
import { frame, later, resetWaiting } from "./facts.ts"
import { formsOf, textOf, textsOf } from "./markup.ts"

const shown = (name: string, asked = frame) => everyPage[name]?.(asked) ?? assert.fail(`no page ${name}`)
const manage = "Manage two-factor authentication"
const setUp = "Setup Two-Factor Authentication"
const ways = [manage, setUp, "Continue", "It was me"]

/** What each state says, and which ways lead on from it; the others are not there. */
const states: ReadonlyArray<readonly [state: string, sentence: string, ways: ReadonlyArray<string>]> = [
  ["on", "Two-factor authentication is on. Your codes go by text message to ••• ••43.", [manage]],
  ["off", "Two-factor authentication is off. Your account is protected by its password only.", [setUp]],
  ["updated", "Your security standard has been updated to EMAIL", [manage]],
  ["setting up", "You have asked for codes by email, and the code is not entered yet.", ["Continue", setUp]],
  ["changing", "You have asked for codes by email, and the code is not entered yet.", ["Continue", manage]],
  ["suspended", "Code entry is paused after too many wrong codes.", []],
  ["frozen", "Signing in still works, and your method is still on.", ["It was me"]],
  ["frozen while off", "changes are stopped while two-factor authentication is off", []],
  ["has to enrol", "Set it up again before you do anything else.", [setUp]],
  ["reset waiting", "Dana of support asked to reset your two-factor authentication.", [manage]]
]

describe("the overview", () => {
  for (const [state, sentence, offered] of states) {
    it(`${state}: ${sentence} It leads on by ${offered.join(" and ") || "nothing"}.`, () => {
      const page = shown(`overview, ${state}`)
      assert.include(textOf(page), sentence)
      const there = textsOf(page, "a").filter((text) => ways.includes(text))
      assert.deepStrictEqual(there, offered)
    })
  }

  it("S-59: a reset that waits says who asked for it and when it takes effect, and can be stopped", () => {
    const page = shown("overview, reset waiting")
    assert.include(textOf(page), "It takes effect 26 November 2026, 04:05, unless you stop it.")
    assert.isTrue(formsOf(page).some((form) => form.includes('action="/account/security/reset/stop"')))
    assert.isFalse(formsOf(shown("overview, on")).some((form) => form.includes("reset/stop")))
  })

  it("what support wrote about itself is one line of text, and never markup", () => {
    const { reset } = resetWaiting
    assert.isNotNull(reset)
    const twoFactor = {
      ...resetWaiting,
      reset: { ...reset, executesAt: later(60), requestedBy: "<b>Dana</b>\u202e\n\n!" }
    }
    const page = overviewPage(frame, { twoFactor })
    assert.notInclude(page.toString(), "<b>Dana")
    assert.include(textOf(page), "<b>Dana</b> ! asked to reset")
  })

  it("times are told by the clock of the account's zone, and in UTC where it has none", () => {
    assert.include(textOf(shown("overview, on")), "Last changed 24 November 2026, 04:05.")
    const person = { accountId: "alex", name: null, timeZone: null }
    assert.include(textOf(shown("overview, on", { ...frame, person })), "Last changed 23 November 2026, 20:05 UTC.")
  })
})
