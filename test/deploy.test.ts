import { assert, describe, it } from "@effect/vitest"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { settingsReference } from "../src/settings.ts"

const root = join(import.meta.dirname, "..")
const textOf = (file: string) => readFileSync(join(root, file), "utf8")

const settings = new Set([...settingsReference().matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name = ""]) => name))

describe("what shows how to deploy", () => {
  it("compose.yml sets only settings that there are", () => {
    const text = textOf("deploy/compose.yml")
    const [, block = ""] = /x-settings:[^\n]*\n((?: {2}.*\n)+)/.exec(text) ?? []
    const names = [...block.matchAll(/^ {2}([A-Z_]+):/gm), ...text.matchAll(/^ {6}(REKEY_[A-Z_]+):/gm)]
    assert.isAtLeast(names.length, 10)
    for (const [, name = ""] of names) assert.isTrue(settings.has(name), name)
  })

  it("the image has every file that the service reads", () => {
    const copied = [...textOf("deploy/Dockerfile").matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, files = ""]) =>
      files.split(" ")
    )
    assert.includeMembers(copied, ["package.json", "package-lock.json", "sql", "src"])
    for (const file of copied) assert.isTrue(existsSync(join(root, file)), file)
  })

  it("the operations page names only settings and commands that there are", () => {
    const text = textOf("docs/operations.md")
    for (const [name] of text.matchAll(/\b(?:REKEY|SLACK|SMTP|SMS)_[A-Z_]+\b/g)) {
      assert.isTrue(settings.has(name), name)
    }
    const { scripts } = JSON.parse(textOf("package.json")) as { readonly scripts: Record<string, string> }
    for (const [, script = ""] of text.matchAll(/npm run ([a-z:]+)/g)) assert.property(scripts, script)
  })
})
