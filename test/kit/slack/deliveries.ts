import { Effect } from "effect"
import { blockKitFaults } from "../blockKit.ts"
import type { Command, Payload, Press, SlackEvent, Submit, Telling } from "./asked.ts"
import { parsed } from "./bodies.ts"
import { type Answered, type Delivery, sendRaw, type Sent, signed } from "./deliver.ts"
import { payloads, posted } from "./payloads.ts"
import { putAnswer } from "./responseUrl.ts"
import { fieldsOf } from "./shapes.ts"
import type { Envelope, SocketMode } from "./socketMode.ts"
import type { Workspace } from "./workspace.ts"

/** Where a delivery goes: the base URL of the app, or its connection in Socket Mode. */
export type Target = string | SocketMode

/** What came of a delivery. */
export interface Delivered extends Answered {
  readonly triggerId: string | undefined
  readonly responseUrl: string | undefined
  readonly eventId: string | undefined
  /** The message that a person wrote by it. */
  readonly ts: string | undefined
  /** What was sent, to send it again. */
  readonly sent: Sent | Envelope
  readonly target: Target
}

/** How long Slack waits for an answer. */
export const slackWaitsMillis = 3000

/** All that Slack says to the app of what people do. */
export const deliveries = (
  workspace: Workspace,
  origin: string,
  options: { readonly enterprise: string | null; readonly signingSecret: string }
) => {
  const make = payloads(workspace, origin, options)
  let usual: Target | undefined

  const at = (target: Target | undefined) =>
    Effect.suspend(() => {
      const to = target ?? usual
      return to === undefined ? Effect.die(new Error("Nobody said where the app is: aimAt")) : Effect.succeed(to)
    })

  const heard = (answered: Answered) => {
    const headers = Object.entries(answered.headers).map(([name, value]) => `${name}: ${String(value)}`)
    workspace.received.push({
      url: "answer to /slack/events",
      headers: headers.join("\n"),
      body: answered.body,
      text: answered.body
    })
    return answered
  }

  const sendTo = (sent: Sent | Envelope, target: Target) => {
    const going = "url" in sent ? sendRaw(sent) : typeof target === "string" ? undefined : target.send(sent)
    return going === undefined
      ? Effect.die(new Error("An envelope goes over a socket only"))
      : Effect.map(going, (answered) => heard(answered))
  }

  /** Shows what the answer to a command or a submission makes people see. */
  const settle = ({ type, payload, user, channel, view }: Payload, { status, body, millis }: Answered) => {
    if (status !== 200 || millis > slackWaitsMillis) return
    const given = fieldsOf(parsed(body))
    if (type === "slash_commands" && user !== undefined && channel !== undefined && body !== "")
      putAnswer(workspace, { channel, user, messageTs: undefined }, given ?? { text: body }, "answer")
    if (payload["type"] !== "view_submission" || view === undefined) return
    const next = fieldsOf(given?.["view"])
    if (next !== undefined) {
      const faults = blockKitFaults({ view: next })
      if (faults.length > 0) workspace.blockFaults.push({ method: "view_submission", faults, payload: next })
    }
    switch (given?.["response_action"]) {
      case "errors":
        return
      case "update":
        if (next !== undefined) workspace.change(view, next)
        return
      case "push":
        if (next !== undefined) workspace.push(view.user, next)
        return
      case "clear":
        for (const modal of workspace.modalsOf(view.user)) workspace.closed(modal)
        return
      default:
        workspace.closed(view)
    }
  }

  const told = Effect.fnUntraced(function* (payload: Payload, asked: Target | undefined, telling: Telling = {}) {
    const target = yield* at(asked)
    const { retryNum: num, retryReason: reason = "http_timeout" } = telling
    const sent =
      typeof target === "string"
        ? signed(
            {
              ...posted(payload),
              headers:
                num === undefined
                  ? []
                  : [
                      ["X-Slack-Retry-Num", String(num)],
                      ["X-Slack-Retry-Reason", reason]
                    ]
            },
            target,
            options.signingSecret
          )
        : ({
            type: payload.type,
            payload: payload.payload,
            acceptsResponsePayload: payload.type !== "events_api",
            ...(num === undefined ? {} : { retry: { num, reason } })
          } satisfies Envelope)
    const answered = yield* sendTo(sent, target)
    settle(payload, answered)
    const { triggerId, responseUrl, eventId, ts } = payload
    return { ...answered, triggerId, responseUrl, eventId, ts, sent, target } satisfies Delivered
  })

  const doing =
    <A>(what: (asked: A) => Payload) =>
    (asked: A, target?: Target): Effect.Effect<Delivered> =>
      Effect.suspend(() => told(what(asked), target))

  /** A request of the test's own making: forged, changed, aged, with headers missing or twice. */
  const deliver = Effect.fnUntraced(function* (delivery: Delivery, asked?: Target) {
    const target = yield* at(asked)
    if (typeof target !== "string") return yield* Effect.die(new Error("Only HTTP can be forged"))
    const sent = signed(delivery, target, options.signingSecret)
    const answered = yield* sendTo(sent, target)
    const nothing = { triggerId: undefined, responseUrl: undefined, eventId: undefined, ts: undefined }
    return { ...answered, ...nothing, sent, target } satisfies Delivered
  })

  /** The same event once more, as Slack does when it was not acknowledged: signed anew, with a retry number. */
  const redeliver = Effect.fnUntraced(function* (delivered: Delivered, num = 1, reason = "http_timeout") {
    const { sent, target } = delivered
    if ("url" in sent && typeof target === "string") {
      const kept = sent.headers.find(([name]) => name === "Content-Type")?.[1] ?? null
      const headers = [
        ["X-Slack-Retry-Num", String(num)],
        ["X-Slack-Retry-Reason", reason]
      ] as const
      const again = signed({ body: sent.body, contentType: kept, headers }, target, options.signingSecret)
      return { ...delivered, ...(yield* sendTo(again, target)), sent: again } satisfies Delivered
    }
    const again = { ...(sent as Envelope), retry: { num, reason } }
    return { ...delivered, ...(yield* sendTo(again, target)), sent: again } satisfies Delivered
  })

  return {
    /** Where deliveries go from now on. */
    aimAt: (target: Target) => {
      usual = target
    },
    command: doing<Command>(make.command),
    press: doing<Press>(make.press),
    submit: doing<Submit>(make.submit),
    /** Closes a modal; the app hears of it where it asked to. */
    close: (asked: Submit, target?: Target): Effect.Effect<Delivered | undefined> =>
      Effect.suspend(() => {
        const payload = make.close(asked)
        return payload === undefined ? Effect.undefined : told(payload, target)
      }),
    event: (event: SlackEvent, telling: Telling = {}, target?: Target): Effect.Effect<Delivered> =>
      Effect.suspend(() => told(make.event(event, telling), target, telling)),
    urlVerification: (challenge: string, target?: Target) =>
      deliver({ body: JSON.stringify(make.urlVerification(challenge)), contentType: "application/json" }, target),
    sslCheck: (target?: Target) => deliver({ body: new URLSearchParams(make.sslCheck).toString() }, target),
    deliver,
    redeliver,
    /** The same bytes with the same signature: what somebody who overheard them could send. */
    replay: (delivered: Delivered): Effect.Effect<Delivered> =>
      Effect.map(sendTo(delivered.sent, delivered.target), (answered) => ({ ...delivered, ...answered }))
  }
}
