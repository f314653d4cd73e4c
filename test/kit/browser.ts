import pkg from "@sparticuz/chromium"
import { Context, Effect, Layer } from "effect"
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { brotliDecompressSync } from "node:zlib"
import { type BrowserContextOptions, chromium, type Page } from "playwright-core"

const require = createRequire(import.meta.url)
const home = dirname(dirname(dirname(require.resolve("@sparticuz/chromium"))))
const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { readonly version: string }

/**
 * The shared libraries that the browser of the package needs and that a bare machine lacks. The package unpacks them on
 * Lambda only; several workers may do it here at once, so each unpacks for itself and the first one wins.
 */
const libraries = (): string => {
  const place = join(tmpdir(), `rekey-browser-libraries-${version}`)
  if (existsSync(place)) return join(place, "lib")
  const own = mkdtempSync(join(tmpdir(), "rekey-browser-"))
  const archive = join(own, "libraries.tar")
  writeFileSync(archive, brotliDecompressSync(readFileSync(join(home, "bin", "al2023.tar.br"))))
  mkdirSync(join(own, "out"))
  execFileSync("tar", ["xf", archive, "-C", join(own, "out")])
  try {
    renameSync(join(own, "out"), place)
  } catch {
    // another worker was faster
  }
  rmSync(own, { recursive: true, force: true })
  return join(place, "lib")
}

/** Quiet: nothing of its own goes over the network. Web security stays on. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run"
]

/** What a visit is like; the viewport is that of a desktop where nothing is said. */
export type Visiting = Pick<
  BrowserContextOptions,
  "viewport" | "colorScheme" | "forcedColors" | "reducedMotion" | "javaScriptEnabled" | "locale" | "baseURL"
>

const isLoopback = (url: string) => /^(data:|https?:\/\/(localhost|127\.0\.0\.1)[:/])/.test(url)

/** What each page did that it must not do: faults of its script, and requests to other hosts. */
const faults = new WeakMap<Page, Array<string>>()
export const faultsOf = (page: Page): ReadonlyArray<string> => faults.get(page) ?? []

const watch = async (page: Page): Promise<Page> => {
  const found: Array<string> = []
  faults.set(page, found)
  page.on("pageerror", ({ message }) => found.push(`script: ${message}`))
  // A refused form is a page with an error status, which the browser remarks on as well.
  page.on("console", (said) => {
    if (said.type() === "error" && !said.text().startsWith("Failed to load resource")) found.push(said.text())
  })
  await page.route(
    (url) => !isLoopback(url.href),
    (route) => {
      found.push(`asked for ${route.request().url()}`)
      return route.abort()
    }
  )
  return page
}

const launched = Effect.promise(async () => {
  const own = process.env["CHROMIUM_PATH"]
  return own === undefined
    ? chromium.launch({
        executablePath: await pkg.executablePath(),
        args: flags,
        env: { ...process.env, LD_LIBRARY_PATH: libraries() }
      })
    : chromium.launch({ executablePath: own, args: flags })
})

/** A real browser, headless, from npm alone; `CHROMIUM_PATH` names another one. */
export class Browser extends Context.Service<
  Browser,
  {
    /** A page with cookies of its own; closed with the scope. */
    page(visiting: Visiting): Effect.Effect<Page>
  }
>()("test/Browser") {
  static readonly layer = Layer.effect(
    Browser,
    Effect.gen(function* () {
      const browser = yield* Effect.acquireRelease(launched, (running) => Effect.promise(() => running.close()))
      return Browser.of({
        page: (visiting) =>
          Effect.promise(async () => {
            const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...visiting })
            context.setDefaultTimeout(15_000)
            return watch(await context.newPage())
          })
      })
    })
  )
}
