import { assert } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FakeSlack, type Options } from "./fakeSlack.ts"
import { aBrowser } from "./formBrowser.ts"
import { FrontDoor } from "./frontDoor.ts"
import { eventually } from "./process.ts"
import { casey } from "./slack/people.ts"

/** Rekey in a process of its own, with Slack's side before it and the portal beside it. */
export const slackDoor = (env: Readonly<Record<string, string>> = {}, options: Options = {}) =>
  Layer.unwrap(
    FakeSlack.useSync((slack) => {
      const door = FrontDoor.layer({ ...slack.env, SUPPORT_EMAIL: "", ...env })
      return Layer.merge(
        door,
        Layer.effectDiscard(FrontDoor.useSync(({ base }) => slack.aimAt(base))).pipe(Layer.provide(door))
      )
    })
  ).pipe(Layer.provideMerge(FakeSlack.layer(options)))

/** The button that a message shows under this label or id: where it leads. */
export const urlsIn = (blocks: unknown): ReadonlyArray<string> =>
  [...JSON.stringify(blocks ?? []).matchAll(/"url":"([^"]+)"/g)].map(([, url = ""]) => url)

/** The number that Slack shows to somebody, once it has come. */
export const numberShownTo = Effect.fnUntraced(function* (user: string) {
  const slack = yield* FakeSlack
  const message = yield* slack.messageIn(
    `D${user.slice(1)}`,
    ({ text }) => /\b\d\d\b/.test(text) && /number/i.test(text),
    "the number to pick"
  )
  return /\b(\d\d)\b/.exec(message.text)?.[1] ?? ""
})

/** Links somebody in Slack with an account, as they do: the command, the portal, the number. */
export const linked = Effect.fn("linked")(function* (
  account: { readonly accountId: string; readonly phone: string },
  user = casey
) {
  const slack = yield* FakeSlack
  const door = yield* FrontDoor
  const before = slack.ephemerals(user).length
  yield* slack.command({ user, text: "link", channel: "C0GENERAL" })
  const offer = yield* slack.until(() => slack.ephemerals(user)[before], "the offer to link")
  const [url = ""] = urlsIn(offer.blocks)
  const path = new URL(url).pathname
  const { status } = yield* door.twoFactor(account.accountId)
  const grant = status === "enabled" ? yield* door.grantOf(account.accountId, account.phone) : undefined
  const browser = yield* aBrowser(account.accountId, grant)
  const opened = yield* browser.ask("POST", path, yield* browser.form(path))
  assert.strictEqual(opened.status, 303, opened.text)
  const number = yield* numberShownTo(user)
  const picked = yield* browser.ask("POST", `${path}/number`, { ...(yield* browser.form(path)), number })
  assert.strictEqual(picked.status, 303, picked.text)
  assert.strictEqual(picked.headers.get("location"), `${path}/linked`)
  yield* eventually(
    Effect.map(door.events(account.accountId), (events) => events.find(({ type }) => type === "slack.linked")),
    "the event of the link"
  )
  return { ...account, user, browser, path }
})
