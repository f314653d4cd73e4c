import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { brokenBuilds, edited } from "./brokenBuilds.ts"

describe("broken builds", () => {
  for (const { name, edits } of brokenBuilds)
    it(`${name}: what it breaks is still there, once`, () => {
      for (const edit of edits) {
        const content = readFileSync(new URL(`../../${edit.file}`, import.meta.url), "utf8")
        assert.notStrictEqual(edited(content, edit), content)
      }
    })

  it("a text that is gone, or there twice, is said", () => {
    const edit = { file: "a.ts", text: "guard", by: "" }
    assert.throws(() => edited("nothing", edit), /0 times/)
    assert.throws(() => edited("guard, guard", edit), /2 times/)
  })
})
