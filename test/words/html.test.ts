import { assert, it } from "@effect/vitest"
import { html } from "../../src/words/html.ts"
import { browserOf } from "../../src/words/browser.ts"

it("a template escapes text in content and attributes, and leaves markup of its own", () => {
  const inner = html`<b>${"<&>"}</b>`
  assert.strictEqual(
    html`<a title="${`"'<>&`}">${inner}${[inner, inner]}${3}</a>`.toString(),
    `<a title="&quot;&#39;&lt;&gt;&amp;"><b>&lt;&amp;&gt;</b><b>&lt;&amp;&gt;</b><b>&lt;&amp;&gt;</b>3</a>`
  )
})

it("a browser is told roughly, in names of ours", () => {
  const edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36 Edg/140"
  const safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604"
  assert.deepStrictEqual(browserOf(edge), { browser: "Edge", system: "Windows" })
  assert.deepStrictEqual(browserOf(safari), { browser: "Safari", system: "iPhone" })
  assert.deepStrictEqual(browserOf("<script>"), { browser: null, system: null })
  assert.deepStrictEqual(browserOf(undefined), { browser: null, system: null })
})
