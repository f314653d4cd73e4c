import { Effect } from "effect"
import { FrontDoor } from "../kit/frontDoor.ts"

/** A browser at the demo portal: it keeps the cookie, and sends the forms of the pages with what is hidden in them. */
export const aPortalBrowser = Effect.gen(function* () {
  const { base } = yield* FrontDoor
  let cookie = ""
  const ask = (method: string, path: string, form?: Readonly<Record<string, string>>) =>
    Effect.promise(async () => {
      const response = await fetch(new URL(path, base), {
        method,
        redirect: "manual",
        headers: cookie === "" ? {} : { cookie },
        ...(form === undefined ? {} : { body: new URLSearchParams(form) })
      })
      cookie = response.headers.get("set-cookie")?.replace(/;.*$/s, "") ?? cookie
      const { status, headers } = response
      return { status, headers, location: headers.get("location"), text: await response.text() }
    })
  /** Fills the form of a page; what is given back sends it. */
  const filled = Effect.fnUntraced(function* (from: string, form: Readonly<Record<string, string>>) {
    const { text } = yield* ask("GET", from)
    const hidden = [...text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].slice(0, 2)
    const fields = Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, value]))
    return (path: string) => ask("POST", path, { ...fields, ...form })
  })
  const submit = (from: string, path: string, form: Readonly<Record<string, string>> = {}) =>
    Effect.flatMap(filled(from, form), (send) => send(path))
  return { ask, filled, submit }
})
