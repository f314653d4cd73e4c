import type { DateTime } from "effect"
import { dayFirst, momentOf } from "../time.ts"

/** When it was, as support reads it: its people may be anywhere. */
export const inUtc = (instant: DateTime.Utc): string => dayFirst(momentOf(instant, "en-GB", null))
