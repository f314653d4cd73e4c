import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** The requirements that wait for a part which does not exist yet; all others of S-01 to S-80 are due. */
const waitsFor: ReadonlyArray<readonly [part: string, numbers: ReadonlyArray<number>]> = [
  ["authenticator apps, recovery codes and passkeys", [3, 28, 29, 30, 31, 32]],
  ["policies", [5]],
  ["more than API keys between portal and service", [56]],
  ["recovery by two people", [58, 60, 61, 62]],
  ["stored secrets", [76]]
]

const id = (number: number) => `S-${String(number).padStart(2, "0")}`
const waiting = new Set(waitsFor.flatMap(([, numbers]) => numbers.map(id)))
const due = Array.from({ length: 80 }, (_, place) => id(place + 1)).filter((number) => !waiting.has(number))

const here = join(import.meta.dirname, "..")
const files = readdirSync(here, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"))

/** The numbers in the names of tests, by the file that has them; `S-18, S-20: …` names two. */
const named = new Map<string, Set<string>>()
for (const file of files) {
  const text = readFileSync(join(here, file), "utf8")
  for (const [, , name] of text.matchAll(
    /\b(?:it|it\.effect|it\.live|describe|test|table|layer\([^)]*\)\))\(\s*(["'`])([^\n]*)/g
  )) {
    for (const [number] of (name ?? "").matchAll(/\bS-\d\d\b/g)) {
      named.set(number, (named.get(number) ?? new Set()).add(file))
    }
  }
}

describe("the requirements of security.md", () => {
  for (const number of due) {
    it(`${number} is due, and a test bears its number`, () => {
      assert.isAbove(named.get(number)?.size ?? 0, 0, `no test is named ${number}`)
    })
  }

  it("those that are not due are listed with the part that they wait for", () => {
    const lines = waitsFor.map(([part, numbers]) => `  ${numbers.map(id).join(", ")}: wait for ${part}`)
    process.stdout.write(`\nNot due yet:\n${lines.join("\n")}\n`)
    assert.strictEqual(waiting.size + due.length, 80)
  })
})
