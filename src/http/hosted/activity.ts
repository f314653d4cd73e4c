import { Effect } from "effect"
import { AuditTrail } from "../../services/AuditTrail.ts"
import { inTime } from "../../account/ask.ts"
import { activityPage } from "../pages/activity.ts"
import { asPerson } from "./pageCaller.ts"
import { route } from "./route.ts"
import { shown, toVisitor } from "./visitor.ts"

const atOnce = 20

const show = toVisitor(
  Effect.fnUntraced(function* ({ frame, visit, query, request }) {
    const audit = yield* AuditTrail
    const page = { before: query.get("before") ?? undefined, limit: atOnce }
    const { events, next } = yield* inTime(audit.ofAccount(visit.state.accountId, page)).pipe(asPerson(request))
    return shown(activityPage(frame, { events, older: next }))
  })
)

/** What happened to the account. */
export const layer = route("GET", "/account/security/activity", show)
