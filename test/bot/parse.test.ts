import { assert, describe, it } from "@effect/vitest"
import { commands } from "../../src/bot/commands/all.ts"
import { parse, type Parsed } from "../../src/bot/commands/parse.ts"

const shown = (parsed: Parsed): string =>
  parsed._tag === "command"
    ? `${parsed.command.word} (${parsed.rest})`
    : parsed._tag === "unknown"
      ? `unknown, ${parsed.nearest ?? "nothing near"}`
      : "secret"

const table = (rows: Readonly<Record<string, string>>) => {
  for (const [text, expected] of Object.entries(rows))
    it(`“${text}” is ${expected}`, () => assert.strictEqual(shown(parse(text)), expected))
}

describe("every word", () => {
  table({
    help: "help ()",
    status: "status ()",
    change: "change ()",
    lost: "lost ()",
    why: "why ()",
    link: "link ()",
    unlink: "unlink ()",
    cases: "cases ()",
    "case C-7F3K": "case (C-7F3K)",
    "find customer-7": "find (customer-7)",
    "nudge C-7F3K": "nudge (C-7F3K)"
  })
})

it("the table above has every word", () =>
  assert.deepStrictEqual(
    commands.map(({ word }) => word),
    ["help", "status", "change", "lost", "why", "link", "unlink", "cases", "case", "find", "nudge"]
  ))

describe("as people type them", () => {
  table({
    "": "help ()",
    "   ": "help ()",
    HELP: "help ()",
    "  Status\t": "status ()",
    "\u00a0why\u00a0": "why ()",
    ｓｔａｔｕｓ: "status ()",
    "case   c-7f3k": "case (c-7f3k)",
    "NUDGE c-7f3k": "nudge (c-7f3k)"
  })
})

describe("the method", () => {
  table({
    "change email": "change (email)",
    "change E-Mail": "change (E-Mail)",
    "Change SMS": "change (SMS)",
    "sms to email": "change (email)",
    "SMS  to  E-mail": "change (E-mail)",
    "e-mail to sms": "change (sms)",
    "change pigeon": "unknown, change",
    "sms to pigeon": "unknown, nothing near"
  })
})

describe("what does not fit the word is no such command", () => {
  table({
    "status please": "unknown, status",
    "lost my phone": "unknown, lost",
    case: "unknown, case",
    "case seven": "unknown, case",
    "find a b": "unknown, find",
    "unlink C-7F3K": "unknown, unlink"
  })
})

describe("the nearest word", () => {
  table({
    stauts: "unknown, status",
    halp: "unknown, help",
    chnage: "unknown, change",
    lnik: "unknown, link",
    unlnk: "unknown, unlink",
    whyy: "unknown, why",
    xyzzy: "unknown, nothing near",
    qqqq: "unknown, nothing near",
    "🦊": "unknown, nothing near",
    "foo bar baz": "unknown, nothing near",
    constructor: "unknown, nothing near",
    supercalifragilistic: "unknown, nothing near"
  })
})

describe("S-70: a command is read first, then a secret", () => {
  table({
    "find 12345678": "find (12345678)",
    "find 482913": "find (482913)",
    "case C-234567": "case (C-234567)",
    "find me 482913": "secret",
    "case 482913": "secret",
    "status 482913": "secret",
    "change 482913": "secret",
    "482913": "secret",
    "482  913": "secret",
    "482\n913": "secret",
    "４８２９１３": "secret",
    "help my password is hunter-zebra": "secret"
  })
})

it("S-70: what was typed is not in what is handed on, but for what a command takes", () => {
  for (const text of ["hunter-zebra 482913", "hunter-zebra", "status hunter-zebra", "halp hunter-zebra"])
    assert.notInclude(JSON.stringify(parse(text)), "hunter", text)
})

it("a text as long as Slack lets anybody type is read at once", () => {
  const began = performance.now()
  for (const text of ["s", "stauts ", "1 2-", "a1-", "é"]) parse(text.repeat(12_000 / text.length))
  assert.isBelow(performance.now() - began, 1000)
})
