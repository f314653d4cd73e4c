import { Effect } from "effect"
import { anyNode, type Nemesis } from "./Nemesis.ts"

/** What a step of an account reads and writes with. */
const isOfAStep = (statement: string) =>
  /\bas "passwordHash"|^\s*with applied as \((update|insert into)\b/.test(statement)

/** What a change of protection is committed with: nothing else makes a link for notices. */
const isCommit = (statement: string) => /^\s*with applied as \(update\b[^]*insert into notice_links/.test(statement)

/** What a courier says of a letter that was taken from it. */
const isVerdict = (statement: string) => /^\s*update outbox set lease = null, leased_until = null,/.test(statement)

const longestWait = 10_000

const killing = (
  name: string,
  isMeant: (statement: string) => boolean,
  ways: readonly ["swallowed" | "unanswered", ...ReadonlyArray<"swallowed" | "unanswered">],
  passingAtMost: number
): Nemesis => ({
  name,
  against: (stage, chance) => {
    const node = anyNode(stage, chance)
    const as = chance.pick(ways)
    let passing = chance.below(passingAtMost)
    return {
      start: Effect.callback<void>((resume) => {
        node.rule = (asked) => {
          if (!asked.some(isMeant) || passing-- > 0) return { as: "passed" }
          return {
            as,
            after: () => {
              node.killNow()
              resume(Effect.void)
            }
          }
        }
      }).pipe(Effect.timeoutOption(longestWait), Effect.asVoid),
      lastsMillis: 300 + chance.below(1500),
      heal: Effect.gen(function* () {
        node.rule = () => ({ as: "passed" })
        yield* node.kill
        yield* node.start()
      })
    }
  }
})

/** kill -9 of a node at one of the statements of a step: before PostgreSQL has it, or when it has done it. */
export const killAtStatement = killing("kill-at-statement", isOfAStep, ["swallowed", "unanswered"], 30)

/** kill -9 of a node that has committed a change and does not know it yet. */
export const killAtCommit = killing("kill-at-commit", isCommit, ["unanswered"], 3)

/** kill -9 of a node that has handed a letter over and cannot say so any more. */
export const killAtVerdict = killing("kill-at-verdict", isVerdict, ["swallowed"], 3)
