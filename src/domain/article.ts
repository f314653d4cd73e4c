interface ArticleEntry {
  readonly id: string
  readonly path: string
  readonly call?: string
  readonly ticks?: string
  readonly leadsTo?: string
}

/**
 * The article: how a customer moves the second factor from text messages to e-mail, in eleven steps. The headings of the
 * pages, the guide at `/docs/guide`, the API reference, the checklist in Slack and the end-to-end test are made from this
 * one list; what each step is called stands in the words, under its id. `call` is what a portal would call for it. It
 * was taken once the event that it `ticks` has happened, or once the page that it `leadsTo` is shown.
 */
export const article = [
  { id: "menu", path: "/" },
  { id: "account", path: "/account", leadsTo: "/account" },
  { id: "security", path: "/account/security", call: "POST /v1/portal-sessions", leadsTo: "/account/security" },
  { id: "manage", path: "/account/security/manage", leadsTo: "/account/security/manage" },
  {
    id: "disable",
    path: "/account/security/disable",
    call: "POST /v1/accounts/{accountId}/two-factor/disable",
    ticks: "method.disabled"
  },
  { id: "again", path: "/account/security", leadsTo: "/account/security/setup" },
  { id: "choose", path: "/account/security/setup", leadsTo: "/account/security/setup/email" },
  {
    id: "confirm",
    path: "/account/security/setup/email",
    call: "POST /v1/accounts/{accountId}/two-factor/setup",
    ticks: "code.requested"
  },
  {
    id: "verify",
    path: "/account/security/verify/:challengeId",
    call: "POST /v1/challenges/{challengeId}/verify",
    ticks: "method.enabled"
  },
  { id: "done", path: "/account/security/done/:challengeId" },
  { id: "success", path: "/account/security" }
] as const satisfies ReadonlyArray<ArticleEntry>

/** One step of the article. */
export type ArticleStep = (typeof article)[number]["id"]

/** The step's number, from 1. */
export const numberOf = (step: ArticleStep): number => article.findIndex(({ id }) => id === step) + 1
