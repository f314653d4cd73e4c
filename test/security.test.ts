import { assert, describe, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const text = readFileSync(join(root, "SECURITY.md"), "utf8")

/** `test/a/{b,c}` names two places. */
const expanded = (place: string): ReadonlyArray<string> => {
  const [, before = "", inner, after = ""] = /^(.*)\{(.*)\}(.*)$/.exec(place) ?? []
  return inner === undefined ? [place] : inner.split(",").map((one) => `${before}${one}${after}`)
}

const places = [...text.matchAll(/`(test\/[^`]+)`/g)].flatMap(([, place = ""]) => expanded(place))

const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => join("test", file))

/** All numbers that it names, also those inside `S-20 to S-24`. */
const numbers = new Set(
  [...text.matchAll(/S-(\d\d)(?: to S-(\d\d))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, step) => Number(first) + step)
  )
)
const notDue = new Set([3, 28, 29, 30, 31, 32, 58, 60, 61, 62])

describe("SECURITY.md", () => {
  it("names places where tests are", () => {
    assert.isAbove(places.length, 25)
    const isThere = (place: string) =>
      existsSync(join(root, place)) || files.some((file) => file.startsWith(place.replace("*", "")))
    assert.deepStrictEqual(
      places.filter((place) => !isThere(place)),
      []
    )
  })

  it("names requirements that a test bears in its name, but for those that it calls not there yet", () => {
    const tests = files.map((file) => readFileSync(join(root, file), "utf8")).join("\n")
    const shown = (number: number) => tests.includes(`S-${String(number).padStart(2, "0")}`)
    assert.isAbove(numbers.size, 40)
    assert.deepStrictEqual(
      [...numbers].filter((number) => !shown(number) && !notDue.has(number)),
      []
    )
  })
})
