import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import type { Frame } from "../../../src/http/pages/layout.ts"
import type { Html } from "../../../src/words/html.ts"
import { en } from "../../../src/words/pages/en.ts"
import { ms } from "../../../src/words/pages/ms.ts"
import { everyPage } from "./everyPage.ts"
import { frame } from "./facts.ts"
import { formsOf, skeletonOf, tagsOf, textsOf, valuesOf } from "./markup.ts"

const canary = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`
const assets = resolve(import.meta.dirname, "../../../src/http/assets")
const css = readFileSync(resolve(assets, "style.css"))
const js = readFileSync(resolve(assets, "script.js"))
const languages = { en, ms }

const loadedBy = (page: Html): ReadonlyArray<string> => [
  ...valuesOf(page, "src"),
  ...tagsOf(page, "link").flatMap((link) => /href="([^"]*)"/.exec(link)?.[1] ?? "")
]

for (const language of ["en", "ms"] as const) {
  const asked: Frame = { ...frame, words: languages[language] }
  const pages = Object.entries(everyPage).map(([name, render]) => ({ name, render, page: render(asked) }))

  describe(`each page in each of its states, in ${language}`, () => {
    it("has one heading, at most one primary button, and a title that tells a fault", () => {
      for (const { name, page } of pages) {
        assert.lengthOf(tagsOf(page, "h1"), 1, name)
        assert.isAtMost(valuesOf(page, "class").filter((value) => /\bprimary\b/.test(value)).length, 1, name)
        const [title = ""] = textsOf(page, "title")
        assert.isTrue(title.endsWith(`${textsOf(page, "h1")[0] ?? ""} – Harbor`), title)
        assert.strictEqual(title.startsWith(asked.words.errorTitle("")), valuesOf(page, "id").includes("problem"), name)
        assert.deepStrictEqual(valuesOf(page, "lang"), [asked.words.language], name)
      }
    })

    it("has unique ids, and what refers to an element of the page finds it", () => {
      for (const { name, page } of pages) {
        const ids = valuesOf(page, "id")
        assert.strictEqual(new Set(ids).size, ids.length, name)
        const referred = [
          ...valuesOf(page, "for"),
          ...valuesOf(page, "aria-describedby").flatMap((value) => value.split(" ")),
          ...valuesOf(page, "href").flatMap((value) => (value.startsWith("#") ? [value.slice(1)] : []))
        ]
        assert.includeMembers([...ids], referred, name)
      }
    })

    it("tells a fault at the top and, in the same words, at the field that the summary leads to", () => {
      const faults = pages.flatMap(({ name, page }) =>
        [...page.toString().matchAll(/<p><a href="#([a-z]+)">([^<]*)<\/a><\/p>/g)].map(
          ([, field = "", message = ""]) => ({ name, markup: page.toString(), field, message })
        )
      )
      assert.sameMembers(
        [...new Set(faults.map(({ field }) => field))],
        ["password", "code", "destination", "method", "number"]
      )
      for (const { name, markup, field, message } of faults) {
        assert.include(markup, `<p class="fault" id="${field}-fault">${message}</p>`, name)
        assert.match(markup, new RegExp(`<input[^>]*aria-describedby="[^"]*\\b${field}-fault`), name)
        assert.match(markup, /<div class="problem" role="alert" tabindex="-1" id="problem" autofocus>/, name)
      }
    })

    it("S-52: has no style, script or handler of its own, and loads nothing from elsewhere", () => {
      for (const { name, page } of pages) {
        assert.notMatch(page.toString(), /<style|\sstyle=|\son[a-z]+=|javascript:/, name)
        assert.deepStrictEqual(tagsOf(page, "script"), ['<script src="/assets/script.js" defer>'], name)
        for (const address of loadedBy(page)) assert.match(address, /^(\/[a-z]|data:,$)/, name)
      }
    })

    it("S-51: acts by POST only, with the token of the session and the nonce of the rendering", () => {
      for (const { name, page } of pages) {
        const isSignedIn = valuesOf(page, "class").includes("menu")
        for (const form of formsOf(page)) {
          assert.match(form, /^<form method="post"/, name)
          if (name !== "enter") assert.include(form, `name="once" value="${asked.once}"`, name)
          if (isSignedIn) assert.include(form, `name="csrf" value="${asked.csrf}"`, name)
        }
      }
    })

    it("is under 60 kB with its style sheet and its script, which are its only other requests", () => {
      assert.isBelow(js.length, 8 * 1024)
      for (const { name, page } of pages) {
        assert.isBelow(Buffer.byteLength(page.toString()) + css.length + js.length, 60 * 1024, name)
        if (name !== "guide")
          assert.deepStrictEqual(loadedBy(page), ["/assets/script.js", "data:,", "/assets/style.css"], name)
      }
    })

    it("shows what a portal can set as text, never as markup", () => {
      const hostile: Frame = {
        ...asked,
        brand: canary,
        person: { accountId: canary, name: canary, timeZone: canary },
        csrf: canary,
        once: canary,
        returnUrl: canary,
        supportEmail: canary
      }
      for (const { name, render, page } of pages) {
        assert.strictEqual(skeletonOf(render(hostile)), skeletonOf(page), name)
        assert.notInclude(render(hostile).toString(), "<img src=x", name)
      }
    })
  })
}
