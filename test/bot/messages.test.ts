import { assert, describe, expect, it } from "@effect/vitest"
import { homeView } from "../../src/bot/messages/home.ts"
import { actionIds, type Around, type Message } from "../../src/bot/messages/Message.ts"
import { messageOf } from "../../src/bot/messages/messageOf.ts"
import { filledModal, skeletonModal } from "../../src/bot/messages/modal.ts"
import { article } from "../../src/domain/article.ts"
import { SlackMessage } from "../../src/domain/slackMessages.ts"
import { languages } from "../../src/words/catalogue.ts"
import { slackWords } from "../../src/words/slack/catalogue.ts"
import { blockKitFaults } from "../kit/blockKit.ts"
import { aroundIn, challengeId, guideId, samples, standingOf } from "./sampleMessages.ts"

const spoken = Object.keys(languages)
const bare = { portalUrl: null, supportEmail: null, timeZone: null }
const hostile = `<!channel> & <https://evil.test|x>\r\n<@U024BE7LH>`

interface Pressable {
  readonly type: string
  readonly action_id: string
  readonly text: { readonly text: string }
  readonly url?: string
  readonly value?: string
}

/** Everything with this property, wherever it is. */
const having = (part: unknown, name: string): ReadonlyArray<Record<string, unknown>> => {
  if (typeof part !== "object" || part === null) return []
  const inside = Object.values(part).flatMap((value) => having(value, name))
  return name in part ? [part as Record<string, unknown>, ...inside] : inside
}

const buttonsOf = ({ blocks }: Pick<Message, "blocks">) =>
  having(blocks, "action_id") as unknown as ReadonlyArray<Pressable>

const labelled = (message: Message) => buttonsOf(message).map(({ text }) => text.text)

const sampled = (name: string, around: Around = aroundIn("en"), account = "alex"): Message => {
  const facts = samples(account)[name]
  if (facts === undefined) throw new Error(`no sample ${name}`)
  return messageOf(facts, around)
}

const marked = ({ blocks }: Message): string =>
  having(blocks, "text")
    .flatMap(({ text }) => (typeof text === "string" ? [text] : []))
    .join("\n")

describe("messages of the bot", () => {
  it("there is a sample of every kind", () => {
    const kinds = SlackMessage.members.map(({ fields }) => fields._tag.ast.literal)
    assert.deepStrictEqual(new Set(Object.values(samples("alex")).map(({ _tag }) => _tag)), new Set(kinds))
  })

  for (const name of Object.keys(samples("alex"))) {
    it(`"${name}" is as reviewed`, async () => {
      const written = `${JSON.stringify(sampled(name), null, 2)}\n`
      await expect(written).toMatchFileSnapshot(`../golden/slack/${name}.json`)
    })
  }

  for (const locale of spoken) {
    for (const name of Object.keys(samples("alex"))) {
      it(`${locale}: Slack takes "${name}", and its text says the whole`, () => {
        for (const more of [{}, bare, { brand: hostile, command: hostile }]) {
          assert.deepStrictEqual(blockKitFaults(sampled(name, aroundIn(locale, more), "x".repeat(128))), [])
          const message = sampled(name, aroundIn(locale, more))
          assert.deepStrictEqual(blockKitFaults(message), [])
          assert.deepStrictEqual(
            blockKitFaults({ view: filledModal(samples("alex")[name] as SlackMessage, aroundIn(locale, more)) }),
            []
          )
          assert.isAtLeast(message.text.length, 15)
          assert.notMatch(message.text + marked(message), /undefined|null|NaN|\[object/)
        }
      })
    }

    it(`${locale}: S-71: what comes from elsewhere calls nobody and links nowhere`, () => {
      const around = aroundIn(locale, { brand: hostile, command: hostile, supportEmail: hostile })
      const claimed = samples("alex")["case_claimed"]
      if (claimed?._tag !== "case") throw new Error("no such sample")
      const all = [
        ...Object.values(samples("alex")),
        { ...claimed, case: { ...claimed.case, claimedBy: hostile } },
        { _tag: "unavailable", reference: hostile } as const,
        { _tag: "unknown_word", nearest: hostile } as const
      ]
      for (const facts of all) {
        const message = messageOf(facts, around)
        const mrkdwn = having(message.blocks, "text").filter(({ type }) => type === "mrkdwn")
        for (const text of [message.text, ...mrkdwn.map((part) => String(part["text"]))]) {
          assert.notMatch(text.replaceAll(/<@U024BE7LH>(?=\n|$)/g, ""), /[<>]|&(?!amp;|lt;|gt;)/)
        }
      }
    })

    it(`${locale}: S-67: no message has an e-mail address, not even where the portal uses one as account id`, () => {
      const around = aroundIn(locale)
      for (const [name, facts] of Object.entries(samples("alex@customer.example"))) {
        const said = JSON.stringify(messageOf(facts, around)).replaceAll("help@harbor.example", "")
        assert.notMatch(said, /[\w.-]+@[\w-]+\.\w+/, name)
        if ("accountId" in facts) assert.include(said, "a•••@c•••.example", name)
      }
      const home = JSON.stringify(homeView(standingOf("alex@customer.example"), around))
      assert.notMatch(home, /[\w.-]+@[\w-]+\.\w+/)
    })

    it(`${locale}: an account id is shown as it is, without smileys, slanted letters or links`, () => {
      for (const id of [":smile:", "_a_", "~a~", "evil.test"]) {
        for (const facts of Object.values(samples(id))) {
          const message = messageOf(facts, aroundIn(locale))
          assert.notInclude(`${message.text}${marked(message)}`.replaceAll(`\`${id}\``, ""), id)
        }
      }
    })

    it(`${locale}: the number to pick is the only number of its message`, () => {
      const around = aroundIn(locale, { brand: "Harbor24", command: "/2fa" })
      const { text, blocks } = sampled("number", around, "alex99")
      assert.deepStrictEqual(text.match(/\d+/g), ["47"])
      assert.deepStrictEqual(JSON.stringify(blocks).match(/\d+/g), ["47"])
    })

    it(`${locale}: each button is a known one, and what opens an address does nothing else`, () => {
      const known = new Set<string>(Object.values(actionIds))
      for (const [name, facts] of Object.entries(samples("alex"))) {
        for (const { action_id, url, value } of buttonsOf(messageOf(facts, aroundIn(locale)))) {
          assert.isTrue(known.has(action_id), name)
          assert.strictEqual(url !== undefined, action_id === actionIds.open, name)
          if (url !== undefined) assert.match(url, /^https:\/\/(login|portal)\.harbor\.example\//)
          if (url !== undefined) assert.isUndefined(value)
        }
      }
    })

    it(`${locale}: no text has an address to press: links are in buttons, where nothing fetches them`, () => {
      for (const name of Object.keys(samples("alex"))) assert.notMatch(sampled(name, aroundIn(locale)).text, /https?:/)
    })

    it(`${locale}: Slack takes the home tab of everybody, and the modal that waits`, () => {
      const standings = Object.values(samples("alex")).flatMap((facts) => ("standing" in facts ? [facts.standing] : []))
      for (const more of [{}, bare, { brand: hostile }]) {
        const around = aroundIn(locale, more)
        for (const standing of [...standings, null]) {
          const view = homeView(standing, around)
          assert.deepStrictEqual(blockKitFaults({ view }), [])
          const actions = having(view.blocks, "action_id").map(({ action_id }) => action_id)
          assert.include(actions, standing === null ? actionIds.link : actionIds.status)
        }
        assert.deepStrictEqual(blockKitFaults({ view: skeletonModal(around) }), [])
      }
    })
  }

  it("the home tab and the waiting modal are as reviewed", async () => {
    const around = aroundIn("en")
    const views = { home: homeView(standingOf("alex"), around), home_not_linked: homeView(null, around) }
    for (const [name, view] of Object.entries({ ...views, modal: skeletonModal(around) })) {
      await expect(`${JSON.stringify(view, null, 2)}\n`).toMatchFileSnapshot(`../golden/slack/${name}.json`)
    }
  })

  it("no line of one language is in the messages of the other", () => {
    for (const name of Object.keys(samples("alex"))) {
      const [english, malay] = ["en", "ms"].map((locale) => sampled(name, aroundIn(locale)).text.split("\n"))
      const same = english?.filter((line) => /[a-z]{3} [a-z]{3}/i.test(line) && malay?.includes(line))
      assert.deepStrictEqual(same, [], name)
    }
  })
})

describe("the checklist", () => {
  const guide = (reached: number, challenge = true, around = aroundIn("en")) =>
    messageOf({ _tag: "guide", guideId, reached, challengeId: challenge ? challengeId : null, ended: false }, around)

  it("has the eleven steps, ticked up to where the person is", () => {
    for (let reached = 0; reached <= article.length; reached++) {
      const signs = marked(guide(reached)).match(/^[○◐●](?= \*?\d)/gmu)
      const expected = article.map((_, place) => (place < reached ? "●" : place === reached ? "◐" : "○"))
      assert.deepStrictEqual([...(signs ?? [])], expected)
      assert.deepStrictEqual(blockKitFaults(guide(reached)), [])
    }
  })

  it("each step is opened at its page; without a challenge the code page is reached by the overview", () => {
    const paths = (message: Message) =>
      buttonsOf(message).flatMap(({ url }) => (url === undefined ? [] : [new URL(url).pathname]))
    assert.deepStrictEqual(
      paths(guide(8)),
      article.map(({ path }) => path.replace(":challengeId", challengeId))
    )
    assert.deepStrictEqual(
      paths(guide(8, false)),
      article.map(({ path }) => (path.includes(":challengeId") ? "/account/security" : path))
    )
    assert.deepStrictEqual(paths(guide(0, false)), paths(sampled("steps")))
  })

  it("the first step is the portal's own page where there is one", () => {
    const first = (more: Partial<Around>) => buttonsOf(guide(0, true, aroundIn("en", more)))[0]?.url
    assert.strictEqual(first({}), "https://portal.harbor.example/")
    assert.strictEqual(first({ portalUrl: null }), "https://login.harbor.example/")
  })

  it("the labels are those of the pages", () => {
    for (const locale of spoken) {
      const around = aroundIn(locale)
      const said = marked(guide(4, true, around))
      for (const { control, heading } of Object.values(around.pages.steps)) {
        assert.include(said, control)
        assert.include(said, heading)
      }
    }
  })

  it("offers help while it lasts, and none when it is over", () => {
    assert.deepStrictEqual(labelled(guide(3)).slice(-2), ["The code has not arrived", "I'm stuck"])
    assert.deepStrictEqual(
      buttonsOf(guide(3))
        .slice(-2)
        .map(({ value }) => value),
      [guideId, guideId]
    )
    assert.deepStrictEqual(labelled(sampled("guide_done")), [])
    assert.include(sampled("guide_done").text, "All steps are done.")
    assert.deepStrictEqual(labelled(sampled("guide_replaced")), [])
    assert.include(sampled("guide_replaced").text, "A newer checklist took the place of this one.")
  })

  it("its text tells each step and where the person is, without signs", () => {
    const { text } = guide(4)
    assert.include(text, "Step 5 of 11: Disable two-factor authentication")
    assert.include(text, "5. Disable two-factor authentication: Disable 2FA (you are here)")
    assert.include(text, "4. Manage two-factor authentication (done)")
    assert.include(text, "11. Account Security (waiting)")
    assert.notMatch(text, /[○◐●]/u)
  })

  it("says once that nothing secret is typed into Slack", () => {
    for (const name of ["guide_begun_now", "guide_at_the_code", "steps"]) {
      assert.strictEqual(marked(sampled(name)).split("Never type a code or password into Slack.").length, 2, name)
    }
  })
})

describe("what each message offers", () => {
  const rows: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ["case", ["Claim", "Send guide", "Close"]],
    ["case_claimed", ["Close"]],
    ["case_shown", ["Claim", "Send guide", "Close"]],
    ["case_closed", []],
    ["case_moved_on", []],
    ["link_offer", ["Open the portal"]],
    ["not_linked", ["Link my account"]],
    ["number", []],
    ["notice_changed", ["This wasn't me"]],
    ["status", ["Change method", "Account Security"]],
    ["status_pending", ["Enter the code", "The code has not arrived", "Change method"]],
    ["status_locked", ["Open the portal", "Account Security"]],
    ["status_frozen", ["Account Security"]],
    ["status_off", ["Setup Two-Factor Authentication"]],
    ["lost", ["See the ways", "Tell support"]],
    ["lost_not_linked", ["See the ways", "Open the portal"]],
    ["delivery", ["Enter the code"]]
  ]
  for (const [name, labels] of rows) {
    it(`${name}: ${labels.join(", ") || "nothing"}`, () => assert.deepStrictEqual(labelled(sampled(name)), labels))
  }

  it("the buttons of a case bear its id, and claimed is by a mention", () => {
    for (const { value } of buttonsOf(sampled("case"))) assert.strictEqual(value, "C-7F3K")
    assert.include(marked(sampled("case_claimed")), "<@U024BE7LH>")
  })

  it("the page behind a notice is the overview where there is no link, and support is named", () => {
    const { noticeUrl: _, ...around } = aroundIn("en")
    const last = (message: Message) => buttonsOf(message).at(-1)?.url
    assert.strictEqual(last(sampled("notice_changed")), "https://login.harbor.example/notice/token")
    assert.strictEqual(last(sampled("notice_changed", around)), "https://login.harbor.example/account/security")
    assert.include(sampled("notice_changed", around).text, "help@harbor.example")
  })

  it("S-70: a secret that was typed is answered alike whatever it was, and nothing of it is told", () => {
    assert.include(sampled("secret_seen").text, "all open codes of your account were cancelled")
    assert.include(sampled("secret_seen_not_linked").text, "No code was cancelled from here.")
    for (const name of ["secret_seen", "secret_seen_not_linked"]) {
      assert.notMatch(sampled(name).text, /valid|right|correct|wrong/i)
    }
  })
})

describe("the words of the bot", () => {
  const leaves = (words: unknown, path: string): ReadonlyArray<readonly [string, unknown]> =>
    typeof words === "object" && words !== null
      ? Object.entries(words).flatMap(([name, value]) => leaves(value, `${path}.${name}`))
      : [[path, words]]

  it("exist in every language, and differ", () => {
    const english = leaves(slackWords("en"), "")
    for (const locale of spoken.filter((language) => language !== "en")) {
      const theirs = new Map(leaves(slackWords(locale), ""))
      assert.deepStrictEqual([...theirs.keys()].toSorted(), english.map(([path]) => path).toSorted())
      for (const [path, word] of english) {
        assert.strictEqual(typeof theirs.get(path), typeof word, path)
        if (typeof word !== "string" || path.endsWith(".usage")) continue
        assert.notStrictEqual(String(theirs.get(path)).trim(), "", path)
        assert.notStrictEqual(theirs.get(path), word, path)
      }
    }
    assert.strictEqual(slackWords("ms-MY"), slackWords("ms"))
    assert.strictEqual(slackWords(null), slackWords("en-GB"))
  })
})
