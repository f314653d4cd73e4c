import { assert, describe, it } from "@effect/vitest"
import { looksLikeSecret } from "../../src/domain/secrets.ts"

const secrets = {
  "a code": ["482913", "4829130", "48291307", "482913075", "4829130756"],
  "a code as people write it": [
    "482 913",
    "482-913",
    "482–913",
    "482.913",
    "48 29 13",
    "4 8 2 9 1 3",
    "482\u00a0913",
    "482\u202f913"
  ],
  "full-width digits": ["４８２９１３", "４８２　９１３"],
  "a code in a sentence": [
    "Your code: 482 913",
    "it says 482913, what now?",
    "I typed 482913. Nothing happened",
    "is 482913 for me?",
    "482913!",
    "two of them came, 482913 and 113355"
  ],
  "a code in quotes or marks of Slack": ["“482913”", '"482913"', "'482 913'", "(482913)", "*482913*", "`482913`"],
  "a code after a word and a dash, as others send them": ["G-482913", "code-482913"],
  "a recovery code": [
    "k7f3-9qwm-22xp",
    "K7F3-9QWM-22XP",
    "k7f39qwm-22xpabcd-7788qqww",
    "my recovery code k7f3-9qwm-22xp-8dh2 fails"
  ],
  "the secret of an authenticator": [
    "otpauth://totp/Harbor:casey?secret=JBSWY3DPEHPK3PXP",
    "OTPAUTH:x",
    "scan otpauth:"
  ],
  "a password that is told": [
    "password is hunter-zebra",
    "My password is: hunter-zebra",
    "Password=hunter-zebra",
    "PASSWORD : hunter-zebra",
    "the passcode was swordfish",
    "passphrase: correct horse",
    "pw: hunter",
    "my pin is 4829",
    "my pin 4829",
    "my password hunter-zebra does not work"
  ],
  "a code of letters that is told": ["my code: hunterzebra", "my code = hunterzebra"],
  "the same in Malay": [
    "kata laluan ialah rahsia",
    "katalaluan: rahsia",
    "kata laluan saya ialah rahsia",
    "kod: rahsia",
    "kod saya ialah rahsia"
  ]
}

const harmless = {
  "what can be typed": [
    "",
    "help",
    "status",
    "change",
    "change sms",
    "change email",
    "sms to email",
    "lost",
    "why",
    "link",
    "unlink",
    "cases",
    "case C-7F3K",
    "nudge C-23456",
    "find customer-7"
  ],
  "our own names": ["C-7F3K", "c-7f3k", "C-234567", "E-7F3K9Q", "E-482913"],
  "a year": ["2026", "since 2019", "from 2019 to 2026"],
  "a time": ["04:19", "at 16.30", "10:30 to 11:45", "in 15 minutes"],
  "a price": ["RM 49.90", "RM 12,500", "5 for 10"],
  "too few digits or too many": ["12345", "48 29", "12345678901", "60125550101", "+60125550101"],
  "digits inside a word": ["abc482913", "482913abc", "x482913y", "customer48291307"],
  "a question about it": [
    "password",
    "what is my password?",
    "change my password",
    "where is the code",
    "my code has not arrived",
    "the code is late",
    "my code is late"
  ],
  "words with dashes": ["well-known-fact", "two-factor-authentication", "step-by-step"]
}

describe("S-70: what looks like a secret", () => {
  for (const [kind, texts] of Object.entries(secrets)) {
    for (const text of texts) it(`${kind}: “${text}”`, () => assert.isTrue(looksLikeSecret(text)))
  }
})

describe("S-70: what does not", () => {
  for (const [kind, texts] of Object.entries(harmless)) {
    for (const text of texts) it(`${kind}: “${text}”`, () => assert.isFalse(looksLikeSecret(text)))
  }

  // Slack takes 40 000 characters from anybody, and whoever waits for the judgement does nothing else.
  for (const part of ["1 ", "1-", "a1-", "a-", "my ", "a", "password "]) {
    it(`a long text of “${part}” is judged at once`, () => {
      const text = part.repeat(40_000 / part.length)
      const took = [1, 2, 3].map(() => {
        const began = performance.now()
        looksLikeSecret(text)
        return performance.now() - began
      })
      assert.isBelow(Math.min(...took), 150)
    })
  }
})
