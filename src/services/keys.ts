import { Data, Effect, Result } from "effect"
import { randomBytes, randomUUID } from "node:crypto"
import { link, mkdir, open, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { secretKeys, type SecretKeys } from "../settings/keys.ts"

/** The file of generated keys cannot be used. `reason` says what to do, in one sentence without a key in it. */
export class KeyFileFault extends Data.TaggedError("KeyFileFault")<{ readonly reason: string }> {
  override get message(): string {
    return this.reason
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "unknown"

const attempt = <A>(path: string, doing: string, work: () => Promise<A>) =>
  Effect.tryPromise({
    try: work,
    catch: (cause) =>
      new KeyFileFault({ reason: `Let Rekey ${doing} ${path}, or set REKEY_DATA_DIR elsewhere (${codeOf(cause)}).` })
  })

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, "utf8")
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined
    throw cause
  }
}

/** The id is random too: rows made with a ring that was lost must not be taken for rows of its successor. */
const freshRing = (): string => `${randomBytes(4).toString("hex")}:${randomBytes(32).toString("base64")}\n`

const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Whole or not at all, and never over another's file: of two starts at once, one makes the keys that both read. */
const create = async (directory: string, path: string): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const draft = join(directory, `keys.${randomUUID()}`)
  try {
    const handle = await open(draft, "wx", 0o600)
    try {
      await handle.writeFile(freshRing())
      await handle.sync()
    } finally {
      await handle.close()
    }
    await link(draft, path)
    await syncDirectory(directory)
  } catch (cause) {
    if (codeOf(cause) !== "EEXIST") throw cause
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * The key ring of local mode: `<dataDir>/keys`, made at the first start, in the syntax of `REKEY_SECRET_KEYS`. It
 * belongs to the database beside it, and is never replaced once it is there. Where the database is older than the start,
 * a file that is missing is told, for keys made now would fit nothing in it.
 */
export const secretKeysIn = Effect.fn("secretKeysIn")(function* (dataDir: string, missing: "made" | "told" = "made") {
  const path = join(dataDir, "keys")
  const read = attempt(path, "read", () => readIfThere(path))
  let text = yield* read
  if (text === undefined && missing === "told") {
    return yield* new KeyFileFault({ reason: `Restore ${path} from the back-up that the database beside it is from.` })
  }
  if (text === undefined) {
    yield* attempt(path, "write", () => create(dataDir, path))
    text = (yield* read) ?? ""
  }
  const ring = secretKeys(text.trim())
  if (Result.isSuccess(ring)) return ring.success satisfies SecretKeys
  return yield* new KeyFileFault({
    reason: `Restore ${path} from a backup, or delete it to have new keys made, with which codes, links and records of the old ones cannot be read: it is damaged.`
  })
})
