import type { SupportLetter } from "../../domain/letters.ts"
import { alertReport } from "./alertReport.ts"
import { caseReport } from "./caseReport.ts"
import type { Report } from "./Draft.ts"

/** What support is told, in English; `[Harbor] ` before the subject sorts it in a mailbox that many write to. */
export const reportOf = (letter: SupportLetter, brand: string): Report => {
  const report = letter._tag === "case" ? caseReport(letter) : alertReport(letter)
  return { ...report, subject: `[${brand}] ${report.subject}` }
}
