import { Effect, Layer } from "effect"
import { notePage } from "../../account/guide.ts"
import { slackUsersOf, unlinkSlackUsers } from "../../account/unlinkSlack.ts"
import { managePage } from "../pages/manage.ts"
import { type Overview, overviewPage } from "../pages/overview.ts"
import { choosePage } from "../pages/choose.ts"
import { offeredMethods } from "./offered.ts"
import { asPerson } from "./pageCaller.ts"
import { refusedForm } from "./refusedForm.ts"
import { route } from "./route.ts"
import { onForm, seeOther, shown, toVisitor, type Visitor } from "./visitor.ts"

const home = "/account/security"

/** What was done is told once, and only while it is true. */
const bannerOf = ({ query, twoFactor }: Visitor): Overview["banner"] => {
  const done = query.get("done")
  if (done === "unlinked") return "unlinked"
  if (done === "updated" && twoFactor.status === "enabled") return "updated"
  return done === "turned-off" && twoFactor.status === "disabled" ? "turned-off" : undefined
}

const overview = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    const { request, visit, frame, twoFactor } = visitor
    yield* notePage(visit.state, home)
    const slackUsers = (yield* slackUsersOf(visit.state.accountId).pipe(asPerson(request))).length
    return shown(overviewPage(frame, { twoFactor, banner: bannerOf(visitor), slackUsers }))
  })
)

/** A step that is not to be taken now leads to the overview, which says what is. */
const manage = toVisitor(
  Effect.fnUntraced(function* ({ visit, frame, twoFactor }) {
    if (!twoFactor.allowed.includes("change") && !twoFactor.allowed.includes("disable")) return seeOther(home)
    yield* notePage(visit.state, `${home}/manage`)
    return shown(managePage(frame, twoFactor))
  })
)

const choose = toVisitor(
  Effect.fnUntraced(function* ({ visit, frame, twoFactor }) {
    if (!twoFactor.allowed.includes("setup")) return seeOther(home)
    yield* notePage(visit.state, `${home}/setup`)
    return shown(choosePage(frame, yield* offeredMethods))
  })
)

/** Nobody sees the account in Slack any more: its owner may never have linked whoever did. */
const unlink = onForm((visitor) =>
  unlinkSlackUsers(visitor.visit.state.accountId).pipe(
    // once more does the same: there is nothing to remember, and each user is a step of its own
    asPerson(visitor.request, visitor.visit.session),
    Effect.as(seeOther(`${home}?done=unlinked`)),
    refusedForm(visitor, ({ frame, twoFactor }, problem) => Effect.succeed(overviewPage(frame, { twoFactor, problem })))
  )
)

/** The overview, and the two pages from which ways lead on. */
export const layer = Layer.mergeAll(
  route("GET", home, overview),
  route("GET", `${home}/slack/unlink`, Effect.succeed(seeOther(home))),
  route("POST", `${home}/slack/unlink`, unlink),
  route("GET", "/account/security/manage", manage),
  route("GET", "/account/security/setup", choose)
)
