import { DateTime } from "effect"

/** An instant of a row, for a letter or an answer. */
export const utc = (date: Date): DateTime.Utc => DateTime.fromDateUnsafe(date)

/** The same where there may be none. */
export const utcOrNull = (date: Date | null): DateTime.Utc | null => (date === null ? null : utc(date))

/** That many seconds after an instant. */
export const secondsAfter = (date: Date, seconds: number): Date => new Date(date.getTime() + seconds * 1000)

/** Whole seconds until an instant, rounded up, at least 1: what `Retry-After` says. */
export const secondsUntil = (now: Date, then: Date): number =>
  Math.max(1, Math.ceil((then.getTime() - now.getTime()) / 1000))
