import { assert, describe, it } from "@effect/vitest"
import { slackLinkedPage, slackLinkPage, slackOverPage, slackSignInPage } from "../../../src/http/pages/slackLink.ts"
import { pageOfProof } from "../../../src/http/hosted/prove.ts"
import { ms } from "../../../src/words/pages/ms.ts"
import { everyPage } from "./everyPage.ts"
import { frame, invited, linking, toStrangers } from "./facts.ts"
import { formsOf, skeletonOf, tagsOf, textOf, textsOf } from "./markup.ts"

const shown = (name: string, asked = frame) => everyPage[name]?.(asked) ?? assert.fail(`no page ${name}`)

/** What each state says, and what can be pressed on it. */
const states: ReadonlyArray<
  readonly [state: string, buttons: ReadonlyArray<string>, ...sentences: ReadonlyArray<string>]
> = [
  [
    "Slack, asked",
    ["Send the number to Slack"],
    "Link this Slack user with your account?",
    "Slack user Casey Workspace Harbor Town Your account alex",
    "Whether two-factor authentication is on, and by which method.",
    "What happened lately to the protection of your account",
    "No address, no phone number and no code is shown there. Slack can never change anything of your account.",
    "You can end it at any time: type /2fa unlink in Slack.",
    "Go on only if this Slack user is you.",
    "This page can be used until 04:10, 5 minutes."
  ],
  ["Slack, without proof", ["Send me a code"], "Casey", "First show that it is you", "by text message to ••• ••43."],
  ["Slack, numbers", ["Link"], "Casey", "Which number does Slack show you?", "A wrong number ends this link."],
  ["Slack, no number picked", ["Link"], "Pick the number that Slack shows you. Nothing was linked."],
  ["Slack, too many tries", ["Link"], "Too many tries", "Try again after 04:20."],
  [
    "Slack, linked",
    [],
    "Linked",
    "Casey",
    "This Slack user can now see how your account is protected.",
    "type /2fa unlink in Slack.",
    "We have sent an email about it"
  ],
  [
    "Slack, another number",
    [],
    "That was another number",
    "Nothing was linked, and this link is over.",
    "If somebody sent you this link, do nothing more.",
    "type /2fa link in Slack again."
  ],
  ["Slack, over", [], "This link is over", "has linked nothing.", "type /2fa link in Slack again."],
  [
    "Slack, not signed in",
    [],
    "nothing was linked. Sign in at the portal and open Account Security there.",
    "Then press the button in Slack once more.",
    "Back to Harbor"
  ]
]

describe("the page on which a Slack user is linked", () => {
  for (const [state, buttons, ...sentences] of states) {
    it(`${state}: can be answered by ${buttons.join(" or ") || "nothing"}`, () => {
      for (const sentence of sentences) assert.include(textOf(shown(state)), sentence)
      assert.deepStrictEqual(
        textsOf(shown(state), "button").filter((text) => text !== "Sign out"),
        buttons
      )
    })
  }

  it("S-68: the numbers are radio buttons of one form, none of them picked yet, and their button is no pick by itself", () => {
    const page = shown("Slack, numbers")
    const [, form = ""] = formsOf(page)
    assert.include(form, 'action="/account/slack/token/number"')
    const numbers = tagsOf(page, "input").filter((tag) => tag.includes('type="radio"'))
    assert.lengthOf(numbers, 3)
    for (const [place, value] of ["17", "42", "85"].entries()) {
      assert.match(numbers[place] ?? "", new RegExp(`name="number"\\s+value="${value}"\\s+required`))
      assert.notInclude(numbers[place], "checked")
    }
    assert.deepStrictEqual(textsOf(page, "label"), ["17", "42", "85"])
    assert.deepStrictEqual(textsOf(page, "legend"), ["Which number does Slack show you?"])
  })

  it("S-68: without a fresh proof there is neither a number to pick nor the button that sends one", () => {
    const page = slackLinkPage(
      frame,
      linking({ choices: ["17", "42", "85"], proves: { method: "EMAIL", destination: "a•••@e•••.test" } })
    )
    const [, form = ""] = formsOf(page)
    assert.include(form, 'action="/account/security/prove/slack-token"')
    assert.notInclude(page.toString(), 'name="number"')
    assert.lengthOf(formsOf(page), 2)
  })

  it("S-53: a proof leads back to pages of ours only", () => {
    const token = `00000000-0000-4000-8000-00000000000a.${"aA0_-".repeat(8)}abc`
    assert.strictEqual(pageOfProof(`slack-${token}`), `/account/slack/${token}`)
    for (const purpose of ["disable", "change", "frozen"])
      assert.strictEqual(pageOfProof(purpose), `/account/security/${purpose}`)
    for (const other of [
      "",
      "manage",
      "slack-",
      "slack-token",
      `slack-${token}/../../..`,
      `slack-${token}a`,
      `slack-${token}\n`,
      `slack-//evil.example`,
      "//evil.example",
      "https://evil.example"
    ])
      assert.isUndefined(pageOfProof(other), other)
  })

  it("who wants to be linked is one line of text, never markup, and cut where it does not end", () => {
    const hostile = {
      user: "U0CASEY",
      displayName: `<img src=x onerror=alert(1)>\n\u202e${"x".repeat(200)}`,
      workspace: `"><script>alert(1)</script>`
    }
    for (const [page, plain] of [
      [slackLinkPage(frame, linking({ invited: hostile })), shown("Slack, asked")],
      [slackLinkedPage(frame, { invited: hostile, command: "/2fa" }), shown("Slack, linked")]
    ] as const) {
      assert.strictEqual(skeletonOf(page), skeletonOf(plain))
      assert.lengthOf(tagsOf(page, "img"), 0)
      const [name = "", workspace = ""] = textsOf(page, "dd")
      assert.match(name, /^<img src=x onerror=alert\(1\)> x+…$/)
      assert.isAtMost([...name].length, 80)
      assert.strictEqual(workspace, hostile.workspace)
    }
  })

  it("a name that cannot be seen is no name: the user id stands for it", () => {
    const page = slackLinkPage(frame, linking({ invited: { ...invited, displayName: "\u200b\u2060 " } }))
    assert.strictEqual(textsOf(page, "dd")[0], "U0CASEY")
  })

  it("the slash command is called what it is called here", () => {
    const command = "/rekey"
    assert.include(textOf(slackLinkPage(frame, linking({ command }))), "type /rekey unlink in Slack.")
    assert.include(textOf(slackOverPage(frame, { command })), "type /rekey link in Slack again.")
    assert.include(textOf(slackSignInPage(toStrangers(frame), { command })), "type /rekey link in Slack again.")
  })

  it("where nobody knows the portal, nothing leads there", () => {
    const page = slackSignInPage({ ...toStrangers(frame), returnUrl: null }, { command: "/2fa" })
    assert.notInclude(textsOf(page, "a"), "Back to Harbor")
  })

  it("says the same in Malay", () => {
    const asked = { ...frame, words: ms }
    assert.include(textOf(shown("Slack, asked", asked)), "Pautkan pengguna Slack ini kepada akaun anda?")
    assert.deepStrictEqual(textsOf(shown("Slack, numbers", asked), "legend"), [
      "Nombor manakah yang ditunjukkan oleh Slack kepada anda?"
    ])
    assert.include(
      textOf(shown("Slack, another number", asked)),
      "Tiada apa yang dipautkan, dan pautan ini sudah tamat."
    )
  })
})
