import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { makeDelays } from "./delays.ts"
import { accountPage, codePage, type Demo, type Frame, homePage, messagePage, signInPage } from "./pages.ts"
import { type Problem, RekeyClient, RekeyProblem } from "./RekeyClient.ts"
import { type HalfWay, makeSessions, type SignedIn } from "./sessions.ts"
import { codeWords, inWords, signInWords, type Told } from "./words.ts"
import { type Action, goTo, makeSite, type Portal, type Reply, type Visit } from "./web.ts"

/** Where the portal is, and where Rekey is. */
export interface PortalOptions {
  readonly brand: string
  /** The portal's own address. */
  readonly publicUrl: string
  /** Where this server reaches Rekey's API. */
  readonly rekeyUrl: string
  /** A key of the role `portal`. */
  readonly apiKey: string
  /** Where browsers reach Rekey's pages (its PUBLIC_URL), if neither at `publicUrl` nor at `rekeyUrl`. */
  readonly pagesUrl?: string
  readonly demo?: Demo
}

const styleSheet = readFileSync(new URL("portal.css", import.meta.url), "utf8")

const ours = new Set(["unauthorized", "forbidden", "idempotency_in_progress"])

/** A refusal as it concerns the person: what is between this server and Rekey, such as a wrong API key, is a 503. */
const problemIn = (thrown: unknown): Problem => {
  if (!(thrown instanceof RekeyProblem)) throw thrown
  const { problem } = thrown
  return problem.status >= 500 || ours.has(problem.code) ? { ...problem, code: "unavailable", status: 503 } : problem
}

/** A small customer portal that leaves second factors to Rekey: passwords and codes pass through, nothing of them stays. */
export const makePortal = ({ brand, publicUrl, demo, ...rekeyAt }: PortalOptions): Portal => {
  const rekey = new RekeyClient(rekeyAt)
  const delays = makeDelays()
  const sessions = makeSessions({ isSecure: publicUrl.startsWith("https:") })
  const returnUrl = new URL("/account", publicUrl).href

  const text = ({ form }: Visit, name: string): string => form.get(name) ?? ""
  const keyOf = (visit: Visit) => sessions.keyOf(visit.id, visit.path, text(visit, "once"))

  const frameOf = (
    visit: Visit,
    { person, problem }: { readonly person?: string; readonly problem?: Problem } = {}
  ): Frame => ({
    brand,
    demo,
    lostUrl: new URL("/docs/lost", rekeyAt.pagesUrl ?? rekeyAt.rekeyUrl).href,
    person,
    csrf: sessions.csrfOf(visit.id),
    // Where nobody knows whether the form did something, the same form sent again asks the same again.
    once: problem?.status === 503 ? text(visit, "once") : randomUUID()
  })

  // ── Sign in: the password, then the code where a second factor is on

  const signInReply = (
    visit: Visit,
    refused?: { readonly told: Told; readonly status: number; readonly frame?: Frame }
  ) => ({
    status: refused?.status ?? 200,
    body: signInPage(refused?.frame ?? frameOf(visit), text(visit, "account"), refused?.told),
    cookie: visit.isNew ? sessions.cookie(visit.id) : undefined
  })

  const signedIn = (accountId: string, grant: string | undefined) =>
    goTo("/", sessions.cookie(sessions.begin({ is: "signed-in", accountId, grant })))

  const signIn: Action = async (visit) => {
    const accountId = text(visit, "account").trim()
    const password = text(visit, "password")
    if (accountId === "")
      return signInReply(visit, { status: 400, told: { text: "Enter your account", field: "account" } })
    if (password === "")
      return signInReply(visit, { status: 400, told: { text: "Enter your password", field: "password" } })
    const waits = delays.secondsFor(accountId, visit.client.ip)
    const answer: Awaited<ReturnType<typeof rekey.signIn>> | Problem =
      waits > 0
        ? { code: "rate_limited", status: 429, retryAfter: waits }
        : await rekey.signIn(accountId, password, visit.client, keyOf(visit)).catch(problemIn)
    if ("code" in answer) {
      const told = signInWords(answer)
      // An unknown account, a malformed one and a wrong password are one and the same to a stranger.
      const isWrong = told.field !== undefined
      if (isWrong) delays.failed(accountId, visit.client.ip)
      return signInReply(visit, {
        status: isWrong ? 403 : answer.status,
        told,
        frame: frameOf(visit, { problem: answer })
      })
    }
    delays.succeeded(accountId)
    if (!("id" in answer)) return signedIn(accountId, answer.grant)
    return goTo(
      "/code",
      sessions.cookie(sessions.begin({ is: "half-way", accountId, challenge: answer, sentAgain: false }))
    )
  }

  /** What comes between the password and the code. */
  const halfWay =
    (action: (visit: Visit, session: HalfWay) => Promise<Reply | Problem>): Action =>
    async (visit) => {
      const { session } = visit
      if (session?.is !== "half-way") return goTo("/")
      const answer = await action(visit, session)
      if (!("code" in answer)) return answer
      const { status } = answer
      const { isOver, ...told } = codeWords(answer, session.challenge)
      if (isOver) {
        sessions.end(visit.id)
        return signInReply(visit, { status, told })
      }
      if (answer.code === "code_expired")
        session.challenge = { ...session.challenge, expiresAt: new Date().toISOString() }
      return { status, body: codePage(frameOf(visit, { problem: answer }), session, told) }
    }

  const code = halfWay(async (visit, session) => ({ status: 200, body: codePage(frameOf(visit), session) }))

  const verify = halfWay(async (visit, { accountId, challenge }) => {
    const answer = await rekey.verify(challenge.id, text(visit, "code"), visit.client, keyOf(visit)).catch(problemIn)
    // The half-way session is left to lapse with its challenge: the second click of a double click comes by it.
    return "code" in answer ? answer : signedIn(accountId, answer.grant)
  })

  const resend = halfWay(async (visit, session) => {
    const answer = await rekey.resend(session.challenge.id, visit.client).catch(problemIn)
    if ("code" in answer) return answer
    Object.assign(session, { challenge: answer, sentAgain: true })
    return goTo("/code")
  })

  // ── Signed in

  const signOut: Action = (visit) => {
    sessions.end(visit.id)
    return goTo("/", sessions.noCookie)
  }

  /** A page that names the person. A real portal knows its customers from its own database. */
  const personalPage = async (visit: Visit, { accountId }: SignedIn, show: typeof accountPage, refusal?: Problem) => {
    const answer = await rekey.account(accountId).catch(problemIn)
    if ("code" in answer && answer.code === "not_found") return signOut(visit)
    const account = "code" in answer ? undefined : answer
    const problem = refusal ?? ("code" in answer ? answer : undefined)
    const frame = frameOf(visit, { person: account?.name ?? accountId })
    return {
      status: problem?.status ?? 200,
      body: show(frame, account, problem === undefined ? undefined : inWords(problem))
    }
  }

  const ofPerson =
    (action: (visit: Visit, session: SignedIn) => Promise<Reply>, otherwise: Action = () => goTo("/")): Action =>
    (visit) =>
      visit.session?.is === "signed-in" ? action(visit, visit.session) : otherwise(visit)

  const home = ofPerson(
    (visit, session) => personalPage(visit, session, homePage),
    (visit) => signInReply(visit)
  )
  const account = ofPerson((visit, session) => personalPage(visit, session, accountPage))

  /** Leads to Rekey's pages. The grant of the sign-in saves the person another code there, once. */
  const accountSecurity = ofPerson(async (visit, session) => {
    const { accountId, grant } = session
    const link = (asked: { readonly grant?: string }) =>
      rekey.portalSession({ accountId, returnUrl, ...asked }, visit.client).catch(problemIn)
    let answer = await link(grant === undefined ? {} : { grant })
    if ("code" in answer && answer.code === "grant_invalid") {
      // Spent or ten minutes old: Rekey's pages ask for another proof where one is needed.
      session.grant = undefined
      answer = await link({})
    }
    return "code" in answer ? personalPage(visit, session, accountPage, answer) : goTo(answer.url)
  })

  // ── What is where; nothing changes by GET

  const actions: Readonly<Record<string, Action>> = {
    "GET /": home,
    "POST /sign-in": signIn,
    "GET /sign-in": () => goTo("/"),
    "GET /code": code,
    "POST /code": verify,
    "POST /code/resend": resend,
    "GET /code/resend": () => goTo("/code"),
    "GET /account": account,
    "POST /account-security": accountSecurity,
    "GET /account-security": () => goTo("/account"),
    "POST /sign-out": signOut,
    "GET /sign-out": () => goTo("/"),
    "GET /portal.css": () => ({ status: 200, body: styleSheet, type: "text/css; charset=utf-8" })
  }

  const outOfDate: Action = (visit) => {
    const sentence = "That page was out of date. Nothing was changed: please try again."
    return visit.session === undefined
      ? signInReply(visit, { status: 403, told: { text: sentence } })
      : { status: 403, body: messagePage(frameOf(visit), "Please try again", sentence) }
  }

  return makeSite({
    brand,
    publicUrl: new URL(publicUrl),
    // Account Security is a form, and leads to Rekey's pages.
    formTargets: [publicUrl, rekeyAt.pagesUrl ?? rekeyAt.rekeyUrl].map((url) => new URL(url).origin),
    sessions,
    actions,
    outOfDate
  })
}
