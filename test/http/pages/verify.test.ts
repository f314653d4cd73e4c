import { assert, describe, it } from "@effect/vitest"
import type { Challenge } from "../../../src/domain/TwoFactor.ts"
import { deliveryLine } from "../../../src/http/pages/delivery.ts"
import { verifyPage } from "../../../src/http/pages/verify.ts"
import { everyPage } from "./everyPage.ts"
import { account, challenge, frame, later } from "./facts.ts"
import { tagsOf, textOf, textsOf } from "./markup.ts"

const shown = (name: string, asked = frame) => everyPage[name]?.(asked) ?? assert.fail(`no page ${name}`)
const { refusals } = frame.words
const about = { inForce: "SMS", codeLength: 6 } as const

/** What experience.md has each state of the code's page say. */
const says: ReadonlyArray<readonly [state: string, ...sentences: ReadonlyArray<string>]> = [
  [
    "verify, sent",
    "We sent a 6-digit code to a•••@e•••.test.",
    "SMS stays on until this code is accepted.",
    "The code works until 04:14, 9 minutes.",
    "Handed to the mail server at 04:04:12",
    "You can ask for it again in 12 seconds."
  ],
  ["verify, set-up", "Two-factor authentication is off until this code is accepted."],
  ["verify, slow", "The mail server did not take it at 04:04:50. We are trying again.", "This is slower than usual"],
  [
    "verify, bounced",
    "We could not send the code to a•••@e•••.test.",
    "The mail server says that this address does not exist. Use another method, or check the address."
  ],
  ["verify, wrong", "That code is not right. 3 tries left."],
  ["verify, expired", "That code was sent at 03:54 and has expired."],
  ["closed, used up", "Too many tries. SMS is still on. Start again after 04:20."],
  ["closed, cancelled", "This code is no longer needed", "Two-factor authentication is still off."],
  ["done elsewhere", "Already done at 04:06.", "Your security standard has been updated to EMAIL"]
]

describe("the page of a code", () => {
  for (const [state, ...sentences] of says) {
    it(`${state}: ${sentences[0] ?? ""}`, () => {
      for (const sentence of sentences) assert.include(textOf(shown(state)), sentence)
    })
  }

  it("S-23: a wrong code says how many tries are left, one that is no code only what a code is", () => {
    assert.strictEqual(
      refusals.code_incorrect({ ...about, attemptsRemaining: 1 }),
      "That code is not right. 1 try left."
    )
    assert.strictEqual(refusals.code_malformed(about), "The code is 6 digits.")
    const other = { purpose: "sign-in", clock: "04:01" } as const
    assert.match(
      refusals.code_of_another({ ...about, attemptsRemaining: 2, other }),
      /^That code belongs to a sign-in from 04:01, not to this.* 2 tries left\.$/
    )
  })

  it("has one field for the code, into which anything can be pasted", () => {
    for (const state of ["verify, sent", "verify, wrong", "verify, of a notice"]) {
      const fields = tagsOf(shown(state), "input").filter((tag) => !tag.includes('type="hidden"'))
      assert.lengthOf(fields, 1, state)
      const [field = ""] = fields
      for (const part of ['type="text"', 'inputmode="numeric"', 'autocomplete="one-time-code"', 'name="code"'])
        assert.include(field, part, state)
      assert.notMatch(field, /maxlength|pattern|disabled|readonly/, state)
    }
  })

  it("an expired code is replaced by one press, and none can be entered", () => {
    const page = shown("verify, expired")
    assert.match(page.toString(), /class="primary">Send a new code</)
    assert.notInclude(page.toString(), 'name="code"')
    assert.notInclude(page.toString(), "aria-disabled")
    assert.notInclude(textsOf(page, "button"), "Send again")
  })

  it("Send again can be reached while it waits, and says for how long; pressed early it explains", () => {
    const [waiting = ""] = tagsOf(shown("verify, sent"), "button").filter((tag) => tag.includes("aria-disabled"))
    assert.include(waiting, 'aria-disabled="true"')
    assert.include(waiting, 'data-seconds="12"')
    assert.include(waiting, 'aria-describedby="resend-wait"')
    assert.notMatch(waiting, /\sdisabled/)
    assert.notInclude(shown("verify, set-up").toString(), "aria-disabled")
    assert.strictEqual(
      refusals.resend_too_soon({ ...about, until: { clock: "04:05", seconds: 12 } }),
      "You can ask for it again in 12 seconds. The code that we sent still works."
    )
  })

  it("the delivery line is live while something can change, with Check again where there is no script", () => {
    const live = shown("verify, slow").toString()
    assert.include(live, `data-live="/account/security/verify/${challenge("change").id}/delivery"`)
    assert.match(live, /<noscript>\s*<p><a [^>]*>Check again<\/a>/)
    for (const state of ["verify, sent", "verify, bounced"]) {
      assert.notInclude(shown(state).toString(), "data-live", state)
      assert.notInclude(shown(state).toString(), "Check again", state)
    }
  })

  const delivering = (state: Challenge["delivery"]["state"], secondsAgo: number) =>
    deliveryLine(frame, {
      method: "EMAIL",
      issuedAt: later(-secondsAgo),
      delivery: { state, at: later(-secondsAgo), detail: null }
    })

  it("is slower than usual after twenty seconds, unless the message was handed over", () => {
    for (const [state, secondsAgo, isSlow] of [
      ["queued", 20, false],
      ["queued", 21, true],
      ["deferred", 20, false],
      ["deferred", 21, true],
      ["handed_over", 600, false],
      ["failed", 600, false]
    ] as const)
      assert.strictEqual(delivering(state, secondsAgo).isSlow, isSlow, `${state}, ${secondsAgo} seconds`)
  })

  it("the two lamps say in words which method is in force, whatever their colours", () => {
    const [now = "", next = ""] = textsOf(shown("verify, sent"), "li").slice(-2)
    assert.strictEqual(now, "Now SMS ••• ••43 on")
    assert.strictEqual(next, "After your code is accepted Email a•••@e•••.test not on yet")
    assert.include(textsOf(shown("verify, set-up"), "li").at(-2) ?? "", "No second factor")
  })

  it("what a mail server answered is text and never markup", () => {
    const detail = `<script>alert(1)</script>"'`
    const delivery = { state: "failed", at: later(0), detail } as const
    const page = verifyPage(frame, { challenge: challenge("change", { delivery }), twoFactor: account("SMS") })
    assert.notInclude(page.toString(), "<script>alert")
    assert.include(textOf(page), detail)
  })

  it("a proof goes on to what it is for, and that can be no address of somebody else's", () => {
    assert.include(shown("verify, step-up").toString(), "?next=disable")
    const page = verifyPage(frame, {
      challenge: challenge("step-up"),
      twoFactor: account("SMS"),
      next: `"><script>&next=//evil.example`
    })
    assert.notMatch(page.toString(), /<script>&|\/\/evil/)
  })
})
