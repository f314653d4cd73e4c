import type { DateTime } from "effect"
import type { MethodId } from "../../domain/ids.ts"
import type { NoticeKind, NoticeStatus } from "../../domain/notices.ts"
import type { ResetStatus } from "../../domain/resets.ts"
import { html, type Html } from "../../words/html.ts"
import { oneLine } from "../../words/plain.ts"
import type { StepWords } from "../../words/pages/PageWords.ts"
import { type Frame, page, type Problem } from "./layout.ts"
import { note, nothing, passwordField, primary, secondary, whenOf } from "./parts.ts"

/** What the link of a notice is about, and what can be done by it. */
export interface Notice {
  readonly kind: NoticeKind
  readonly at: DateTime.Utc
  readonly from: MethodId | null
  readonly to: MethodId | null
  readonly maskedEmail: string
  readonly status: NoticeStatus
  readonly can: {
    readonly report: boolean
    readonly turnBackOn: boolean
    readonly goBack: boolean
    readonly stopReset: boolean
  }
  readonly reportedAt: DateTime.Utc | null
  readonly former: { readonly method: MethodId; readonly destination: string } | null
  readonly reset: {
    readonly executesAt: DateTime.Utc
    readonly requestedBy: string
    readonly status: ResetStatus
  } | null
}

/** What a press on one of its buttons did. */
export type NoticeDone = "reported" | "turned-back-on" | "stopped" | "went-back"

const happened = ({ words }: Frame, { kind, from, to, reset }: Notice): string => {
  const { happened: w } = words.notice
  switch (kind) {
    case "set-up":
      return to === null ? "" : w["set-up"](to)
    case "changed":
      return from === null || to === null ? "" : from === to ? w.moved(to) : w.changed(from, to)
    case "disabled":
      return from === null ? "" : w.disabled(from)
    case "reset":
      return w.reset(oneLine(reset?.requestedBy ?? "", 80))
  }
}

const act = (frame: Frame, path: string, w: StepWords, body: string, more: Html, main: boolean): Html =>
  html`<section>
    <h2>${w.heading}</h2>
    <p>${body}</p>
    <form method="post" action="${path}">
      <input type="hidden" name="once" value="${frame.once}" />${more}
      ${main ? primary(w.control) : secondary(w.control)}
    </form>
  </section>`

const doneSentence = ({ words }: Frame, { from }: Notice, done: NoticeDone): string => {
  const { notice: w } = words
  if (done === "reported") return w.reported
  if (done === "stopped") return w.stopped
  return done === "turned-back-on" ? w.turnedBackOn(from) : w.wentBack(from)
}

/** Why nothing can be done by the link any more; of a reset, what has become of it. */
const over = ({ words }: Frame, { kind, status, reset }: Notice): Html => {
  const { notice: w } = words
  if (kind === "reset" && reset?.status === "executed") return note(w.resetExecuted, "warning")
  if (kind === "reset" && reset?.status === "cancelled") return note(w.stopped)
  return status === "open" ? nothing : note(w[status], "warning")
}

/**
 * `/notice/{token}`, also for people who are signed out: what happened, when, and what can be done about it. Looking
 * changes nothing (S-51).
 */
export const noticePage = (
  frame: Frame,
  path: string,
  notice: Notice,
  { done, problem }: { readonly done?: NoticeDone | undefined; readonly problem?: Problem | undefined } = {}
): Html => {
  const { notice: w } = frame.words
  const { can, former, reset } = notice
  return page(frame, {
    heading: w.heading,
    problem,
    body: html`${done === undefined ? nothing : html`<p class="note good" role="status">${doneSentence(frame, notice, done)}</p>`}
      <p class="status">${happened(frame, notice)}</p>
      <dl>
        <dt>${w.when}</dt>
        <dd>${whenOf(frame, notice.at)}</dd>
        <dt>${w.account}</dt>
        <dd>${notice.maskedEmail}</dd>
      </dl>
      ${done === undefined ? over(frame, notice) : nothing}
      ${notice.reportedAt !== null && done !== "reported" ? note(w.reported) : nothing}
      ${can.stopReset && reset !== null ? act(frame, `${path}/stop`, w.stop, w.stop.body(whenOf(frame, reset.executesAt)), nothing, true) : nothing}
      ${can.report ? act(frame, `${path}/report`, w.report, w.report.body, nothing, true) : nothing}
      ${can.turnBackOn ? act(frame, `${path}/turn-back-on`, w.turnBackOn, w.turnBackOn.body, passwordField(frame, problem), false) : nothing}
      ${can.goBack && former !== null ? act(frame, `${path}/go-back`, w.goBack, w.goBack.body(former.method), passwordField(frame, problem), false) : nothing}`
  })
}
