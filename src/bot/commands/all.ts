import { cases } from "./cases.ts"
import { oneCase } from "./case.ts"
import { change } from "./change.ts"
import { find } from "./find.ts"
import { help } from "./help.ts"
import { link } from "./link.ts"
import { lost } from "./lost.ts"
import { nudge } from "./nudge.ts"
import { status } from "./status.ts"
import { unlink } from "./unlink.ts"
import { why } from "./why.ts"

/** The words of the slash command, in the order of its help; the same in direct messages and mentions. */
export const commands = [help, status, change, lost, why, link, unlink, cases, oneCase, find, nudge] as const
