import { assert, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { FrontDoor, password } from "../kit/frontDoor.ts"
import { aProcess, eventually, keys } from "../kit/process.ts"
import { aMailServer } from "../kit/smtp.ts"
import { caseByApi, caseIn, lockedOut, noticeLinkTo, report, turnedOff } from "../kit/slackStories.ts"
import { reply } from "../services/mailServer.ts"

const slow = { timeout: 60_000 }
const desk = "desk@harbor.example"
const wordsOfLockOut = "code entry was paused after wrong codes"

layer(FrontDoor.layer({ SUPPORT_EMAIL: desk }), { excludeTestServices: true, timeout: "60 seconds" })(
  "support by mail, without Slack",
  (at) => {
    const mailsTo = Effect.fnUntraced(function* (such: string) {
      const door = yield* FrontDoor
      return (yield* door.inbox(desk)).filter(({ text }) => text.includes(such))
    })
    const firstTo = (such: string) =>
      eventually(
        Effect.map(mailsTo(such), ([first]) => first),
        `a mail to support with ${such}`
      )

    at.effect(
      "S-44: This wasn't me opens a case, and support has one plain mail of it, without name, address or number",
      () =>
        Effect.gen(function* () {
          const door = yield* FrontDoor
          const account = yield* door.anAccount({ twoFactor: "SMS", name: "Alexandra Tan" })
          const { accountId, email, phone } = account
          yield* turnedOff(account, phone)
          const link = yield* noticeLinkTo(email)
          yield* report(link)
          const mail = yield* firstTo(accountId)
          const id = caseIn(`${mail.subject ?? ""}\n${mail.text}`) ?? assert.fail(mail.text)
          assert.deepInclude(yield* caseByApi(id), { accountId, kind: "reported", status: "opened", step: null })
          for (const personal of ["Alexandra", email, phone, "customer.example", "/notice/"])
            assert.notInclude(JSON.stringify(mail), personal)

          // a second account is told of later than whatever else the first one would have brought about
          const other = yield* door.anAccount({ twoFactor: "SMS" })
          yield* report(link)
          const closed = yield* door.call("DELETE", `/v1/cases/${id}`, { key: keys.support })
          assert.strictEqual(closed.status, 204)
          yield* turnedOff(other, other.phone)
          yield* report(yield* noticeLinkTo(other.email))
          yield* firstTo(other.accountId)
          assert.lengthOf(yield* mailsTo(accountId), 1)
        }),
      slow
    )

    at.effect(
      "the call that the mail names closes the case",
      () =>
        Effect.gen(function* () {
          const door = yield* FrontDoor
          const account = yield* door.anAccount({ twoFactor: "SMS" })
          yield* turnedOff(account, account.phone)
          yield* report(yield* noticeLinkTo(account.email))
          const { text } = yield* firstTo(account.accountId)
          const [, method = "", path = ""] = /\b(POST|DELETE) (\/v1\/\S+[^.\s])/.exec(text) ?? []
          const closed = yield* door.call(method, path, {
            key: keys.support,
            ...(method === "POST" ? { body: {} } : {})
          })
          assert.isTrue(closed.status === 200 || closed.status === 204, `${method} ${path}: ${closed.text}`)
          assert.strictEqual((yield* caseByApi(caseIn(path) ?? "")).status, "closed")
        }),
      slow
    )

    at.effect(
      "S-22: an alert goes to support once, however often it is raised",
      () =>
        Effect.gen(function* () {
          const door = yield* FrontDoor
          const one = yield* door.anAccount({ twoFactor: "SMS" })
          const other = yield* door.anAccount({ twoFactor: "SMS" })
          yield* lockedOut(one, one.phone)
          const mail = yield* firstTo(wordsOfLockOut)
          assert.include(mail.text, one.accountId)
          yield* lockedOut(other, other.phone)
          // events are followed in their order: what this one brings about is told after that
          const last = yield* door.anAccount({ twoFactor: "SMS" })
          yield* turnedOff(last, last.phone)
          yield* report(yield* noticeLinkTo(last.email))
          yield* firstTo(last.accountId)
          assert.lengthOf(yield* mailsTo(wordsOfLockOut), 1)
        }),
      slow
    )
  }
)

it.live(
  "a mail to support that bounces tells the customer nothing, and raises nothing",
  () =>
    Effect.gen(function* () {
      const bounced: Array<string> = []
      const mail = yield* aMailServer({
        onRcptTo: ({ address }, _session, done) => {
          if (address === desk) bounced.push(address)
          done(address === desk ? reply(550, "5.1.1 none") : null)
        }
      })
      const process = yield* aProcess({
        SMTP_URL: mail.url,
        SUPPORT_EMAIL: desk,
        REKEY_DEMO: "off",
        REKEY_INBOX: "off"
      })
      const lettersTo = (to: string) =>
        Effect.map(mail.letters, (all) => all.filter((letter) => letter.to === to).toReversed())
      const door = FrontDoor.before(process, lettersTo)
      const { accountId, email } = yield* door.anAccount()
      const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
      yield* door.answerRightly(id, email)
      const link = yield* eventually(
        Effect.map(lettersTo(email), (letters) =>
          letters.map(({ text }) => /https?:\/\/\S+\/notice\/[\w.-]+/.exec(text)?.[0]).find((url) => url !== undefined)
        ),
        "a link"
      )
      yield* report(link)
      yield* eventually(
        Effect.sync(() => bounced[0]),
        "the bounce"
      )
      const signIn = yield* door.started(door.of(accountId, "/sign-in"), { password })
      yield* door.answerRightly(signIn.id, email)
      const types = (yield* door.events(accountId)).map(({ type }) => type)
      assert.include(types, "protection.reported")
      assert.notInclude(types, "delivery.failed")
      assert.deepStrictEqual(
        (yield* lettersTo(email)).filter(({ subject }) => subject?.includes("could not reach") === true),
        []
      )
      assert.lengthOf(bounced, 1)
    }).pipe(Effect.scoped),
  slow
)
