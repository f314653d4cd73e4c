import { assert, describe, expect, it } from "@effect/vitest"
import type { CustomerLetter, SupportLetter } from "../../src/domain/letters.ts"
import { Alarm, CaseKind, CaseStatus } from "../../src/domain/cases.ts"
import { AccountId } from "../../src/domain/ids.ts"
import { type Language, languages } from "../../src/words/catalogue.ts"
import { mailOf } from "../../src/words/mails/Mail.ts"
import {
  at,
  harbor,
  letters,
  messageOf,
  people,
  type SampleName,
  samples,
  sentWith,
  supportLetters,
  type SupportSampleName,
  supportSamples
} from "../../src/http/dev/sampleLetters.ts"

const written = (letter: CustomerLetter, locale = "en-MY") =>
  mailOf(messageOf(letter, { locale }), harbor, sentWith(letter))

const oneSpace = (text: string): string => text.replace(/\s+/g, " ")

const subjects: Readonly<Record<SampleName, Record<Language, string>>> = {
  code: { en: "Your Harbor verification code", ms: "Kod pengesahan Harbor anda" },
  changed: {
    en: "Your security standard has been updated to EMAIL",
    ms: "Standard keselamatan anda telah dikemas kini kepada EMAIL"
  },
  replaced: { en: "SMS codes were replaced by email", ms: "Kod SMS telah digantikan dengan e-mel" },
  disabled: { en: "Two-factor authentication was turned off", ms: "Pengesahan dua faktor telah dinyahaktifkan" },
  unfinished: {
    en: "Your account is protected by its password only",
    ms: "Akaun anda dilindungi oleh kata laluan sahaja"
  },
  suspended: {
    en: "We paused code entry on your account",
    ms: "Kami menghentikan sementara kemasukan kod untuk akaun anda"
  },
  tries: {
    en: "Someone knows your password and entered wrong codes",
    ms: "Seseorang mengetahui kata laluan anda dan memasukkan kod yang salah"
  },
  proved_after_failures: {
    en: "Someone signed in after several wrong codes",
    ms: "Seseorang telah log masuk selepas beberapa kod yang salah"
  },
  contact: {
    en: "The contact details of your account were changed",
    ms: "Butiran hubungan akaun anda telah diubah"
  },
  undelivered: {
    en: "We could not reach you at m•••@e•••.test",
    ms: "Kami tidak dapat menghubungi anda di m•••@e•••.test"
  },
  reset_requested: {
    en: "Support was asked to reset your two-factor authentication",
    ms: "Sokongan diminta menetapkan semula pengesahan dua faktor anda"
  },
  reset_cancelled: {
    en: "The reset of your two-factor authentication was stopped",
    ms: "Penetapan semula pengesahan dua faktor anda telah dihentikan"
  },
  reset_executed: {
    en: "Your two-factor authentication was reset",
    ms: "Pengesahan dua faktor anda telah ditetapkan semula"
  },
  slack_linked: {
    en: "Slack user @casey can now see your two-factor status",
    ms: "Pengguna Slack @casey kini boleh melihat status pengesahan dua faktor anda"
  },
  slack_unlinked: {
    en: "Slack user @casey can no longer see your two-factor status",
    ms: "Pengguna Slack @casey tidak lagi boleh melihat status pengesahan dua faktor anda"
  }
}

/** What each mail says in every case: the time, the browser, whom to ask, and that nobody asks for codes. */
const always: Readonly<Record<Language, { readonly from: string; readonly support: string; readonly never: string }>> =
  {
    en: {
      from: "Firefox on Windows",
      support: "Harbor support at help@harbor.example",
      never: "We never ask for this code by phone, chat or e-mail."
    },
    ms: {
      from: "Firefox pada Windows",
      support: "sokongan Harbor di help@harbor.example",
      never: "Kami tidak pernah meminta kod ini melalui telefon, sembang atau e-mel."
    }
  }

const labels: Readonly<Partial<Record<SampleName, Record<Language, string>>>> = {
  changed: { en: "This wasn't me", ms: "Ini bukan saya" },
  replaced: { en: "Review this", ms: "Semak perkara ini" },
  disabled: { en: "Review this", ms: "Semak perkara ini" },
  reset_requested: { en: "Stop it", ms: "Hentikan" }
}

const spoken = Object.keys(languages) as Array<Language>

describe.each(spoken)("mails in %s", (language) => {
  for (const [name, letter] of samples) {
    it(`the mail "${name}" is as reviewed`, async () => {
      const { subject, text, html } = written(letter, language)
      const file = `../golden/mails/${language}/${name}`
      await expect(`Subject: ${subject}\n\n${text}`).toMatchFileSnapshot(`${file}.txt`)
      await expect(html).toMatchFileSnapshot(`${file}.html`)
    })

    it(`S-44: "${name}" says what, for which account, when here and in UTC, from where, and how to object`, () => {
      const { subject, text, html } = written(letter, language)
      assert.strictEqual(subject, subjects[name][language])
      const { from, support, never } = always[language]
      for (const part of [oneSpace(text), html]) {
        assert.include(part, "alex")
        assert.include(part, "25 November 2026, 04:04 (GMT+8) / 24 November 2026, 20:04 UTC")
        if (letter.client !== undefined) assert.include(part, from)
        assert.include(part, support)
        assert.include(part, never)
      }
    })

    it(`"${name}" has one link if there is something to do by it, under its label and its host`, () => {
      const { text, html } = mailOf(messageOf(letter, { locale: language }), harbor, {
        undoUrl: "https://login.harbor.example/notice/1"
      })
      const label = labels[name]?.[language]
      const links = [...html.matchAll(/<a\s[^>]*href="([^"]*)"[^>]*>(.*?)<\/a\s*>/gs)]
      assert.deepStrictEqual(
        links.map(([, url]) => url),
        label === undefined ? [] : ["https://login.harbor.example/notice/1"]
      )
      if (label === undefined) return assert.notInclude(text + html, "/notice/")
      const shown = oneSpace((links[0]?.[2] ?? "").replace(/<[^>]*>/g, " ").replaceAll("&#39;", "'")).trim()
      assert.strictEqual(shown, `${label} login.harbor.example`)
      assert.include(text, `\n\n${label}:\nhttps://login.harbor.example/notice/1\n\n`)
      assert.strictEqual([...text.matchAll(/https?:/g)].length, 1)
    })

    it(`"${name}" has 72 columns, inline styles, nothing remote, and stays below 40 kB, whoever gets it`, () => {
      for (const person of Object.values(people)) {
        for (const accountId of ["alex", "x".repeat(128), `${"long.".repeat(20)}@customer.example`]) {
          const message = messageOf({ ...letter, accountId }, { locale: language, name: person })
          const { subject, text, html } = mailOf(message, harbor, sentWith(letter))
          for (const line of text.split("\n")) {
            if (!line.startsWith("https://login.harbor.example/notice/")) assert.isAtMost([...line].length, 72, line)
          }
          assert.isBelow(Buffer.byteLength(text) + Buffer.byteLength(html), 40_000)
          assert.notMatch(html, /<(?:img|script|link|b)\b|url\(|@import|src=/i)
          assert.include(html, "prefers-color-scheme: dark")
          assert.include(html, `<meta name="color-scheme" content="light dark" />`)
          assert.notMatch(subject, /\d{6}/)
          assert.isNotEmpty(text)
        }
      }
    })
  }
})

describe("mails", () => {
  it("a mail of one language has no paragraph of the other", () => {
    for (const [name, letter] of samples) {
      const [english, malay] = spoken.map((language) => written(letter, language).text.split("\n\n"))
      const same = english?.filter((block) => malay?.includes(block)) ?? []
      assert.deepStrictEqual(
        same.map((block) => block.trim()),
        name === "code" ? ["482913"] : []
      )
    }
  })

  it("a name is set apart, so that one from right to left leaves the sentence as it is", () => {
    const { html } = mailOf(messageOf(letters.changed, { name: people.rtl }), harbor)
    assert.include(html, `Hello <span dir="auto">${people.rtl}</span>,`)
    const { html: malay } = mailOf(messageOf(letters.changed, { name: people.rtl, locale: "ms" }), harbor)
    assert.include(malay, `Salam sejahtera <span dir="auto">${people.rtl}</span>,`)
    assert.include(malay, `lang="ms-MY"`)
  })

  it("S-59: who asked for a reset is told as data, without an address or a link, and when it takes effect", () => {
    const requestedBy = "<b>Casey</b>\r\ndesk.evil.test, casey.lim@customer.example https://evil.test/x\u202E!"
    for (const locale of spoken) {
      const { text, html } = mailOf(messageOf({ ...letters.reset_requested, requestedBy }, { locale }), harbor)
      assert.include(oneSpace(text), "26 November 2026, 04:04 (GMT+8) / 25 November 2026, 20:04 UTC")
      assert.include(oneSpace(text), "<b>Casey</b> desk. evil. test, c•••@c•••.example https evil. test/x !")
      assert.notMatch(text + html, /evil\.test|casey\.lim@|[\r\u202E]/)
      assert.include(html, "&lt;b&gt;")
    }
    const silent = mailOf(messageOf({ ...letters.reset_requested, requestedBy: " " }), harbor)
    assert.notInclude(silent.text, "Asked by")
  })

  it("S-45, S-72: a Slack user is told as data: one line, without an address or a link, cut, one @ before it", () => {
    for (const [slackUser, shown] of [
      ["casey", "@casey"],
      [" @@casey", "@casey"],
      ["\u202E\n@casey", "@casey"],
      ["Casey Lim", "@Casey Lim"],
      ["casey.lim@customer.example", "@c•••@c•••.example"],
      ["<b>x</b>\r\nBcc: eve@evil.test\u202E!", "@<b>x</b> Bcc: e•••@e•••.test !"],
      ["help at desk.evil.test https://evil.test/x", "@help at desk. evil. test https evil. te…"],
      ["x".repeat(500), `@${"x".repeat(39)}…`]
    ] as const) {
      for (const locale of spoken) {
        for (const letter of [letters.slack_linked, letters.slack_unlinked]) {
          const { subject, text, html } = mailOf(messageOf({ ...letter, slackUser }, { locale }), harbor)
          assert.match(subject, /^(?:Slack user|Pengguna Slack) @/)
          assert.include(subject, ` ${shown} `)
          assert.isBelow([...subject].length, 120)
          assert.include(oneSpace(text), shown)
          assert.notMatch(text + html, /evil\.test|casey\.lim@|[\r\u202E]|@@/)
          assert.notInclude(html, "<b>x")
        }
      }
    }
  })

  it("a Slack user of whom nothing can be shown is a Slack user still", () => {
    for (const slackUser of ["", " \u202E", "@"]) {
      assert.strictEqual(
        mailOf(messageOf({ ...letters.slack_linked, slackUser }), harbor).subject,
        "A Slack user can now see your two-factor status"
      )
      assert.strictEqual(
        mailOf(messageOf({ ...letters.slack_unlinked, slackUser }, { locale: "ms" }), harbor).subject,
        "Seorang pengguna Slack tidak lagi boleh melihat status pengesahan dua faktor anda"
      )
    }
  })

  it("S-69: a mail about Slack says that Slack changes no protection and takes no code; that it can be ended how", () => {
    assert.include(
      oneSpace(written(letters.slack_linked).text),
      "Slack can never change your protection or take a code"
    )
    assert.include(oneSpace(written(letters.slack_linked).text), "with the word unlink in Slack")
    assert.include(oneSpace(written(letters.slack_unlinked).text), "Slack can never change it or take a code")
  })

  it("the confirmation says the sentence of the article", () => {
    assert.include(written(letters.changed).text, "Your security standard has been updated to EMAIL.")
  })

  it("S-46: what was done after wrong codes is told in words that fit it, with their number", () => {
    const said = (["sign-in", "step-up", "setup", "change"] as const).map((purpose) =>
      written({ ...letters.proved_after_failures, purpose })
    )
    assert.deepStrictEqual(
      said.map(({ subject }) => subject),
      [
        "Someone signed in after several wrong codes",
        "Someone passed a security check after several wrong codes",
        "Someone turned on two-factor authentication after several wrong codes",
        "Someone changed your security standard after several wrong codes"
      ]
    )
    for (const { text } of said) assert.include(text.replace(/\s+/g, " "), "Wrong codes before it: 4.")
  })

  it("S-45: no code is in a subject, and a notice carries no code", () => {
    for (const [, letter] of samples) {
      const { subject, text, html } = mailOf(messageOf(letter), harbor, { code: "482913" })
      assert.notInclude(subject, "482913")
      if (letter._tag !== "code") assert.notInclude(text + html, "482913")
    }
    const { text, html } = written(letters.code)
    assert.include(text, "482913")
    assert.include(html, "482913")
  })

  it("S-45: a mail carries no full address, not even where the portal uses one as account id", () => {
    for (const [, letter] of samples) {
      const { text, html } = mailOf(messageOf({ ...letter, accountId: "alex@customer.example" }), harbor)
      assert.notInclude(text + html, "alex@customer.example")
      assert.include(text, "a•••@c•••.example")
      assert.notInclude(text + html, "203.0.113.7")
    }
  })

  it("a code mail contains no link, whatever the sender has", () => {
    for (const locale of spoken) {
      const more = { code: "482913", undoUrl: "https://login.harbor.example/notice/1" }
      const { text, html } = mailOf(messageOf(letters.code, { locale }), harbor, more)
      assert.notMatch(text + html, /https?:|<a\b/)
    }
  })

  it("the same message gives the same mail", () => {
    for (const [, letter] of samples) assert.deepStrictEqual(written(letter), written(letter))
  })

  it("S-72: names, user agents and brands of others stay text on one line", () => {
    const hostile = `<b onclick="x">A</b>\r\nBcc: eve@evil.test\u202E\u0000 & "you"`
    for (const [, letter] of samples) {
      const { subject, text, html } = mailOf(
        messageOf({ ...letter, client: { userAgent: hostile, ip: hostile } }, { name: hostile, timeZone: hostile }),
        { ...harbor, brand: hostile }
      )
      assert.notMatch(subject, /[\r\n\u0000\u202E]/)
      assert.notMatch(text + html, /[\r\u0000\u202E]/)
      assert.notInclude(html, "<b ")
      assert.notInclude(html, `"x"`)
    }
  })

  it("a name that advertises a site is left out, a name of Malaysia stays", () => {
    for (const name of ["visit evil.test now", "http://evil.test", "www.evil"]) {
      assert.match(mailOf(messageOf(letters.changed, { name }), harbor).text, /^Hello,\n/)
    }
    for (const name of ["Ravi a/l Muthu", "Ahmad @ Jamal bin Abu", "Siti Nurhaliza", "J. R. Tan"]) {
      assert.include(mailOf(messageOf(letters.changed, { name }), harbor).text, `Hello ${name},`)
    }
  })

  it("an account without zone is told in UTC, a zone unknown here too", () => {
    for (const timeZone of [null, "Mars/Olympus"]) {
      const { text } = mailOf(messageOf(letters.changed, { timeZone }), harbor)
      assert.include(text, "24 November 2026, 20:04 UTC")
      assert.notInclude(text, "GMT")
    }
  })

  it("a language without texts falls back to English", () => {
    for (const locale of ["th-TH", "en", null, "__proto__", "constructor-x", "x\r\nBcc: eve@evil.test"]) {
      assert.strictEqual(mailOf(messageOf(letters.changed, { locale }), harbor).subject, subjects.changed.en)
    }
  })

  it("Malay is written to Malay locales, whatever their region", () => {
    for (const locale of ["ms", "ms-MY", "MS-my", "ms-Latn-MY"]) {
      assert.strictEqual(mailOf(messageOf(letters.changed, { locale }), harbor).subject, subjects.changed.ms)
    }
  })

  it("without support address and portal the brand's support is named", () => {
    const { text } = mailOf(messageOf(letters.changed), { ...harbor, supportEmail: null, portalUrl: null })
    assert.include(text, "If this was not you, contact Harbor support at once.")
    const malay = mailOf(messageOf(letters.changed, { locale: "ms" }), {
      ...harbor,
      supportEmail: null,
      portalUrl: null
    })
    assert.include(oneSpace(malay.text), "hubungi sokongan Harbor dengan segera.")
  })
})

describe("mails to support", () => {
  const sent = (letter: SupportLetter, brand = "Harbor") =>
    mailOf(messageOf(letter, { name: null, locale: null, timeZone: null }), { ...harbor, brand })

  const staff: Readonly<Record<SupportSampleName, string>> = {
    case: "[Harbor] Case C-7F3K: stuck at step 8",
    alert: "[Harbor] Alert: messages could not be delivered (3)"
  }

  for (const [name, letter] of supportSamples) {
    it(`the mail "${name}" is as reviewed`, async () => {
      const { subject, text, html } = sent(letter)
      assert.strictEqual(subject, staff[name])
      await expect(`Subject: ${subject}\n\n${text}`).toMatchFileSnapshot(`../golden/mails/support/${name}.txt`)
      await expect(html).toMatchFileSnapshot(`../golden/mails/support/${name}.html`)
    })

    it(`"${name}" says to support nothing that is for customers, and no name, address, number, IP or code`, () => {
      const to = { name: people.plain, locale: "ms-MY", timeZone: "Asia/Kuala_Lumpur", address: "desk@harbor.example" }
      const { subject, text, html } = mailOf(messageOf({ ...letter, accountId: "alex@customer.example" }, to), harbor, {
        code: "482913",
        undoUrl: "https://login.harbor.example/notice/1"
      })
      for (const part of [subject, text, html]) {
        assert.notMatch(part, /Hello|Salam|never ask|your account|not you|Alex|@customer|help@|desk@|482913|\/notice\//)
        assert.notMatch(part, /203\.0\.113\.7|Firefox|GMT\+8|support at/)
      }
      assert.include(html, `<html lang="en-GB">`)
    })

    it(`"${name}" has 72 columns, inline styles, nothing remote, and stays below 40 kB`, () => {
      for (const accountId of ["x".repeat(128), `${"long.".repeat(20)}@customer.example`].map((id) =>
        AccountId.make(id)
      )) {
        const long: SupportLetter =
          letter._tag === "case"
            ? { ...letter, case: { ...letter.case, accountId } }
            : { ...letter, alert: { ...letter.alert, accounts: Array.from({ length: 5 }, () => accountId) } }
        const { subject, text, html } = sent(long, "Harbor\r\n<b>".repeat(20))
        for (const line of text.split("\n")) assert.isAtMost([...line].length, 72, line)
        assert.isBelow(Buffer.byteLength(text) + Buffer.byteLength(html), 40_000)
        assert.notMatch(html, /<(?:img|script|link|b|a)\b|url\(|@import|src=|@customer/i)
        assert.notMatch(subject, /[\r\n]/)
        assert.isAtMost([...subject].length, 120)
      }
    })
  }

  const facts = (letter: SupportLetter): Readonly<Record<string, string>> =>
    Object.fromEntries(
      [...sent(letter).text.matchAll(/^([A-Z][\w -]+): +(.*)$/gm)].map(([, label, value]) => [label, value])
    )

  it("a case tells id, kind, account, step, delivery, protection, status and since when, in UTC", () => {
    assert.deepStrictEqual(facts(supportLetters.case), {
      Case: "C-7F3K",
      Kind: "stuck",
      Account: "alex",
      Step: "8 of 11, Confirm",
      Code: "not taken yet, is tried again",
      "Two-factor": "off, password only",
      Status: "open",
      Since: "24 November 2026, 20:04 UTC",
      Changed: "24 November 2026, 20:06 UTC"
    })
  })

  it("each kind and state of a case has its words, in subject and facts; a closed one is to be closed by nobody", () => {
    const said = CaseKind.literals.flatMap((kind) =>
      CaseStatus.literals.map((status) => {
        const found = { ...supportLetters.case.case, kind, status, step: null, verdict: null, claimedBy: "U012345" }
        const { subject, text, html } = sent({ ...supportLetters.case, case: found })
        assert.notInclude(text + html, "U012345")
        assert.strictEqual(text.includes("DELETE /v1/cases/C-7F3K"), status !== "closed")
        return subject
      })
    )
    assert.deepStrictEqual(
      [...new Set(said)],
      [
        "[Harbor] Case C-7F3K: stuck",
        "[Harbor] Case C-7F3K closed: stuck",
        "[Harbor] Case C-7F3K: lost phone or mailbox",
        "[Harbor] Case C-7F3K closed: lost phone or mailbox",
        "[Harbor] Case C-7F3K: says that it was somebody else",
        "[Harbor] Case C-7F3K closed: says that it was somebody else"
      ]
    )
    const { step, verdict, ...rest } = supportLetters.case.case
    const bare = facts({ ...supportLetters.case, case: { ...rest, step: null, verdict: null } })
    assert.deepStrictEqual(
      [step, verdict, bare["Step"], bare["Code"]],
      ["confirm", "deferred", "none", "none was asked for"]
    )
  })

  it("each alarm has its words; the number stands in the subject from two on, and an outage can be over", () => {
    const said = Alarm.literals.map(
      (alarm) => sent({ ...supportLetters.alert, alert: { ...supportLetters.alert.alert, alarm, count: 1 } }).subject
    )
    assert.deepStrictEqual(said, [
      "[Harbor] Alert: messages could not be delivered",
      "[Harbor] Alert: code entry was paused after wrong codes",
      "[Harbor] Alert: outage of the mail server",
      "[Harbor] Alert: outage of Slack"
    ])
    const over = { ...supportLetters.alert.alert, alarm: "outage-mail", count: 1, accounts: [], overAt: at } as const
    assert.strictEqual(
      sent({ ...supportLetters.alert, alert: over }).subject,
      "[Harbor] Alert over: outage of the mail server"
    )
    assert.deepStrictEqual(facts({ ...supportLetters.alert, alert: over }), {
      Alert: "outage of the mail server",
      "How often": "1",
      Since: "24 November 2026, 20:04 UTC",
      Last: "24 November 2026, 21:15 UTC",
      Over: "24 November 2026, 20:04 UTC"
    })
    assert.strictEqual(facts(supportLetters.alert)["Accounts"], "alex, sam")
  })
})
