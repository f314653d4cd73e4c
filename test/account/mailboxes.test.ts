import { assert, layer } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { importAccount } from "../../src/account/importAccount.ts"
import { Email } from "../../src/domain/contact.ts"
import { AccountId } from "../../src/domain/ids.ts"
import { mailboxOf } from "../../src/domain/mailbox.ts"
import { asPortal, rekey } from "../kit/core.ts"

const isEmail = Schema.is(Email)

const taken = [
  "alex@customer.example",
  "Alex.TAN+Bank@Customer.EXAMPLE",
  "o'neil&co!#$%*/=?^_`{|}~-@x.example",
  "=?utf-8?q?a?=@x.example",
  "zoë@x.example",
  "ZOE\u0308@x.example",
  "a@bücher.example",
  "a@localhost",
  "अ@x.example",
  `${"a".repeat(64)}@${"x".repeat(61)}.${"y".repeat(61)}.${"z".repeat(61)}.ab`
]

const refused = [
  "a@BÜCHER.example",
  "a@customⓔr.example",
  "a@ｘ.example",
  "a@x\u00AD.example",
  "a@x\u3002example",
  "a..b@x.example",
  ".a@x.example",
  "a.@x.example",
  "a b@x.example",
  '"a"@x.example',
  "a@b@x.example",
  "Alex <a@x.example>",
  "a@x.example,b@x.example",
  "a@[192.0.2.1]",
  "a@x.example\nb",
  "a@",
  "@x.example",
  "",
  `${"a".repeat(65)}@x.example`,
  `a@${"x.".repeat(130)}example`
]

/** The only ones among them that the table would keep: it knows no Unicode and no labels. */
const onlyTheRuleKnows = (address: string) =>
  /^\.|\.\.|\.@|[^\x21-\x7e]/.test(address) || address.indexOf("@") === 65 || address === "a@BÜCHER.example"

layer(rekey())("mailboxes", (it) => {
  for (const [place, email] of taken.entries()) {
    it.effect(
      `S-73: an import that takes ${email.slice(0, 40)} is never regretted: the table keeps it, mail goes to it`,
      () =>
        Effect.gen(function* () {
          assert.isTrue(isEmail(email))
          assert.isNotNull(mailboxOf(email))
          const accountId = AccountId.make(`mailbox-${place}`)
          yield* importAccount({ accountId, email, password: Redacted.make("correct horse battery staple") })
          const sql = yield* SqlClient.SqlClient
          assert.deepStrictEqual(yield* sql`select email from accounts where account_id = ${accountId}`, [{ email }])
        }).pipe(asPortal())
    )
  }

  it.effect("S-73: what mail would not reach as it is, an import refuses with a sentence", () =>
    Effect.gen(function* () {
      for (const email of refused) {
        assert.isNull(mailboxOf(email), email)
        const fault = yield* Effect.flip(Schema.decodeEffect(Email)(email))
        assert.include(fault.message, "must be one bare e-mail address such as alex@customer.example", email)
      }
    })
  )

  it.effect("S-73: the table's own check refuses whatever could be two mailboxes, a name or a second line", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      for (const email of refused.filter((address) => !onlyTheRuleKnows(address))) {
        const row = sql`insert into accounts (account_id, email, password_hash) values ('hostile', ${email}, 'x')`
        const fault = yield* Effect.flip(row)
        assert.include(JSON.stringify(fault.reason.cause), "email_is_one_bare_mailbox", email)
      }
    })
  )
})
