import { assert } from "@effect/vitest"
import type { AxeResults } from "axe-core"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { Page } from "playwright-core"

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/** WCAG 2.2 AA and what else is good practice. */
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

/** Fails with what axe finds on the page as it is, or where it is wider than the window. */
export const assertAccessible = async (page: Page, what: string): Promise<void> => {
  await page.evaluate(source)
  const { violations } = await page.evaluate(
    (only) =>
      (globalThis as unknown as { readonly axe: { run: (options: unknown) => Promise<AxeResults> } }).axe.run({
        runOnly: only
      }),
    tags
  )
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help} ${nodes.map(({ html }) => html).join(" ")}`)
  assert.deepStrictEqual(found, [], what)
  const isTooWide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
  assert.isFalse(isTooWide, `${what}: scrolls sideways`)
}
