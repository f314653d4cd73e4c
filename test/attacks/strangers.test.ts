import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { invitationUrl, inviteSlack } from "../../src/account/inviteSlack.ts"
import { BearerTokens } from "../../src/services/BearerTokens.ts"
import { KeyRing } from "../../src/services/KeyRing.ts"
import { NumberMatching } from "../../src/services/NumberMatching.ts"
import { SlackLinks } from "../../src/services/SlackLinks.ts"
import { Settings } from "../../src/settings.ts"
import { asPortal } from "../kit/core.ts"
import { aBrowser } from "../kit/formBrowser.ts"
import { FrontDoor, password } from "../kit/frontDoor.ts"
import { Rekey, secretKey } from "../kit/process.ts"
import { noticeLinkTo, turnedOff } from "../kit/slackStories.ts"
import { allRefused, briefly, inVain, protectionHolds } from "./attack.ts"

/** What the bot does when somebody asks for a link, over the same database and with the same key ring. */
const bot = Layer.mergeAll(SlackLinks.layer, BearerTokens.layer, NumberMatching.layer).pipe(
  Layer.provideMerge(KeyRing.layerOf([{ id: "k1", key: Redacted.make(Buffer.from(secretKey, "base64")) }])),
  Layer.provideMerge(Layer.unwrap(Rekey.useSync(({ base }) => Settings.layerOf({ PUBLIC_URL: base })))),
  Layer.provideMerge(FrontDoor.layer())
)

let users = 0

const invited = Effect.fnUntraced(function* () {
  const user = { enterprise: null, team: "T0HARBOR", user: `U0STRANGER${users++}` }
  const made = yield* inviteSlack(user, { displayName: "casey", workspace: "Harbor Town" }).pipe(asPortal())
  const invitation = Option.getOrThrow(made)
  return { invitation, path: new URL(yield* invitationUrl(invitation)).pathname }
})

/** A token of two: the id of one, the proof of another. */
const crossed = (id: string, mac: string): string => `${id.split(".")[0]}.${mac.split(".")[1]}`

layer(bot, { excludeTestServices: true })("strangers", (it) => {
  it.effect(
    "another account's id (S-54, S-55, CVE-2020-5240, GHSA-9695-w6h2-jpv9): what is mine opens nothing of yours",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const [victim, mallory] = [
          yield* door.anAccount({ twoFactor: "SMS" }),
          yield* door.anAccount({ twoFactor: "SMS", password: "the password of mallory" })
        ]
        const grant = yield* door.grantOf(mallory.accountId, mallory.phone)
        const yours = yield* door.started(door.of(victim.accountId, "/step-up"), {})
        const browser = yield* aBrowser(mallory.accountId)
        const owner = yield* aBrowser(victim.accountId)
        const fields = yield* browser.form("/account/security")
        const pressed = (path: string, more: Record<string, string> = {}, cookie?: string) =>
          Effect.map(
            browser.ask("POST", path, { ...fields, ...more }, cookie === undefined ? {} : { cookie }),
            ({ status }) => status
          )
        yield* inVain(
          [victim.accountId],
          Effect.gen(function* () {
            const of = (what: string) => door.of(victim.accountId, what)
            yield* allRefused({
              "my grant": ["403 grant_invalid", door.post(of("/two-factor/disable"), { password, grant })],
              "my grant for a link": [
                "403 grant_invalid",
                door.post("/v1/portal-sessions", { accountId: victim.accountId, grant })
              ],
              "no such challenge": ["404 not_found", door.verify(crypto.randomUUID(), "123456")],
              "an id that is none": ["404 not_found", door.verify(`${yours.id}%00`, "123456")]
            })
            for (const path of ["", "/resend", "/cancel"])
              assert.strictEqual(yield* pressed(`/account/security/verify/${yours.id}${path}`, { code: "123456" }), 404)
            // A session of two halves, and a form of mine sent with the session of its owner.
            const [mine, theirs] = [browser, owner].map((one) => one.cookie().slice("rekey=".length))
            const half = `rekey=${crossed(theirs ?? "", mine ?? "")}`
            assert.strictEqual(yield* pressed("/account/security/prove/disable", {}, half), 403)
            assert.strictEqual(yield* pressed("/account/security/prove/disable", {}, owner.cookie()), 403)
            // Two sessions in one cookie: the first one counts, and the form is not of it.
            assert.strictEqual(
              yield* pressed("/account/security/prove/disable", {}, `${owner.cookie()}; ${browser.cookie()}`),
              403
            )
          })
        )
      })
  )

  it.effect("another account's link (S-54): the links of a notice and of the portal cannot be put together", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const [victim, mallory] = [
        yield* door.anAccount({ twoFactor: "SMS" }),
        yield* door.anAccount({ twoFactor: "SMS" })
      ]
      for (const one of [victim, mallory]) yield* turnedOff(one, one.phone)
      const [yours, mine] = [yield* noticeLinkTo(victim.email), yield* noticeLinkTo(mallory.email)].map(
        (link) => new URL(link).pathname.split("/").at(-1) ?? ""
      )
      const enter = Effect.map(door.post("/v1/portal-sessions", { accountId: mallory.accountId }), ({ text }) => text)
      const entrance = /\/enter\/([^"]+)/.exec(yield* enter)?.[1] ?? ""
      const press = (path: string) =>
        door.call("POST", path, {
          body: `password=${encodeURIComponent(password)}`,
          headers: { "content-type": "application/x-www-form-urlencoded" },
          key: null
        })
      yield* inVain(
        [victim.accountId],
        Effect.gen(function* () {
          for (const token of [
            crossed(yours ?? "", mine ?? ""),
            crossed(yours ?? "", entrance),
            `${yours?.split(".")[0]}.`
          ]) {
            for (const what of ["", "/report", "/stop", "/turn-back-on", "/go-back"]) {
              const { status } = yield* press(`/notice/${token}${what}`)
              assert.strictEqual(status, what === "" ? 405 : 404, what)
            }
            assert.strictEqual((yield* press(`/enter/${token}`)).status, 410)
          }
        })
      )
    })
  )

  it.effect("another account's invitation (S-68): one that its owner has opened is over for everybody else", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const [victim, mallory] = [yield* door.anAccount(), yield* door.anAccount()]
      const [first, second] = [yield* invited(), yield* invited()]
      const owner = yield* aBrowser(victim.accountId)
      const opened = yield* owner.ask("POST", first.path, yield* owner.form(first.path))
      assert.strictEqual(opened.status, 303)
      const matching = yield* NumberMatching
      const number = Redacted.value(yield* matching.numberFor(first.invitation))
      const browser = yield* aBrowser(mallory.accountId)
      const fields = yield* browser.form("/account/security")
      const [own, other] = [first.path, second.path].map((path) => path.split("/").at(-1) ?? "")
      yield* inVain(
        [victim.accountId, mallory.accountId],
        Effect.gen(function* () {
          for (const path of [first.path, `/account/slack/${crossed(own ?? "", other ?? "")}`]) {
            for (const more of [{}, { number }]) {
              const to = "number" in more ? `${path}/number` : path
              assert.strictEqual((yield* browser.ask("POST", to, { ...fields, ...more })).status, 410, to)
            }
          }
        })
      )
    })
  )

  it.effect("another account's case (S-54): a portal that guesses ids of cases closes none", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      yield* inVain(
        [accountId],
        allRefused({
          "one that is not": ["404 not_found", door.call("DELETE", "/v1/cases/C-7F3K")],
          "a pattern": ["404 not_found", door.call("DELETE", "/v1/cases/C-%25")],
          "all of them": ["405 method_not_allowed", door.call("DELETE", "/v1/cases")],
          "without a key": ["401 unauthorized", door.call("DELETE", "/v1/cases/C-7F3K", { key: null })]
        })
      )
    })
  )

  it.effect("a name that looks the same (S-73, CVE-2019-19844): letters and ids are folded into nobody else's", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const mike = "mike@github.example"
      const { accountId: victim } = yield* door.anAccount({ email: mike, twoFactor: "EMAIL" })
      const lookalikes = ["MIKE@github.example", "m\u0131ke@github.example", "mi\u212ae@github.example"]
      const theirs = yield* Effect.forEach(lookalikes, (email) =>
        Effect.map(door.anAccount({ email, twoFactor: "EMAIL" }), ({ accountId }) => ({ accountId, email }))
      )
      yield* inVain(
        [victim],
        Effect.gen(function* () {
          const upper = door.call("GET", door.of(victim.toUpperCase()))
          yield* allRefused({ "the id in capitals": ["404 not_found", upper] })
          for (const { accountId, email } of theirs) {
            const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
            yield* door.codeOf(id, email)
          }
          assert.lengthOf(yield* door.inbox(mike), 0, "a code went to whoever has the plain name")
        })
      )
    })
  )

  it.effect(
    "code of another purpose, account, channel or destination (S-13): each code fits its own challenge and no other",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        // Two accounts with one mailbox and one phone, as in a family: whoever reads both codes still has one for each.
        const contact = { email: "shared@customer.example", phone: "+60125550777" }
        const [mine, yours] = [
          yield* door.anAccount({ ...contact, twoFactor: "EMAIL" }),
          yield* door.anAccount({ ...contact, twoFactor: "EMAIL" })
        ]
        const grant = yield* door.grantOf(mine.accountId, contact.email)
        const begun = Effect.fnUntraced(function* (accountId: string, what: string, body: object, to = contact.email) {
          const { id } = yield* door.started(door.of(accountId, what), body)
          return { id, code: yield* door.codeOf(id, to) }
        })
        const change = { method: "SMS", password, grant }
        const [signIn, stepUp, changing, otherSignIn, otherStepUp] = [
          yield* begun(mine.accountId, "/sign-in", { password }),
          yield* begun(mine.accountId, "/step-up", {}),
          yield* begun(mine.accountId, "/two-factor/change", change, contact.phone),
          yield* begun(yours.accountId, "/sign-in", { password }),
          yield* begun(yours.accountId, "/step-up", {})
        ]
        yield* protectionHolds(
          [mine.accountId, yours.accountId],
          Effect.gen(function* () {
            for (const [one, others] of [
              [changing, [signIn, stepUp, otherSignIn, otherStepUp]],
              [otherStepUp, [signIn, stepUp, changing, otherSignIn]]
            ] as const) {
              for (const { code } of others)
                assert.strictEqual(briefly(yield* door.verify(one.id, code)), "422 code_incorrect")
            }
          })
        )
        assert.strictEqual((yield* door.verify(otherStepUp.id, otherStepUp.code)).status, 200)
        assert.strictEqual((yield* door.verify(changing.id, changing.code)).status, 200)
      })
  )
})
