import type { Challenge, Problem } from "./RekeyClient.ts"

/** What went wrong, in a sentence, and the field that it is about. */
export interface Told {
  readonly text: string
  readonly field?: "account" | "password" | "code"
}

/** `30 seconds`, `5 minutes`, `2 hours`: rounded up, so that nobody comes too early. */
export const durationOf = (seconds: number): string => {
  const [size, unit] = seconds < 100 ? [1, "second"] : seconds < 5400 ? [60, "minute"] : [3600, "hour"]
  const count = Math.max(1, Math.ceil(seconds / size))
  return `${count} ${unit}${count === 1 ? "" : "s"}`
}

const waitOf = ({ retryAfter }: Problem) =>
  retryAfter === undefined ? "Wait a moment" : `Wait ${durationOf(retryAfter)}`

const unavailable = (problem: Problem): Told => ({
  text: `We cannot do that right now. ${waitOf(problem)}, then try again.${
    problem.reference === undefined ? "" : ` If it goes on, tell us the reference ${problem.reference}.`
  }`
})

const paused = "Too many wrong codes were entered, so we paused code entry on your account. Support can help you."

/** A refusal of Rekey in plain words, wherever it was asked. */
export const inWords = (problem: Problem): Told =>
  problem.code === "rate_limited"
    ? { text: `Too many tries. ${waitOf(problem)}, then try again.` }
    : unavailable(problem)

/** The same at the password. Whether an account exists is not told. */
export const signInWords = (problem: Problem): Told => {
  switch (problem.code) {
    case "not_found":
    case "password_incorrect":
    case "validation_failed":
      return { text: "That account and password do not fit.", field: "password" }
    case "method_suspended":
      return { text: paused }
    default:
      return inWords(problem)
  }
}

/** The same at the code; `isOver` where only a new sign-in helps. */
export const codeWords = (problem: Problem, { codeLength }: Challenge): Told & { readonly isOver?: boolean } => {
  const tries = problem.attemptsRemaining ?? 0
  switch (problem.code) {
    case "code_incorrect":
      return tries === 0
        ? { text: "That code is not right, and no tries are left. Sign in again for a new one.", isOver: true }
        : { text: `That code is not right. ${tries} ${tries === 1 ? "try" : "tries"} left.`, field: "code" }
    case "validation_failed":
      return { text: `The code is ${codeLength} digits`, field: "code" }
    case "code_expired":
      return { text: "That code has expired. The try was not counted." }
    case "resend_too_soon":
      return {
        text: `The code was sent a moment ago. You can ask for it again in ${durationOf(problem.retryAfter ?? 1)}.`
      }
    case "too_many_attempts":
      return { text: `Too many tries. ${waitOf(problem)}, then sign in again.`, isOver: true }
    case "method_suspended":
      return { text: paused, isOver: true }
    case "challenge_closed":
    case "not_found":
      return { text: "That sign-in is over, and its code with it. Sign in again.", isOver: true }
    default:
      return inWords(problem)
  }
}
