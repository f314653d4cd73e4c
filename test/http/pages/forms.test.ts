import { assert, describe, it } from "@effect/vitest"
import { acknowledgements } from "../../../src/domain/acknowledgements.ts"
import type { MethodId } from "../../../src/domain/ids.ts"
import { choosePage } from "../../../src/http/pages/choose.ts"
import { setUpPage } from "../../../src/http/pages/setUp.ts"
import { everyPage } from "./everyPage.ts"
import { destinationOf, frame } from "./facts.ts"
import { formsOf, tagsOf, textOf, textsOf } from "./markup.ts"

const shown = (name: string) => everyPage[name]?.(frame) ?? assert.fail(`no page ${name}`)
const { strength, setUp } = frame.words
const methods: ReadonlyArray<MethodId> = ["SMS", "EMAIL"]

/** The form that a person fills in, apart from signing out. */
const formOn = (name: string): string =>
  formsOf(shown(name)).find((form) => !form.includes("sign-out")) ?? assert.fail(`no form on ${name}`)

describe("the pages that ask for a password", () => {
  it("S-02: the sentence on the method's strength stands in the form with Confirm, under the version that is sent", () => {
    for (const method of methods) {
      const [, form = ""] = formsOf(setUpPage(frame, { method, registered: destinationOf[method] }))
      assert.include(form, strength[method])
      assert.isBelow(form.indexOf(strength[method]), form.indexOf(">Confirm<"))
      assert.include(form, `name="acknowledged" value="${acknowledgements[method]}"`)
    }
  })

  it("S-06: codes by e-mail say that the mailbox also resets the password; those by SMS do not", () => {
    assert.include(textOf(shown("set up e-mail")), setUp.sameMailbox)
    assert.include(textOf(shown("change")), setUp.sameMailbox)
    assert.notInclude(textOf(shown("set up SMS")), setUp.sameMailbox)
  })

  it("S-07: without a fresh proof they offer a code to the current method first, and ask for no password", () => {
    for (const [name, next] of [
      ["disable, without proof", "disable"],
      ["change, without proof", "change"],
      ["frozen, without proof", "frozen"]
    ] as const) {
      assert.include(formOn(name), `action="/account/security/prove/${next}"`, name)
      assert.include(textOf(shown(name)), "we send a code to your current method, by text message to ••• ••43.", name)
      assert.notInclude(shown(name).toString(), 'type="password"', name)
    }
  })

  it("a password manager is told whose password it is", () => {
    for (const name of ["disable", "change", "set up e-mail", "frozen"]) {
      assert.include(formOn(name), 'autocomplete="username" value="alex"', name)
      assert.match(formOn(name), /type="password"\s+autocomplete="current-password"/, name)
    }
  })

  it("a refusal keeps what was typed, except the password", () => {
    const [number = ""] = tagsOf(shown("set up SMS, not a number"), "input").filter((tag) => tag.includes('type="tel"'))
    assert.include(number, 'value="12"')
    assert.include(shown("set up SMS, not a number").toString(), "<details open>")
    const [method = ""] = tagsOf(shown("change, the same"), "input").filter((tag) => tag.includes(" checked"))
    assert.include(method, 'value="SMS"')
    for (const name of Object.keys(everyPage))
      for (const tag of tagsOf(shown(name), "input").filter((one) => one.includes('type="password"')))
        assert.notInclude(tag, "value=", name)
  })

  it("S-41: a number is shown masked, with another one at choice; where there is none, one is asked for", () => {
    assert.include(textOf(shown("set up SMS")), `We send a code by text message to ${destinationOf.SMS}.`)
    assert.include(textsOf(shown("set up SMS"), "summary"), "Use another number")
    assert.notInclude(textsOf(shown("set up SMS, no number"), "summary"), "Use another number")
    assert.include(textsOf(shown("set up SMS, no number"), "label"), "Phone number")
    assert.notInclude(textsOf(shown("set up e-mail"), "label"), "Phone number")
  })

  it("the change page has password and method together, and says what stays on meanwhile", () => {
    const form = formOn("change")
    for (const part of ['name="method"', 'name="password"', ">Confirm<"]) assert.include(form, part)
    assert.include(textOf(shown("change")), "SMS stays on until the code from the new method is accepted.")
    const [chosen = ""] = tagsOf(shown("change"), "input").filter((tag) => tag.includes(" checked"))
    assert.include(chosen, 'value="EMAIL"')
  })

  it("a method that cannot be had is not offered", () => {
    const page = choosePage(frame, ["EMAIL"])
    assert.deepStrictEqual(textsOf(page, "h2"), ["Email"])
    assert.notInclude(page.toString(), "/setup/sms")
  })

  it("what was typed is text and never markup", () => {
    const typed = `"><script>alert(1)</script>`
    const page = setUpPage(frame, { method: "SMS", registered: null, typed })
    assert.notInclude(page.toString(), "<script>alert")
    assert.include(page.toString(), "&quot;&gt;&lt;script&gt;")
  })
})
