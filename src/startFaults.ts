import { Cause } from "effect"
import { SettingsFault } from "./settings.ts"

const systemCode = (error: unknown): string | undefined => {
  if (typeof error !== "object" || error === null) return undefined
  if ("code" in error && typeof error.code === "string") return error.code
  return "cause" in error ? systemCode(error.cause) : undefined
}

/** What the operating system says of an address that cannot be bound, as what to do about it. */
const bindSentences: Readonly<Record<string, string>> = {
  EADDRINUSE: "The address is in use: end the program that has it, or set PORT or HOST to another one.",
  EADDRNOTAVAIL: "HOST is no address of this machine: set it to one of them, such as 127.0.0.1.",
  EACCES: "This user may not listen on PORT: set it to a number above 1023."
}

const sentencesOf = (error: unknown): ReadonlyArray<string> => {
  if (error instanceof SettingsFault) return error.faults
  const sentence = bindSentences[systemCode(error) ?? ""]
  if (sentence !== undefined) return [sentence]
  return [error instanceof Error && error.message !== "" ? error.message : String(error)]
}

/** Why Rekey could not start or go on: one plain sentence for each fault, never a stack trace. */
export const startFaults = (cause: Cause.Cause<unknown>): ReadonlyArray<string> => [
  ...new Set(
    cause.reasons.flatMap((reason) =>
      Cause.isFailReason(reason)
        ? sentencesOf(reason.error)
        : Cause.isDieReason(reason)
          ? sentencesOf(reason.defect)
          : []
    )
  )
]
