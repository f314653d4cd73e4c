import { Effect } from "effect"
import { Inbox } from "../Inbox.ts"
import type { Gateway } from "./gateway.ts"

/** Texts of local mode: they arrive in the built-in inbox. */
export const inbox: Effect.Effect<Gateway, never, Inbox> = Effect.map(Inbox, (box) => ({
  send: (text) => Effect.as(box.deliver(text), { detail: "Handed to the built-in inbox" })
}))
