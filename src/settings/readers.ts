import { Duration, LogLevel, Redacted, Result } from "effect"
import type { Reader } from "./Setting.ts"

/** Whether a text has control characters, which no setting of one line needs: they could add headers to a mail. */
export const hasControls = (text: string): boolean => /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)

/** A text of one line. */
export const line =
  (what: string, most: number): Reader<string> =>
  (text) =>
    hasControls(text) || text.length > most
      ? Result.fail(`${what} of at most ${most} characters`)
      : Result.succeed(text)

/** A text of a certain form. */
export const shaped =
  (what: string, form: RegExp): Reader<string> =>
  (text) =>
    form.test(text) ? Result.succeed(text) : Result.fail(what)

/** A whole number between two others. */
export const wholeNumber =
  (least: number, most: number): Reader<number> =>
  (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return number >= least && number <= most
      ? Result.succeed(number)
      : Result.fail(`a whole number from ${least} to ${most}`)
  }

/** One of a few words. */
export const oneOf =
  <const Word extends string>(...words: ReadonlyArray<Word>): Reader<Word> =>
  (text) => {
    const found = words.find((word) => word === text.toLowerCase())
    return found === undefined ? Result.fail(words.join(" or ")) : Result.succeed(found)
  }

/** `on` or `off`. */
export const onOff: Reader<boolean> = (text) => Result.map(oneOf("on", "off")(text), (word) => word === "on")

const unitSeconds: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 }

/** Whole seconds, written as `10 minutes`; refused, never clamped, outside its limits. */
export const duration =
  (what: string, least: Duration.Input, most: Duration.Input): Reader<Duration.Duration> =>
  (text) => {
    const [, amount, unit = ""] = /^(\d{1,9}) *(second|minute|hour|day)s?$/i.exec(text) ?? []
    const value = Duration.seconds(Number(amount ?? Number.NaN) * (unitSeconds[unit.toLowerCase()] ?? 1))
    return amount !== undefined &&
      Duration.between(value, { minimum: Duration.fromInputUnsafe(least), maximum: Duration.fromInputUnsafe(most) })
      ? Result.succeed(value)
      : Result.fail(what)
  }

/** The entries of a list with commas, each by the same reader; the first that fails says which one it is. */
export const list =
  <A>(entry: Reader<A>): Reader<ReadonlyArray<A>> =>
  (text) => {
    const values: Array<A> = []
    for (const [place, one] of text.split(",").entries()) {
      const read = entry(one.trim())
      if (Result.isFailure(read)) return Result.fail(`${read.failure} (entry ${place + 1} of the list is not)`)
      values.push(read.success)
    }
    return Result.succeed(values)
  }

/** The same, kept out of logs. */
export const secret =
  (label: string, reader: Reader<string>): Reader<Redacted.Redacted> =>
  (text) =>
    Result.map(reader(text), (value) => Redacted.make(value, { label }))

/** How much is logged. */
export const logLevel: Reader<LogLevel.LogLevel> = (text) => {
  const level = LogLevel.values.find((one) => one.toLowerCase() === text.toLowerCase())
  return level === undefined
    ? Result.fail(`one of ${LogLevel.values.map((one) => one.toLowerCase()).join(", ")}`)
    : Result.succeed(level)
}
