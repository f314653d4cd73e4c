/**
 * The article: how a customer moves the second factor from text messages to e-mail, in eleven steps. The headings of the
 * pages, the guide at `/docs/guide`, the checklist in Slack and the end-to-end test are made from this one list; what
 * each step is called stands in the words, under its id.
 */
export const article = [
  { id: "menu", path: "/" },
  { id: "account", path: "/account" },
  { id: "security", path: "/account/security" },
  { id: "manage", path: "/account/security/manage" },
  { id: "disable", path: "/account/security/disable", ticks: "method.disabled" },
  { id: "again", path: "/account/security" },
  { id: "choose", path: "/account/security/setup" },
  { id: "confirm", path: "/account/security/setup/email", ticks: "code.requested" },
  { id: "verify", path: "/account/security/verify/:challengeId", ticks: "method.enabled" },
  { id: "done", path: "/account/security/done/:challengeId" },
  { id: "success", path: "/account/security" }
] as const satisfies ReadonlyArray<{ readonly id: string; readonly path: string; readonly ticks?: string }>

/** One step of the article. */
export type ArticleStep = (typeof article)[number]["id"]

/** The step's number, from 1. */
export const numberOf = (step: ArticleStep): number => article.findIndex(({ id }) => id === step) + 1
