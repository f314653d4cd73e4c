import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { PageWords } from "../../words/pages/PageWords.ts"
import type { NoticeAbout } from "../../words/slack/SlackWords.ts"
import { actionIds, type Around, type Message } from "./Message.ts"
import { actions, button, context, message, section } from "./mrkdwn.ts"
import { contact, pageUrl, shown, whenOf } from "./shown.ts"

const events = {
  enabled: "method.enabled",
  changed: "method.changed",
  disabled: "method.disabled",
  locked: "method.suspended",
  reported: "protection.reported",
  undone: "protection.undone",
  reset: "reset.requested"
} as const satisfies Record<NoticeAbout, keyof PageWords["activity"]["events"]>

/** To the linked customer: what happened, when and for which account, and the way to say that it was somebody else. */
export const notice = ({ about, accountId, method, at }: SlackFacts<"notice">, around: Around): Message => {
  const { pages, words } = around
  const what = pages.activity.events[events[about]]({ method: method ?? undefined, refused: false })
  return message([
    section(`*${what}*\n${words.notice.next[about]}`),
    ...(about === "locked" || around.noticeUrl === undefined ? contact(around) : []),
    context(
      `${words.account(shown(accountId))} · ${whenOf(around, at)}`,
      words.notice[around.noticeUrl === undefined ? "noPage" : "page"]
    ),
    ...actions(
      button(actionIds.open, pages.notice.report.control, {
        url: around.noticeUrl ?? pageUrl(around, "/account/security"),
        style: "danger"
      })
    )
  ])
}
