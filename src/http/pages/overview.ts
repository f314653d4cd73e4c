import type { MethodId } from "../../domain/ids.ts"
import type { TwoFactor } from "../../domain/TwoFactor.ts"
import { html, type Html } from "../../words/html.ts"
import { oneLine } from "../../words/plain.ts"
import { type Frame, formFields, page, type Problem } from "./layout.ts"
import { goTo, inForceIn, note, nothing, secondary, whenOf } from "./parts.ts"

/** What the overview shows besides the account's protection. */
export interface Overview {
  readonly twoFactor: TwoFactor
  /** What was just done, told once. */
  readonly banner?: "updated" | "turned-off" | "unlinked" | undefined
  readonly problem?: Problem | undefined
  /** How many Slack users see the status. */
  readonly slackUsers?: number
}

const status = (frame: Frame, twoFactor: TwoFactor): Html => {
  const { overview: w } = frame.words
  const method = inForceIn(twoFactor)
  const sentence = method === undefined ? w.off : w.on(method.method, method.destination)
  return html`<p class="status ${method === undefined ? "off" : "on"}">${sentence}</p>
    <p class="quiet">${w.lastChange(whenOf(frame, twoFactor.changedAt))}</p>`
}

const banner = (frame: Frame, standard: MethodId | "NONE", kind: Overview["banner"]): Html => {
  const { overview: w } = frame.words
  if (kind === undefined) return nothing
  const said = { updated: w.updated(standard), "turned-off": w.turnedOff, unlinked: w.slackUnlinked }
  return html`<p class="note good" role="status">${said[kind]}</p>`
}

/** What keeps the account as it is, and the way out. */
const lock = (frame: Frame, twoFactor: TwoFactor): Html => {
  const { lock: locked, mustEnrol, allowed } = twoFactor
  const { overview: w } = frame.words
  if (locked?.reason === "too_many_failures") return note(w.suspended, "warning")
  if (locked?.reason === "reported")
    return html`${note(inForceIn(twoFactor) === undefined ? w.reportedOff : w.reported, "warning")}
    ${allowed.includes("lift") ? goTo("/account/security/frozen", w.itWasMe, "secondary") : nothing}`
  return mustEnrol ? note(w.mustEnrol, "warning") : nothing
}

/** A reset by support that waits: who asked, when it takes effect, and the way to stop it. */
const reset = (frame: Frame, { reset: waiting }: TwoFactor): Html => {
  const { overview: w } = frame.words
  if (waiting === null) return nothing
  return html`${note(w.reset(oneLine(waiting.requestedBy, 80), whenOf(frame, waiting.executesAt)), "warning")}
    <form method="post" action="/account/security/reset/stop">${formFields(frame)} ${secondary(w.stopReset)}</form>`
}

const pending = (frame: Frame, twoFactor: TwoFactor): Html => {
  const { overview: w } = frame.words
  if (twoFactor.pending === null || !twoFactor.allowed.includes("verify")) return nothing
  const { challengeId, method } = twoFactor.pending
  return html`${note(w.pending(method))}${goTo(`/account/security/verify/${challengeId}`, w.goOn)}`
}

/** Who sees the status in Slack, and the way to end that: its owner may never have linked them. */
const inSlack = (frame: Frame, users: number): Html => {
  const { overview: w } = frame.words
  if (users === 0) return nothing
  return html`<p class="quiet">${w.slack(users)}</p>
    <form method="post" action="/account/security/slack/unlink">${formFields(frame)} ${secondary(w.unlinkSlack)}</form>`
}

/** `/account/security`: how the account is protected, and what can be done about it now. */
export const overviewPage = (frame: Frame, { twoFactor, banner: kind, problem, slackUsers = 0 }: Overview): Html => {
  const { steps, overview: w } = frame.words
  const can = (action: TwoFactor["allowed"][number]) => twoFactor.allowed.includes(action)
  const kindOfOthers = twoFactor.pending === null ? "primary" : "secondary"
  return page(frame, {
    heading: steps.security.heading,
    problem,
    body: html`${banner(frame, twoFactor.securityStandard, kind)} ${status(frame, twoFactor)} ${lock(frame, twoFactor)}
      ${reset(frame, twoFactor)} ${pending(frame, twoFactor)}
      ${can("disable") || can("change") ? goTo("/account/security/manage", steps.manage.control, kindOfOthers) : nothing}
      ${can("setup") ? goTo("/account/security/setup", steps.again.control, kindOfOthers) : nothing}
      <p><a href="/account/security/activity">${w.activity}</a></p>
      ${inSlack(frame, slackUsers)}`
  })
}
