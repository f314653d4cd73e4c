import { codeDelay } from "../../../src/domain/budgets.ts"
import type { Audited } from "../evidence.ts"
import { memberOf, toldOf } from "../history.ts"
import { broken, by, type Check, commitsOf, isCommit, isOk, journeysOf, statusOf } from "../remains.ts"

/** I1: a code works once, whoever asks how often. */
export const oncePerCode: Check = (remains) =>
  [
    ...by(
      remains.calls.filter((call) => call.what === "verify" && isOk(call)),
      ({ challenge = "" }) => challenge
    )
  ].flatMap(([challenge, calls]) =>
    new Set(calls.map(({ key }) => key)).size > 1
      ? [broken("I1", `The code of challenge ${challenge} worked ${calls.length} times.`, calls)]
      : []
  )

/** I4: every judged guess is counted, in the challenge, in the trail, and never more than the budget. */
export const counted: Check = (remains) => {
  const guesses = journeysOf(remains).filter((call) => call.what === "verify" && statusOf(call) === 422)
  const perChallenge = [...by(guesses, ({ challenge = "" }) => challenge)].flatMap(([challenge, calls]) => {
    const row = remains.evidence.challenges.find(({ id }) => id === challenge)
    const remaining = calls.map((call) => memberOf(toldOf(call), "attemptsRemaining"))
    if (new Set(remaining).size !== remaining.length)
      return [broken("I4", `Two guesses at ${challenge} were the same try: ${remaining.join(", ")} remained.`, calls)]
    if (row !== undefined && calls.length > row.maxTries)
      return [broken("I4", `${calls.length} guesses at ${challenge} were judged, ${row.maxTries} are allowed.`, calls)]
    if (row !== undefined && row.tries !== calls.length)
      return [broken("I4", `${calls.length} guesses at ${challenge} were judged, ${row.tries} were counted.`, calls)]
    return []
  })
  const perAccount = remains.people.flatMap(({ account }) => {
    const refused = guesses.filter((call) => call.account === account)
    const rows = remains.evidence.audit.filter((row) => row.account === account && row.type === "code.rejected")
    const unsettled = journeysOf(remains).some((call) => call.account === account && toldOf(call) === undefined)
    return rows.length === refused.length || unsettled
      ? []
      : [
          broken(
            "I4",
            `${account}: ${refused.length} wrong codes were told, ${rows.length} are in the audit trail.`,
            refused
          )
        ]
  })
  return [...perChallenge, ...perAccount]
}

/** Codes of set-up and change are counted apart from those of the method in force. */
const countOf = ({ purpose }: Audited) => (purpose === "setup" || purpose === "change" ? "enrolment" : "method")

/** I4: after every fifth wrong code in a row nothing is judged for a while. */
export const delayed: Check = ({ people, evidence }) =>
  people.flatMap(({ account }) => {
    const wrong = { enrolment: 0, method: 0 }
    const until = { enrolment: 0, method: 0 }
    return evidence.audit.flatMap((row) => {
      if (row.account !== account) return []
      if (isCommit(row)) for (const count of ["enrolment", "method"] as const) wrong[count] = until[count] = 0
      if (row.type !== "code.rejected" && row.type !== "code.accepted") return []
      const count = countOf(row)
      const early = row.at.getTime() < until[count]
      wrong[count] = row.type === "code.accepted" ? 0 : wrong[count] + 1
      until[count] = row.at.getTime() + codeDelay(wrong[count]) * 1000
      return early
        ? [
            broken(
              "I4",
              `${account}: a code was judged at ${row.at.toISOString()}, while the delay for wrong ones ran.`
            )
          ]
        : []
    })
  })

/** I5: what a commit ended is over: no probe with an older code or grant works, and none worked at the time. */
export const over: Check = (remains) => {
  const probes = remains.calls
    .filter((call) => call.probe !== undefined && call.what !== "look" && isOk(call) && !toldOf(call)?.replayed)
    .map((call) => broken("I5", `${call.probe ?? ""} still works for ${call.account}.`, [call]))
  const late = remains.evidence.challenges.flatMap((challenge) => {
    if (challenge.status !== "succeeded") return []
    const moved = commitsOf(remains, challenge.account).filter(
      (call) => call.challenge === challenge.id && call.what === "verify"
    )
    return moved.flatMap((call) => {
      const epoch = memberOf(toldOf(call), "twoFactor", "epoch")
      return typeof epoch === "number" && epoch !== challenge.epoch + 1
        ? [broken("I5", `A code of epoch ${challenge.epoch} made a change to epoch ${epoch}.`, [call])]
        : []
    })
  })
  const spent = [
    ...by(remains.calls.filter(isOk), (call) => String((call.body as { grant?: string } | undefined)?.grant))
  ]
    .filter(([grant, calls]) => grant !== "undefined" && new Set(calls.map(({ key }) => key)).size > 1)
    .map(([, calls]) => broken("I5", `A grant was used ${calls.length} times.`, calls))
  return [...probes, ...late, ...spent]
}

const holds = (text: string, secret: string) =>
  /^\d{6}$/.test(secret) ? new RegExp(`(?<![\\w.+-])${secret}(?![\\w-])`).test(text) : text.includes(secret)

/** I8: no code, password or token is in a dump or a log. */
export const secretsKept: Check = ({ texts, secrets }) =>
  texts.flatMap(({ name, text }) =>
    secrets
      .filter((secret) => holds(text, secret))
      .map((secret) => {
        const line = text.split("\n").find((one) => holds(one, secret)) ?? ""
        return broken(
          "I8",
          `${name} holds a secret of ${secret.length} characters: ${line.slice(0, 300).replaceAll(secret, "…")}`
        )
      })
  )
