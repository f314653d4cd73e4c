import { Schema, SchemaGetter } from "effect"
import { HttpApiSchema } from "effect/http-api"
import { ClientDescription, Line, Password, SecretText } from "../../domain/contact.ts"
import { AccountId, MethodId } from "../../domain/ids.ts"
import { Challenge } from "../../domain/TwoFactor.ts"

/** The account that is acted on: always from the path (S-55). */
export const ofAccount = { accountId: AccountId }

/** The name of the header, as refusals say it. */
export const idempotencyKeyHeader = "Idempotency-Key"

/** What every POST may bear: the same key with the same body gets the same answer for 24 hours. */
export const idempotent = {
  "idempotency-key": Schema.optionalKey(
    Schema.String.check(
      Schema.isPattern(/^[\x21-\x7e]{1,255}$/u, {
        message: `${idempotencyKeyHeader} must be 1 to 255 visible ASCII characters. Nothing was changed.`
      })
    ).annotate({
      description:
        "1 to 255 visible ASCII characters. The same key with the same body gets the first answer again for 24 hours, " +
        "with `Idempotent-Replayed: true`; nothing is counted, sent or consumed twice."
    })
  )
}

/** How many a page has where the request does not say. */
export const ofAPage = 50

/** How many a page may have. */
export const Limit = Schema.String.check(
  Schema.isPattern(/^(?:[1-9][0-9]?|1[0-9][0-9]|200)$/u, { message: "must be a whole number from 1 to 200" })
)
  .annotate({ description: `1 to 200; ${ofAPage} where it is left out` })
  .pipe(Schema.decodeTo(Schema.Int, { decode: SchemaGetter.transform(Number), encode: SchemaGetter.transform(String) }))

/** Where a page begins. */
export const cursor = (pattern: RegExp) =>
  Schema.String.check(Schema.isPattern(pattern, { message: "must be the next of an earlier answer" })).annotate({
    description: "`next` of an earlier answer"
  })

/** Who is at the portal, in every POST. */
export const client = { client: Schema.optionalKey(ClientDescription) }

/** The account's password. */
export const password = { password: Password }

/** The proof of the current method that a sign-in or a step-up gave. */
export const grant = {
  grant: Schema.optionalKey(
    SecretText(0, 1024, {
      description: "The grant of a sign-in or step-up of the last 10 minutes; wanted where REKEY_STEP_UP=required."
    })
  )
}

/** A method that is to be turned on. */
export const newMethod = {
  method: MethodId,
  destination: Schema.optionalKey(
    Line(0, 254, {
      description: "SMS: an E.164 number, if not the registered phone. EMAIL: the registered address, or left out."
    })
  ),
  acknowledged: Schema.optionalKey(
    Line(0, 64, { description: "Version of the strength sentence that the person was shown." })
  )
}

/** Why support resets an account, and who asked. */
export const resetRequest = {
  reason: Line(1, 500, { description: "For the audit trail.", examples: ["The phone was lost, case 4711"] }),
  requestedBy: Line(1, 200, {
    description: "Who asked, as every notice of the reset names them.",
    examples: ["Casey of support"]
  })
}

/** A challenge was made and its code is on its way. */
export const Started = Challenge.annotate({ httpApiStatus: 201, description: "A code is on its way." })

/** The code is on its way again. */
export const Resent = Challenge.pipe(HttpApiSchema.status(202))
