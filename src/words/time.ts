import { DateTime } from "effect"

type Parts = Readonly<Partial<Record<Intl.DateTimeFormatPartTypes, string>>>

const partsIn = (instant: DateTime.Utc, language: string, timeZone: string): Parts => {
  const format = (zone: string) =>
    new Intl.DateTimeFormat(language, {
      timeZone: zone,
      day: "numeric",
      month: "long",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZoneName: "shortOffset"
    }).formatToParts(DateTime.toDate(instant))
  const parts = (() => {
    try {
      return format(timeZone)
    } catch {
      // a zone that this runtime does not know is told in UTC rather than not at all
      return format("UTC")
    }
  })()
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]))
}

/** An instant in somebody's zone, in pieces that a language puts together. */
export interface LocalTime {
  readonly day: string
  readonly month: string
  readonly year: string
  /** `04:04` */
  readonly clock: string
  /** `GMT+8` */
  readonly offset: string
}

const local = (instant: DateTime.Utc, language: string, timeZone: string): LocalTime => {
  const parts = partsIn(instant, language, timeZone)
  return {
    day: parts.day ?? "",
    month: parts.month ?? "",
    year: parts.year ?? "",
    clock: `${parts.hour ?? ""}:${parts.minute ?? ""}`,
    offset: parts.timeZoneName ?? ""
  }
}

/** When something happened: in UTC, and in the account's zone where it has another (S-44). */
export interface Moment {
  readonly utc: LocalTime
  readonly local: LocalTime | null
}

/** The pieces of an instant for an account. */
export const momentOf = (instant: DateTime.Utc, language: string, timeZone: string | null): Moment => {
  const utc = local(instant, language, "UTC")
  const there = local(instant, language, timeZone ?? "UTC")
  return { utc, local: JSON.stringify(there) === JSON.stringify(utc) ? null : there }
}

const date = ({ day, month, year }: LocalTime): string => `${day} ${month} ${year}`
const dateAndClock = (time: LocalTime): string => `${date(time)}, ${time.clock}`
const dayAndClock = ({ day, month, clock }: LocalTime): string => `${day} ${month.slice(0, 3)} ${clock}`
const zoned = (time: LocalTime): string => `${dateAndClock(time)} (${time.offset})`

/** For languages that put the day first: `25 November 2026, 04:04 (GMT+8) / 24 November 2026, 20:04 UTC`. */
export const dayFirst = ({ local: here, utc }: Moment): string =>
  here === null
    ? `${dateAndClock(utc)} UTC`
    : `${zoned(here)} / ${date(here) === date(utc) ? utc.clock : dateAndClock(utc)} UTC`

/** `25 Nov 04:04 (20:04 UTC)` */
export const dayFirstShort = ({ local: here, utc }: Moment): string =>
  here === null ? `${dayAndClock(utc)} UTC` : `${dayAndClock(here)} (${utc.clock} UTC)`

/** `25 November 2026, 04:14 (GMT+8)`: when something ends, in one zone. */
export const dayFirstOnce = ({ local: here, utc }: Moment): string =>
  here === null ? `${dateAndClock(utc)} UTC` : zoned(here)

/** `26 Nov 04:04` */
export const dayFirstOnceShort = ({ local: here, utc }: Moment): string =>
  here === null ? `${dayAndClock(utc)} UTC` : dayAndClock(here)

/** `04:14` */
export const clockOnce = ({ local: here, utc }: Moment): string => (here === null ? `${utc.clock} UTC` : here.clock)
