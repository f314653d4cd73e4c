import { Schema, SchemaGetter } from "effect"
import { isIP } from "node:net"
import { mailboxOf } from "./mailbox.ts"

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
const controls = new RegExp(control.source, "g")
const codePoints = (text: string): number => [...text].length

const wellFormed = Schema.makeFilter((text: string) =>
  text.isWellFormed() ? undefined : "must be well-formed Unicode"
)
const withoutNul = Schema.makeFilter((text: string) =>
  text.includes("\0") ? "must not contain a NUL character" : undefined
)
const oneLine = Schema.makeFilter((text: string) =>
  control.test(text) ? "must not contain line breaks or other control characters" : undefined
)
const between = (minLength: number, maxLength: number) =>
  Schema.makeFilter(
    (text: string) => {
      // UTF-16 first: counting the code points of a long text is work.
      const length = text.length > 2 * maxLength ? maxLength + 1 : codePoints(text)
      if (length >= minLength && length <= maxLength) return undefined
      return minLength === 0
        ? `must have at most ${maxLength} characters`
        : `must have ${minLength} to ${maxLength} characters`
    },
    { toJsonSchema: () => ({ minLength, maxLength }) }
  )

/** What a field says of itself in the API reference. */
type About = {
  readonly description?: string
  readonly examples?: readonly [string, ...Array<string>]
  readonly format?: string
}

// Annotated before it is checked: what stands on a check of ours is lost in the reference.
const text = (about: About) => Schema.String.annotate(about).check(wellFormed)

/** One line of text, of so many code points. */
export const Line = (least: number, most: number, about: About = {}) => text(about).check(oneLine, between(least, most))

/** A secret that somebody typed, of so many code points; never shown or logged. */
export const SecretText = (least: number, most: number, about: About = {}) =>
  Schema.RedactedFromValue(text(about).check(withoutNul, between(least, most)))

/** One bare mailbox of at most 254 bytes, kept byte for byte (S-73). */
export const Email = text({
  description: "one bare mailbox, kept byte for byte",
  format: "email",
  examples: ["alex@customer.example"]
}).check(
  Schema.makeFilter((address: string) =>
    mailboxOf(address) === null ? "must be one bare e-mail address such as alex@customer.example" : undefined
  )
)

/** A telephone number in E.164 form. */
export const Phone = Schema.String.check(
  Schema.isPattern(/^\+[1-9][0-9]{6,14}$/u, { message: "must be an E.164 number such as +60125550101" })
).annotate({ description: "E.164", examples: ["+60125550101"] })

/** 1 to 1024 code points, as they came: no trimming, no normalising. */
export const Password = SecretText(1, 1024)

const accepts = (attempt: () => unknown): boolean => {
  try {
    attempt()
    return true
  } catch {
    // Intl tells an unknown name by throwing a RangeError.
    return false
  }
}

/** A BCP 47 tag, kept as it came; a language without texts falls back to English. */
export const Locale = Line(1, 64, { description: "BCP 47", examples: ["en-MY"] }).check(
  Schema.makeFilter((tag: string) =>
    accepts(() => Intl.getCanonicalLocales(tag)) ? undefined : "must be a BCP 47 language tag such as en-MY"
  )
)

/** A time zone of the IANA database. */
export const TimeZone = Line(1, 64, { description: "IANA time zone", examples: ["Asia/Kuala_Lumpur"] }).check(
  Schema.makeFilter((timeZone: string) =>
    accepts(() => new Intl.DateTimeFormat("en", { timeZone }))
      ? undefined
      : "must be a time zone such as Asia/Kuala_Lumpur"
  )
)

/** What the person is called in letters: one line of at most 200 code points. */
export const Name = Line(1, 200, { description: "one line", examples: ["Alex Tan"] })

/** An IPv4 or IPv6 address without a zone id. */
export const IpAddress = text({ description: "IPv4 or IPv6", examples: ["203.0.113.7"] }).check(
  Schema.makeFilter((address: string) =>
    isIP(address) !== 0 && !address.includes("%") ? undefined : "must be an IPv4 or IPv6 address"
  )
)

const userAgentAtMost = 512

/** Whatever a browser called itself, made fit to keep: the portal only passes it on, so it is cleaned, not refused. */
const UserAgent = Schema.String.annotate({
  description:
    "User-Agent of the person's browser as it came; control characters become U+FFFD, 512 characters are kept"
}).pipe(
  Schema.decodeTo(Schema.String, {
    decode: SchemaGetter.transform((given: string) =>
      [...given.toWellFormed().replace(controls, "\ufffd")].slice(0, userAgentAtMost).join("")
    ),
    encode: SchemaGetter.passthrough()
  })
)

/** The person at the portal as the portal describes them. */
export const ClientDescription = Schema.Struct({
  ip: Schema.optionalKey(IpAddress),
  userAgent: Schema.optionalKey(UserAgent)
}).annotate({
  identifier: "Client",
  description:
    "The person at the portal: for the audit trail, the notices and per-source budgets, never for authorisation."
})
