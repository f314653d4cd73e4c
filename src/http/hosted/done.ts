import { Effect, Layer } from "effect"
import { challengeOf } from "../../account/views.ts"
import { inForce } from "../../domain/AccountState.ts"
import { utc } from "../../domain/time.ts"
import { donePage } from "../pages/done.ts"
import { clockOf } from "../pages/parts.ts"
import { route } from "./route.ts"
import { challengeOn } from "./verify.ts"
import { notHere, onForm, seeOther, shown, toVisitor } from "./visitor.ts"

const path = "/account/security/done/:challengeId"

const show = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    const kept = yield* challengeOn(visitor)
    if (kept === undefined || kept.purpose === "step-up") return yield* notHere(visitor)
    if (kept.status !== "succeeded") return seeOther(`/account/security/verify/${kept.id}`)
    const { frame, visit, query } = visitor
    const now = inForce(visit.state)
    // What was done and is no longer so is not told as if it were.
    if (now?.method !== kept.method || now.destination !== kept.destination) return seeOther("/account/security")
    const already = query.has("already") && kept.closedAt !== null ? clockOf(frame, utc(kept.closedAt)) : undefined
    return shown(donePage(frame, { challenge: challengeOf(visit.state, kept), already }))
  })
)

/** What was done, and *Okay*, which goes on to the overview and its message. */
export const layer = Layer.mergeAll(
  route("GET", path, show),
  route(
    "POST",
    path,
    onForm(() => Effect.succeed(seeOther("/account/security?done=updated")))
  )
)
