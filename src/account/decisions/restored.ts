import { type Changes, noChanges } from "../../domain/Changes.ts"
import type { Listed } from "../../services/AllAccounts.ts"
import { closed, closure, event, type Telling } from "./Deciding.ts"
import { endReset } from "./endReset.ts"

/**
 * The row that says that an account came out of a back-up, and in which epoch it goes on: whatever code was asked for
 * since is no longer valid. It closes all challenges, those too that only the lost database knew; so it names none.
 */
const mark = { type: "challenge.closed", outcome: "refused", reason: "restored" } as const

/** Whether nothing has happened to an account since it came out of a back-up. */
export const isVoided = ({ newest, pending }: Listed): boolean =>
  !pending && newest?.type === mark.type && newest.reason === mark.reason

/**
 * An account as a back-up brought it back: a new epoch, since what was done after the back-up is not known here. No code
 * is good any more, and a reset that waits may have been stopped in the meantime: its owner must not have to do it again.
 */
export const voidRestored = (told: Telling): Changes => {
  const { state } = told
  const next = { ...told, state: { ...state, epoch: state.epoch + 1, reset: null } }
  const ended = state.challenges.filter(({ status }) => status === "open").map((one) => closed(state, one, "voided"))
  const reset = endReset(next, state.reset, "cancelled")
  return {
    ...noChanges(next.state),
    challenges: { changed: ended, begun: [] },
    resets: reset.resets,
    events: [...ended.map((one) => closure(told, one)), ...reset.events, event(next, mark)],
    messages: reset.messages
  }
}
