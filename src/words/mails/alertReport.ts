import type { Alarm } from "../../domain/cases.ts"
import { shownAccount } from "../plain.ts"
import type { LetterOf, Report } from "./Draft.ts"
import { inUtc } from "./inUtc.ts"

const alarms: Readonly<Record<Alarm, { readonly inWords: string; readonly body: string }>> = {
  delivery: {
    inWords: "messages could not be delivered",
    body: "Messages were refused, or could not be handed over in time. Each is a delivery.failed among the events of its account."
  },
  "lock-out": {
    inWords: "code entry was paused after wrong codes",
    body: "So many wrong codes were entered in a row that code entry was paused. The accounts stay protected; signing in again takes support."
  },
  "outage-mail": {
    inWords: "outage of the mail server",
    body: "The mail server takes no messages. They wait, and are sent once it does."
  },
  "outage-slack": {
    inWords: "outage of Slack",
    body: "Slack takes no messages. They wait, and are sent once it does."
  }
}

/** An alarm as it stands; the same alarm comes again with a higher number. */
export const alertReport = ({ alert }: LetterOf<"alert">): Report => {
  const { inWords, body } = alarms[alert.alarm]
  const isOver = alert.overAt !== null
  const times = alert.count > 1 ? ` (${alert.count})` : ""
  return {
    subject: `Alert${isOver ? " over" : ""}: ${inWords}${times}`,
    paragraphs: [isOver ? "It is over; what waited is on its way." : body],
    facts: [
      ["Alert", inWords],
      ["How often", `${alert.count}`],
      ...(alert.accounts.length === 0 ? [] : [["Accounts", alert.accounts.map(shownAccount).join(", ")] as const]),
      ["Since", inUtc(alert.since)],
      ["Last", inUtc(alert.at)],
      ...(alert.overAt === null ? [] : [["Over", inUtc(alert.overAt)] as const])
    ]
  }
}
