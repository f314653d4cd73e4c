import { Effect, Option } from "effect"
import { disable } from "../../src/account/disable.ts"
import { inviteSlack } from "../../src/account/inviteSlack.ts"
import { linkPortal } from "../../src/account/linkPortal.ts"
import { readInvitation } from "../../src/account/linkSlack.ts"
import { readNotice } from "../../src/account/notice.ts"
import { setUp } from "../../src/account/setUp.ts"
import { verify } from "../../src/account/verify.ts"
import { openFor, openPortalLink, visit } from "../../src/account/visit.ts"
import type { AccountId } from "../../src/domain/ids.ts"
import { BearerTokens } from "../../src/services/BearerTokens.ts"
import { TwoFactorStore } from "../../src/services/TwoFactorStore.ts"
import { asPortal, codeOf, password } from "./core.ts"
import { changed, codeOfRefusal, freshGrant, linkOf, protectedBy, signInChallenge } from "./stories.ts"

const linked = (accountId: AccountId) => linkPortal({ accountId, returnUrl: null }).pipe(asPortal())

let people = 0

/** One of each kind of thing that somebody may hold at an instant: codes, grants, sessions and links, all of them good. */
export const holdings = Effect.gen(function* () {
  const tokens = yield* BearerTokens
  const accountId = yield* protectedBy("SMS")
  yield* changed(accountId, "EMAIL")
  const notice = yield* linkOf(accountId)
  const signIn = yield* signInChallenge(accountId)
  const grant = yield* freshGrant(accountId)
  const session = Option.getOrThrow(yield* openPortalLink((yield* linked(accountId)).token).pipe(asPortal()))
  const { token: link } = yield* linked(accountId)
  const user = { enterprise: null, team: "T1", user: `U${people++}` }
  const { id, keyId } = Option.getOrThrow(
    yield* inviteSlack(user, { displayName: "Alex", workspace: "Harbor" }).pipe(asPortal())
  )
  const invitation = yield* tokens.issue({ kind: "slack-invitation", id, accountId: "", epoch: 0 }, keyId)
  // Another account, whose set-up waits for its code: that one has nothing to hold its code back.
  const other = yield* protectedBy("EMAIL")
  yield* disable({ accountId: other, password, grant: yield* freshGrant(other) }).pipe(asPortal())
  const setup = yield* setUp({ accountId: other, method: "EMAIL", password }).pipe(asPortal())
  return {
    accountId,
    other,
    signIn: { id: signIn.id, code: yield* codeOf(signIn.id) },
    setup: { id: setup.id, code: yield* codeOf(setup.id) },
    grant,
    session,
    link,
    notice,
    invitation
  }
})
export type Holdings = Effect.Success<typeof holdings>

const some = <A>(found: Option.Option<A>) => (Option.isSome(found) ? "good" : "refused")

/** What looking at each of them says, without using any up. */
export const looksOf = Effect.fn("looksOf")(function* (held: Holdings) {
  const { account } = yield* (yield* TwoFactorStore).read({ accountId: held.accountId })
  const state = account?.state
  return {
    session: some(yield* visit({ token: held.session })),
    link: (yield* openFor(held.link)) === undefined ? "refused" : "good",
    notice: some(Option.filter(yield* readNotice(held.notice), ({ status }) => status === "open")),
    invitation:
      state === undefined
        ? "refused"
        : some(Option.filter(yield* readInvitation(held.invitation, state), ({ status }) => status === "new"))
  }
}, asPortal())

/** Uses each of them up; answers what became of that. */
export const useUp = Effect.fn("useUp")(function* (held: Holdings) {
  return {
    ...(yield* looksOf(held)),
    signIn: yield* codeOfRefusal(verify({ challengeId: held.signIn.id, code: held.signIn.code })),
    setup: yield* codeOfRefusal(verify({ challengeId: held.setup.id, code: held.setup.code })),
    openedLink: some(yield* openPortalLink(held.link)),
    grant: yield* codeOfRefusal(disable({ accountId: held.accountId, password, grant: held.grant }))
  }
}, asPortal())
