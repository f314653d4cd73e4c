import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Case } from "../../src/domain/cases.ts"
import { en } from "../../src/words/slack/en.ts"
import { FakeSlack } from "./fakeSlack.ts"
import { FrontDoor, member, password, readAs } from "./frontDoor.ts"
import { eventually, keys } from "./process.ts"
import type { Whose } from "./slack/asked.ts"
import { casey, generalChannel, supportChannel, team as harbor } from "./slack/people.ts"
import type { Seen } from "./slack/workspace.ts"

/** All that a message shows, to search in. */
export const wholeOf = ({ text, blocks }: { readonly text: string; readonly blocks: unknown }): string =>
  `${text}\n${JSON.stringify(blocks ?? [])}`

/** The marks of the eleven steps in a checklist. */
export const marksIn = (blocks: unknown): string =>
  [...JSON.stringify(blocks ?? []).matchAll(/[○◐●]/g)].join("").slice(0, 11)

/** The case that a text names. */
export const caseIn = (text: string): string | undefined => /\bC-[2-9A-HJ-NP-Z]{4,6}\b/.exec(text)?.[0]

/** The buttons of a message that do something, by id. */
export const buttonsIn = (blocks: unknown): ReadonlyArray<string> =>
  [...JSON.stringify(blocks ?? []).matchAll(/"action_id":"([^"]+)"/g)].map(([, id = ""]) => id)

/** Somebody in Slack who was linked with an account a while ago; whatever they saw before, they see no more. */
export const linkedBefore = Effect.fn("linkedBefore")(function* (
  { accountId }: { readonly accountId: string },
  { user, team = harbor.id, enterprise = null }: Whose = { user: casey }
) {
  const sql = yield* SqlClient.SqlClient
  const them = sql`enterprise = ${enterprise ?? ""} and team = ${team} and slack_user = ${user}`
  yield* Effect.orDie(sql`delete from slack_guides where ${them}`)
  yield* Effect.orDie(sql`delete from slack_links where ${them}`)
  yield* Effect.orDie(sql`insert into slack_links (enterprise, team, slack_user, account_id)
    values (${enterprise ?? ""}, ${team}, ${user}, ${accountId})`)
})

/** What somebody is answered, privately, to what they typed in a channel. */
export const ask = Effect.fn("ask")(function* (text: string, whose: Whose = { user: casey }, command?: string) {
  const slack = yield* FakeSlack
  const before = slack.ephemerals(whose.user).length
  const typed = { ...whose, text, channel: generalChannel, ...(command === undefined ? {} : { command }) }
  const heard = yield* slack.command(typed)
  assert.strictEqual(heard.status, 200, heard.body)
  return yield* slack.until(() => slack.ephemerals(whose.user)[before], `an answer to ${text}`)
})

/** A new checklist in somebody's direct messages: what is given back is the message as it is at any later time. */
export const aGuide = Effect.fn("aGuide")(function* (whose: Whose = { user: casey }) {
  const slack = yield* FakeSlack
  const before = slack.direct(whose.user).length
  yield* ask("change", whose)
  return yield* newGuide(before, whose.user)
})

/** The newest checklist after so many messages. */
export const newGuide = Effect.fn("newGuide")(function* (before: number, user: string = casey) {
  const slack = yield* FakeSlack
  return yield* slack.until(
    () =>
      slack
        .direct(user)
        .slice(before)
        .find(({ blocks }) => marksIn(blocks).includes("◐")),
    "the checklist"
  )
})

/** Waits until a checklist has these marks. */
export const marked = Effect.fn("marked")(function* (guide: Seen, marks: string) {
  const slack = yield* FakeSlack
  yield* slack.until(() => (marksIn(guide.blocks) === marks ? true : undefined), `${marks} in the checklist`)
})

/** The marks when so many steps are done. */
export const afterSteps = (done: number): string =>
  "●".repeat(done) + (done < 11 ? "◐" : "") + "○".repeat(Math.max(0, 10 - done))

/** Presses a button that opens a modal, waits until it is filled, reads it and closes it. */
export const modalBy = Effect.fn("modalBy")(function* (
  press: { readonly actionId: string; readonly channel?: string; readonly viewId?: string },
  user: string = casey
) {
  const slack = yield* FakeSlack
  const before = slack.modals(user).length
  yield* slack.press({ user, ...press })
  const modal = yield* slack.until(() => slack.modals(user)[before], "a modal")
  const text = yield* slack.until(() => {
    const now = JSON.stringify(modal.view)
    return now.includes(en.oneMoment) ? undefined : now
  }, "a filled modal")
  yield* slack.close({ user, viewId: modal.id })
  return { modal, text }
})

/** A case that a linked customer opens with *I'm stuck*, with its message in the support channel. */
export const aStuckCase = Effect.fn("aStuckCase")(function* (account: { readonly accountId: string }) {
  const slack = yield* FakeSlack
  yield* linkedBefore(account)
  const guide = yield* aGuide()
  const { text } = yield* modalBy({ actionId: "stuck" })
  const id = caseIn(text) ?? assert.fail(`no case in ${text}`)
  const message = yield* caseMessage(id)
  return { id, guide, message, direct: () => slack.direct(casey) }
})

/** The one message of a case, as it is at any later time. */
export const caseMessage = Effect.fn("caseMessage")(function* (id: string) {
  const slack = yield* FakeSlack
  return yield* slack.messageIn(
    supportChannel,
    ({ text, threadTs }) => threadTs === undefined && text.includes(id),
    `case ${id}`
  )
})

const Page = Schema.Struct({ cases: Schema.Array(Case), next: Schema.NullOr(Schema.String) })

/** A case as the API shows it. */
export const caseByApi = Effect.fn("caseByApi")(function* (id: string) {
  const door = yield* FrontDoor
  const answer = yield* door.call("GET", "/v1/cases?status=all&limit=200", { key: keys.support })
  const found = readAs(answer, 200, Page).cases.find((one) => one.id === id) ?? assert.fail(`the API has no case ${id}`)
  return { ...found, accountId: String(found.accountId) }
})

/** The link in the newest mail with one to this address. */
export const noticeLinkTo = Effect.fn("noticeLinkTo")(function* (email: string) {
  const door = yield* FrontDoor
  return yield* eventually(
    Effect.map(door.inbox(email), (letters) =>
      letters.map(({ text }) => /https?:\/\/\S+\/notice\/[\w.-]+/.exec(text)?.[0]).find((url) => url !== undefined)
    ),
    `a notice with a link to ${email}`
  )
})

/** Presses *This wasn't me* on the page behind a link. */
export const report = Effect.fn("report")(function* (link: string) {
  const answer = yield* Effect.promise(() =>
    fetch(`${link}/report`, { method: "POST", redirect: "manual", body: new URLSearchParams() })
  )
  assert.strictEqual(answer.status, 303)
})

/** Turns the method off, with its proof. */
export const turnedOff = Effect.fn("turnedOff")(function* (account: { readonly accountId: string }, to: string) {
  const door = yield* FrontDoor
  const grant = yield* door.grantOf(account.accountId, to)
  const answer = yield* door.post(door.of(account.accountId, "/two-factor/disable"), { password, grant })
  assert.strictEqual(answer.status, 200, answer.text)
})

/** Sets a method up; answers the challenge, whose code is not entered yet. */
export const setUpBegun = Effect.fn("setUpBegun")(function* (
  { accountId }: { readonly accountId: string },
  method = "EMAIL"
) {
  const door = yield* FrontDoor
  return yield* door.started(door.of(accountId, "/two-factor/setup"), { method, password })
})

/** From SMS to e-mail in one step. */
export const changedToEmail = Effect.fn("changedToEmail")(function* (account: {
  readonly accountId: string
  readonly phone: string
  readonly email: string
}) {
  const door = yield* FrontDoor
  const grant = yield* door.grantOf(account.accountId, account.phone)
  const path = door.of(account.accountId, "/two-factor/change")
  const { id } = yield* door.started(path, { method: "EMAIL", password, grant })
  yield* door.answerRightly(id, account.email)
})

/** The fiftieth wrong code: the method is suspended. */
export const lockedOut = Effect.fn("lockedOut")(function* ({ accountId }: { readonly accountId: string }, to: string) {
  const door = yield* FrontDoor
  const sql = yield* SqlClient.SqlClient
  yield* Effect.orDie(sql`update enrolments set failures = 49 where account_id = ${accountId}`)
  const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
  const code = yield* door.codeOf(id, to)
  const answer = yield* door.verify(
    id,
    code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
  )
  assert.notStrictEqual(answer.status, 200)
  yield* eventually(
    Effect.map(door.twoFactor(accountId), ({ lock }) => (lock?.reason === "too_many_failures" ? lock : undefined)),
    "the lock"
  )
  return String(member(answer, "code"))
})
