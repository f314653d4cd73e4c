import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { FrontDoor, member } from "./frontDoor.ts"

/** A browser without a screen: it keeps one cookie and sends forms. */
export const aBrowser = Effect.fnUntraced(function* (accountId: string, grant?: string) {
  const door = yield* FrontDoor
  const made = yield* door.post("/v1/portal-sessions", { accountId, ...(grant === undefined ? {} : { grant }) })
  assert.strictEqual(made.status, 201, made.text)
  const link = new URL(String(member(made, "url")))
  let cookie = ""
  const ask = (method: string, path: string, form?: Record<string, string>, headers: Record<string, string> = {}) =>
    Effect.promise(async () => {
      const response = await fetch(new URL(path, door.base), {
        method,
        redirect: "manual",
        headers: { ...(cookie === "" ? {} : { cookie }), ...headers },
        ...(form === undefined ? {} : { body: new URLSearchParams(form) })
      })
      const set = response.headers.get("set-cookie")
      if (set !== null) cookie = set.replace(/;.*$/s, "")
      return { status: response.status, headers: response.headers, text: await response.text(), set }
    })
  const entered = yield* ask("POST", link.pathname, {})
  const fieldsOf = (text: string) => ({
    csrf: /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? "",
    once: /name="once" value="([^"]+)"/.exec(text)?.[1] ?? ""
  })
  const form = (path: string) => Effect.map(ask("GET", path), ({ text }) => fieldsOf(text))
  return { door, ask, form, link, entered, cookie: () => cookie }
})
