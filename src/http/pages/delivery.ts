import { DateTime } from "effect"
import type { Challenge } from "../../domain/TwoFactor.ts"
import { html, type Html } from "../../words/html.ts"
import type { Frame } from "./layout.ts"
import { preciseClockOf } from "./parts.ts"

/** Older than this, a message that was not handed over is slower than usual. */
const slowAfterMillis = 20_000

/** Where the message stands, in a sentence, and whether that takes long. The live stream sends the same. */
export interface DeliveryLine {
  readonly text: string
  readonly isSlow: boolean
  /** Nothing will change any more. */
  readonly isFinal: boolean
}

/** The delivery line of a challenge. */
export const deliveryLine = (
  frame: Frame,
  { method, delivery, issuedAt }: Pick<Challenge, "method" | "delivery" | "issuedAt">
): DeliveryLine => {
  const { state, at, detail } = delivery
  const isUnderWay = state === "queued" || state === "deferred"
  return {
    text: frame.words.verify.delivery[state]({ method, clock: preciseClockOf(frame, at), detail }),
    isSlow: isUnderWay && frame.now.getTime() - DateTime.toEpochMillis(issuedAt) > slowAfterMillis,
    isFinal: !isUnderWay
  }
}

/**
 * The line on the page: kept up to date by script where there is one and somebody is signed in, by *Check again* else.
 */
export const deliveryPart = (frame: Frame, challenge: Challenge, base?: string): Html => {
  const { verify: w } = frame.words
  const { text, isSlow, isFinal } = deliveryLine(frame, challenge)
  const path = `${base ?? "/account/security/verify"}/${challenge.id}`
  const again = html`<p><a href="${path}">${w.checkAgain}</a></p>`
  const isLive = !isFinal && base === undefined
  return html`<div class="delivery" ${isLive ? html` data-live="${path}/delivery"` : html``}>
    <p role="status" data-line>${text}</p>
    <p class="hint" data-slow ${isSlow ? html`` : html` hidden`}>${w.slow}</p>
    ${isLive ? html`<noscript>${again}</noscript>` : isFinal ? html`` : again}
  </div>`
}
