import { Layer } from "effect"
import * as assets from "../assets/assets.ts"
import * as activity from "./activity.ts"
import * as change from "./change.ts"
import * as delivery from "./delivery.ts"
import * as disable from "./disable.ts"
import * as done from "./done.ts"
import * as enter from "./enter.ts"
import * as guide from "./guide.ts"
import * as frozen from "./frozen.ts"
import * as notice from "./notice.ts"
import * as noticeCode from "./noticeCode.ts"
import * as overview from "./overview.ts"
import * as prove from "./prove.ts"
import * as setUp from "./setUp.ts"
import * as signOut from "./signOut.ts"
import * as slackLink from "./slackLink.ts"
import * as verify from "./verify.ts"

/** The hosted pages: everything that a customer meets. */
export const layer = Layer.mergeAll(
  assets.layer,
  enter.layer,
  overview.layer,
  disable.layer,
  setUp.layer,
  change.layer,
  prove.layer,
  verify.layer,
  delivery.layer,
  done.layer,
  activity.layer,
  frozen.layer,
  guide.layer,
  signOut.layer,
  notice.layer,
  noticeCode.layer,
  slackLink.layer
)
