import { assert, describe, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { promisify } from "node:util"

const root = resolve(import.meta.dirname, "..")

/** Which lines the linter of this checkout refuses: each is written to the file named before it, in a tree of its own. */
const refusedOf = async (lines: ReadonlyArray<readonly [file: string, line: string]>) => {
  const folder = mkdtempSync(join(tmpdir(), "rekey-floors-"))
  try {
    copyFileSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"))
    for (const [file, line] of lines) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), `${line}\n`)
    }
    const oxlint = join(root, "node_modules/oxlint/bin/oxlint")
    const linted = await promisify(execFile)(process.execPath, [oxlint, "--format", "unix"], { cwd: folder }).catch(
      (failed: { stdout: string }) => failed
    )
    return lines.filter(([file]) => linted.stdout.includes(`${file}:1:`)).map(([file, line]) => `${file}: ${line}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const all = (lines: ReadonlyArray<readonly [string, string]>) => lines.map(([file, line]) => `${file}: ${line}`)

describe("floors", { timeout: 60_000 }, () => {
  it("an import from a floor above, or through a door that is another's, is refused by the linter", async () => {
    const forbidden = [
      ["src/domain/a.ts", `export { a } from "../words/a.ts"`],
      ["src/domain/b.ts", `export { a } from "../settings.ts"`],
      ["src/words/a.ts", `export { a } from "../services/a.ts"`],
      ["src/words/mails/a.ts", `export { a } from "../../settings.ts"`],
      ["src/services/a.ts", `export { a } from "../methods/a.ts"`],
      ["src/services/mail/a.ts", `export { a } from "../../account/a.ts"`],
      ["src/services/passwords/a.ts", `export { a } from "../../main.ts"`],
      ["src/settings.ts", `export { a } from "./methods/a.ts"`],
      ["src/methods/a.ts", `export { a } from "../account/a.ts"`],
      ["src/account/a.ts", `export { a } from "../http/a.ts"`],
      ["src/account/decisions/a.ts", `export { a } from "../../bot/a.ts"`],
      ["src/http/api/a.ts", `export { a } from "../../bot/a.ts"`],
      ["src/bot/actions/a.ts", `export { a } from "../../http/a.ts"`],
      ["src/bot/a.ts", `export { a } from "../main.ts"`],
      ["src/services/sms/a.ts", `export { a } from "nodemailer"`],
      ["src/services/b.ts", `export { a } from "@node-rs/argon2"`],
      ["src/services/mail/b.ts", `export { a } from "@node-rs/argon2"`],
      ["src/http/b.ts", `export { a } from "@slack/web-api"`],
      ["src/services/c.ts", `export { a } from "@slack/web-api"`],
      ["src/account/b.ts", `export { a } from "effect/sql"`],
      ["src/services/d.ts", `export const port = process.env.PORT`],
      ["src/services/e.ts", `export { env } from "node:process"`],
      ["src/main.ts", `export const port = process.env.PORT`]
    ] as const
    assert.deepStrictEqual(await refusedOf(forbidden), all(forbidden))
  })

  it("an import from a room's own floor and from those below is allowed", async () => {
    const allowed = [
      ["src/domain/a.ts", `export { a } from "./account.ts"`],
      ["src/words/mails/a.ts", `export { a } from "../../domain/a.ts"`],
      ["src/services/a.ts", `export { a } from "../settings.ts"`],
      ["src/services/Mailer.ts", `export { a } from "nodemailer"`],
      ["src/services/mail/a.ts", `export { a } from "nodemailer"`],
      ["src/services/passwords/a.ts", `export { a } from "@node-rs/argon2"`],
      ["src/services/b.ts", `export { a } from "effect/sql"`],
      ["src/methods/a.ts", `export { a } from "../services/a.ts"`],
      ["src/account/a.ts", `export { a } from "../methods/a.ts"`],
      ["src/account/b.ts", `export type { A } from "effect/sql"`],
      ["src/http/pages/a.ts", `export { a } from "../../account/a.ts"`],
      ["src/bot/a.ts", `export { a } from "@slack/web-api"`],
      ["src/settings.ts", `export const port = process.env.PORT`],
      ["src/main.ts", `export { a } from "./http/a.ts"`]
    ] as const
    assert.deepStrictEqual(await refusedOf(allowed), [])
  })
})
