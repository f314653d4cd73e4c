import { Effect, Layer } from "effect"
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

const overview = toVisitor((visitor) =>
  Effect.succeed(shown(overviewPage(visitor.frame, { twoFactor: visitor.twoFactor, banner: bannerOf(visitor) })))
)

/** A step that is not to be taken now leads to the overview, which says what is. */
const manage = toVisitor(({ frame, twoFactor }) =>
  Effect.succeed(
    twoFactor.allowed.includes("change") || twoFactor.allowed.includes("disable")
      ? shown(managePage(frame, twoFactor))
      : seeOther(home)
  )
)

const choose = toVisitor(
  Effect.fnUntraced(function* ({ frame, twoFactor }) {
    return twoFactor.allowed.includes("setup") ? shown(choosePage(frame, yield* offeredMethods)) : seeOther(home)
  })
)

/** The pages that only show: the overview, and the two from which ways lead on. */
export const layer = Layer.mergeAll(
  route("GET", home, overview),
  route("GET", "/account/security/manage", manage),
  route("GET", "/account/security/setup", choose)
)
