import { Effect } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { keys, secretKey } from "./process.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** What a command said, and how it ended. */
export interface Ended {
  readonly code: number | null
  readonly lines: ReadonlyArray<string>
  readonly faults: ReadonlyArray<string>
}

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "")

/** Runs a command of an operator in a process of its own, with these settings and no others, to its end. */
export const command = (file: "verify" | "restored", env: Readonly<Record<string, string>>): Effect.Effect<Ended> =>
  Effect.promise(async (abort) => {
    const child = spawn(process.execPath, [`src/${file}.ts`], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      signal: abort,
      env: { TZ: "UTC", NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"], ...env }
    })
    const said = { out: "", err: "" }
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said.out += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said.err += text))
    const [code] = await once(child, "close")
    return { code: code as number | null, lines: linesOf(said.out), faults: linesOf(said.err) }
  })

/** The settings of a Rekey over a database, for its operator. */
export const settingsFor = (databaseUrl: string): Readonly<Record<string, string>> => ({
  DATABASE_URL: databaseUrl,
  PUBLIC_URL: "http://localhost:3000",
  REKEY_API_KEY: keys.portal,
  REKEY_SECRET_KEYS: `k1:${secretKey}`,
  REKEY_INBOX: "on"
})
