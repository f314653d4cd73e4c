import { assert } from "@effect/vitest"
import type { AxeResults } from "axe-core"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { Page } from "playwright-core"

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/** WCAG 2.2 AA and what else is good practice. */
const everything = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
/** What another palette can break; the rest of the page is the same in each, and a palette is the same at each width. */
const colours = { type: "rule", values: ["color-contrast", "link-in-text-block"] } as const

/** How a page may be looked at. Zoomed to 400 %, a window of 1280 px has room for 320. */
const looks = [
  { name: "narrow and light", width: 320, colorScheme: "light", forcedColors: "none", runOnly: everything },
  { name: "in forced colours", width: 320, colorScheme: "dark", forcedColors: "active", runOnly: colours },
  { name: "wide and dark", width: 1280, colorScheme: "dark", forcedColors: "none", runOnly: everything }
] as const

interface Axe {
  readonly run: (options: unknown) => Promise<AxeResults>
}

/** Fails with what axe finds on the page as it is, in each look, or where it is wider than the window. */
export const assertAccessible = async (page: Page, what: string): Promise<void> => {
  // without its style sheet a page has other sizes
  await page.waitForLoadState("load")
  await page.evaluate(source)
  for (const { name, width, colorScheme, forcedColors, runOnly } of looks) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme, forcedColors })
    const { violations } = await page.evaluate(
      (only) =>
        (globalThis as unknown as { readonly axe: Axe }).axe.run({ runOnly: only, resultTypes: ["violations"] }),
      runOnly
    )
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help} ${nodes.map(({ html }) => html).join(" ")}`)
    assert.deepStrictEqual(found, [], `${what}, ${name}`)
    const isTooWide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert.isFalse(isTooWide, `${what}, ${name}: scrolls sideways`)
  }
}
