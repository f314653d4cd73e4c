import { Effect, Layer } from "effect"
import { endVisit } from "../../account/visit.ts"
import { Settings } from "../../settings.ts"
import { signedOutPage } from "../pages/messages.ts"
import { asPerson } from "./pageCaller.ts"
import { route } from "./route.ts"
import { sessionCookie } from "./sessionCookie.ts"
import { frameFor, onForm, seeOther, shown } from "./visitor.ts"

const leave = onForm(
  Effect.fnUntraced(function* ({ request, visit, frame: { returnUrl } }) {
    yield* endVisit(visit).pipe(asPerson(request))
    const { publicUrl } = yield* Settings
    const frame = { ...(yield* frameFor(request)), returnUrl }
    return sessionCookie(publicUrl).clear(shown(signedOutPage(frame)))
  })
)

/** Ends the session here; a link leads back to the portal. */
export const layer = Layer.mergeAll(
  route("GET", "/account/security/sign-out", Effect.succeed(seeOther("/account/security"))),
  route("POST", "/account/security/sign-out", leave)
)
