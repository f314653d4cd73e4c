import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { en as pages } from "../../../src/words/pages/en.ts"
import { en } from "../../../src/words/slack/en.ts"
import { FakeSlack } from "../../kit/fakeSlack.ts"
import { FrontDoor } from "../../kit/frontDoor.ts"
import { casey, stranger } from "../../kit/slack/people.ts"
import { slackDoor, urlsIn } from "../../kit/slackDoor.ts"
import { buttonsIn, caseIn, changedToEmail, linkedBefore, modalBy, newGuide } from "../../kit/slackStories.ts"

/** What somebody's home tab shows after they opened it, once it shows such a text. */
const homeOf = Effect.fnUntraced(function* (user: string, such: string) {
  const slack = yield* FakeSlack
  yield* slack.event({ type: "app_home_opened", user })
  return yield* slack.until(() => {
    const view = slack.home(user)?.view
    return JSON.stringify(view ?? {}).includes(JSON.stringify(such).slice(1, -1)) ? view : undefined
  }, `${such} on the home tab`)
})

layer(slackDoor(), { excludeTestServices: true, timeout: "60 seconds" })("the home tab", (it) => {
  it.effect("shows a linked customer how the account stands, as it is at each opening, and what can be done", () =>
    Effect.gen(function* () {
      const slack = yield* FakeSlack
      const door = yield* FrontDoor
      const account = yield* door.anAccount({ twoFactor: "SMS", name: "Alexandra Tan" })
      yield* linkedBefore(account)
      const first = yield* homeOf(casey, en.status.on("SMS"))
      const shown = JSON.stringify(first)
      for (const id of ["change", "status", "lost"]) assert.include(buttonsIn(first["blocks"]), id)
      assert.notInclude(buttonsIn(first["blocks"]), "link")
      assert.include(urlsIn(first["blocks"]), `${door.base}/account/security`)
      for (const said of [account.accountId, en.neverType, "`/2fa status`"]) assert.include(shown, said)
      for (const personal of ["Alexandra", account.email, account.phone, "•••"]) assert.notInclude(shown, personal)

      yield* changedToEmail(account)
      yield* homeOf(casey, en.status.on("EMAIL"))
      assert.deepStrictEqual(slack.blockFaults, [])
    })
  )

  it.effect("its buttons do what the words do: the checklist comes, and support is told", () =>
    Effect.gen(function* () {
      const slack = yield* FakeSlack
      const door = yield* FrontDoor
      const account = yield* door.anAccount({ twoFactor: "SMS" })
      yield* linkedBefore(account)
      yield* homeOf(casey, account.accountId)
      const viewId = slack.home(casey)?.id ?? ""
      const before = slack.direct(casey).length
      yield* slack.press({ user: casey, viewId, actionId: "change" })
      yield* newGuide(before)
      const { text } = yield* modalBy({ actionId: "lost", viewId })
      assert.isDefined(caseIn(text))
    })
  )

  it.effect("shows whoever is not linked the way to link, and no state", () =>
    Effect.gen(function* () {
      const view = yield* homeOf(stranger, "not linked with an account")
      assert.include(buttonsIn(view["blocks"]), "link")
      for (const id of ["change", "status", "lost"]) assert.notInclude(buttonsIn(view["blocks"]), id)
      assert.include(JSON.stringify(view), pages.lost.heading)
      assert.notInclude(JSON.stringify(view), "Two-factor authentication is")
    })
  )
})
