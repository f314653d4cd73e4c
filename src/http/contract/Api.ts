import { HttpApi, OpenApi } from "effect/http-api"
import { article, numberOf } from "../../domain/article.ts"
import { en } from "../../words/pages/en.ts"
import { Accounts } from "./accounts.ts"
import { CasesGroup } from "./cases.ts"
import { Challenges } from "./challenges.ts"
import { Events } from "./events.ts"
import { Health } from "./health.ts"
import { PortalSessions } from "./portalSessions.ts"
import { tidy } from "./reference.ts"
import { TwoFactorGroup } from "./twoFactor.ts"

/** The article by its calls: the same list as that of the pages and of the guide. */
const byCalls = article
  .flatMap((step) =>
    "call" in step ? [`step ${numberOf(step.id)}, *${en.steps[step.id].control}*: \`${step.call}\``] : []
  )
  .join("; ")

const strict = { errors: "all", onExcessProperty: "error" } as const

/**
 * The API for the portal as one value: the server, `/openapi.json`, `/docs` and the typed client are made from it.
 * Unknown fields are refused, and every fault of a request is named at once.
 */
export class Api extends HttpApi.make("rekey")
  .add(Accounts, TwoFactorGroup, Challenges, PortalSessions, Events, CasesGroup, Health)
  .annotate(HttpApi.PayloadParseOptions, strict)
  .annotate(HttpApi.QueryParseOptions, strict)
  .annotate(HttpApi.ParamsParseOptions, { errors: "all" })
  .annotateMerge(
    OpenApi.annotations({
      title: "Rekey",
      version: "1",
      transform: tidy,
      description:
        "Changes a customer's second factor without ever leaving the account unprotected. JSON; instants are ISO 8601 " +
        "UTC. Every refusal is application/problem+json with a `code` and a `reference`; unknown fields are refused. " +
        `The article of the guide (/docs/guide) by its calls: ${byCalls}.`
    })
  ) {}
