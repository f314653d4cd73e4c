import { DateTime } from "effect"
import { article, numberOf } from "../../domain/article.ts"
import type { Purpose } from "../../domain/ids.ts"
import type { Challenge, TwoFactor } from "../../domain/TwoFactor.ts"
import { html, type Html } from "../../words/html.ts"
import { changeSteps } from "./change.ts"
import { deliveryPart } from "./delivery.ts"
import { type Frame, formFields, page, type Problem } from "./layout.ts"
import { clockOf, codeField, inForceIn, lamps, note, nothing, primary, secondary, untilOf } from "./parts.ts"

/** What the page of a code shows. */
export interface Verify {
  readonly challenge: Challenge
  readonly twoFactor: TwoFactor
  /** Where its forms lead: here, unless it belongs to the link of a notice. */
  readonly base?: string | undefined
  /** What a proof is for, handed on from form to form. */
  readonly next?: string | null | undefined
  readonly problem?: Problem | undefined
}

const stepIn: Record<Purpose, { readonly number: number; readonly of: number } | undefined> = {
  "sign-in": undefined,
  "step-up": undefined,
  setup: { number: numberOf("verify"), of: article.length },
  change: { number: 2, of: changeSteps }
}

const otherWay: Record<Purpose, string | undefined> = {
  "sign-in": undefined,
  "step-up": undefined,
  setup: "/account/security/setup",
  change: "/account/security/change"
}

const pathOf = ({ challenge, base = "/account/security/verify", next }: Verify, what: string): string =>
  `${base}/${challenge.id}${what}${next === null || next === undefined ? "" : `?next=${encodeURIComponent(next)}`}`

/** Sends the code again; pressed too early, it says when. */
const resend = (frame: Frame, asked: Verify, isExpired: boolean): Html => {
  const { challenge } = asked
  const { verify: w } = frame.words
  const { seconds } = untilOf(frame, challenge.resendAfter)
  const waits = !isExpired && seconds > 0
  return html`<form method="post" action="${pathOf(asked, "/resend")}">
    ${formFields(frame)}
    ${
      isExpired
        ? primary(w.fresh)
        : html`<button
              class="secondary"
              aria-describedby="resend-wait"
              ${waits ? html` aria-disabled="true" data-wait data-seconds="${seconds}"` : nothing}
            >
              ${w.again}
            </button>
            <p class="hint" id="resend-wait" ${waits ? nothing : html` hidden`}>${w.wait(seconds)}</p>`
    }
  </form>`
}

const strip = (frame: Frame, { challenge, twoFactor }: Verify): Html => {
  const { verify: w } = frame.words
  if (challenge.purpose !== "change" && challenge.purpose !== "setup") return nothing
  const current = inForceIn(twoFactor)
  return html`${lamps(frame, current, challenge)} ${note(current === undefined ? w.nothingOn : w.stays(current.method))}`
}

/** `/account/security/verify/{challenge}`: the code, where it is, and what else can be done while it is awaited. */
export const verifyPage = (frame: Frame, asked: Verify): Html => {
  const { words } = frame
  const { challenge, problem } = asked
  const { verify: w } = words
  const isExpired = DateTime.toEpochMillis(challenge.expiresAt) <= frame.now.getTime()
  const other = asked.base === undefined ? otherWay[challenge.purpose] : undefined
  const entry = html`<form method="post" action="${pathOf(asked, "")}">
    ${formFields(frame)} ${codeField(frame, challenge, words.code, problem)} ${primary(w.controls[challenge.purpose])}
  </form>`
  return page(frame, {
    heading: w.headings[challenge.purpose],
    step: stepIn[challenge.purpose],
    back: asked.base === undefined ? (other ?? "/account/security") : asked.base.replace(/\/verify$/, ""),
    problem,
    body: html`${strip(frame, asked)}
      ${
        isExpired
          ? note(w.expired(clockOf(frame, challenge.issuedAt)), "warning")
          : html`<p>
                ${
                  challenge.delivery.state === "failed"
                    ? w.notSent(challenge.destination)
                    : w.sent(challenge.codeLength, challenge.destination)
                }
                <span class="quiet">${w.lives(untilOf(frame, challenge.expiresAt))}</span>
              </p>
              ${deliveryPart(frame, challenge, asked.base)} ${entry}`
      }
      <div class="ways">
        ${resend(frame, asked, isExpired)}
        ${other === undefined ? nothing : html`<p><a href="${other}">${w.otherMethod}</a></p>`}
        <p><a href="/docs/lost">${words.lost.link}</a></p>
        ${
          asked.base === undefined
            ? html`<form method="post" action="${pathOf(asked, "/cancel")}">
                ${formFields(frame)} ${secondary(w.cancel)}
              </form>`
            : nothing
        }
      </div>`
  })
}

/** The same address once the challenge is closed: used up, or no longer needed. */
export const closedPage = (frame: Frame, { challenge, twoFactor, problem }: Verify): Html => {
  const { closed: w } = frame.words
  const other = otherWay[challenge.purpose] ?? "/account/security"
  const isUsedUp = challenge.status === "exhausted"
  return page(frame, {
    heading: isUsedUp ? w.usedUp : w.heading,
    back: "/account/security",
    problem,
    body: html`${isUsedUp ? nothing : html`<p>${w.over}</p>`} ${note(w.unchanged(inForceIn(twoFactor)?.method ?? null))}
      <p><a class="button primary" href="${other}">${w.startAgain}</a></p>`
  })
}
