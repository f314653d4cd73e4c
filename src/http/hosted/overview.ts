import { Effect, Layer } from "effect"
import { notePage } from "../../account/guide.ts"
import { managePage } from "../pages/manage.ts"
import { type Overview, overviewPage } from "../pages/overview.ts"
import { choosePage } from "../pages/choose.ts"
import { offeredMethods } from "./offered.ts"
import { route } from "./route.ts"
import { seeOther, shown, toVisitor, type Visitor } from "./visitor.ts"

const home = "/account/security"

/** What was done is told once, and only while it is true. */
const bannerOf = ({ query, twoFactor }: Visitor): Overview["banner"] => {
  const done = query.get("done")
  if (done === "updated" && twoFactor.status === "enabled") return "updated"
  return done === "turned-off" && twoFactor.status === "disabled" ? "turned-off" : undefined
}

const overview = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    const { visit, frame, twoFactor } = visitor
    yield* notePage(visit.state, home)
    return shown(overviewPage(frame, { twoFactor, banner: bannerOf(visitor) }))
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

/** The pages that only show: the overview, and the two from which ways lead on. */
export const layer = Layer.mergeAll(
  route("GET", home, overview),
  route("GET", "/account/security/manage", manage),
  route("GET", "/account/security/setup", choose)
)
