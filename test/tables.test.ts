import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const textOf = (file: string) => readFileSync(join(root, file), "utf8")
const filesOf = (folder: string, ends: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ends))
    .map((file) => join(folder, file))

const tables = filesOf("sql", ".sql").flatMap((file) =>
  [...textOf(file).matchAll(/\bcreate table (\w+)/g)].map(([, table = ""]) => table)
)
const sources = filesOf("src", ".ts").map((file) => ({ file, text: textOf(file) }))

const withoutComments = (text: string) => text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "")

/** A service that has a room of its own for its statements is still one. */
const keeperOf = (file: string) => file.replace(/(twoFactorParts|AllAccounts)\.ts$/, "TwoFactorStore.ts")

/** The services that name a table in SQL: right after a word that a table follows there. */
const namedBy = (table: string) => {
  const statement = new RegExp(`\\b(?:from|join|into|update|table|only|references|truncate) ${table}\\b`)
  const files = sources.filter(({ text }) => statement.test(withoutComments(text))).map(({ file }) => keeperOf(file))
  return [...new Set(files)]
}

describe("tables", () => {
  it("there are tables to look for", () => {
    assert.includeMembers(tables, ["accounts", "audit_events", "outbox"])
  })

  for (const table of tables) {
    it(`${table} is named by one service only`, () => {
      const files = namedBy(table)
      assert.lengthOf(files, 1, files.join(", "))
      assert.match(files[0] ?? "", /^src\/services\//)
    })
  }
})
