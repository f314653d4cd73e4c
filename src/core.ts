import { Layer } from "effect"
import * as Account from "./account/Account.ts"
import { AccountPolicy } from "./account/AccountPolicy.ts"
import * as executeDueResets from "./account/executeDueResets.ts"
import { HandedOver } from "./account/HandedOver.ts"
import { AllAccounts } from "./services/AllAccounts.ts"
import { Alerts } from "./services/Alerts.ts"
import { AuditTrail } from "./services/AuditTrail.ts"
import { BearerTokens } from "./services/BearerTokens.ts"
import { Cases } from "./services/Cases.ts"
import * as Cluster from "./services/Cluster.ts"
import { FeedPositions } from "./services/FeedPositions.ts"
import { Guides } from "./services/Guides.ts"
import { Housekeeping } from "./services/Housekeeping.ts"
import { Idempotency } from "./services/Idempotency.ts"
import { OtpIssuer } from "./services/OtpIssuer.ts"
import { NumberMatching } from "./services/NumberMatching.ts"
import { NoticeLinks } from "./services/NoticeLinks.ts"
import { Outbox } from "./services/Outbox.ts"
import { RateLimits } from "./services/RateLimits.ts"
import { Resets } from "./services/Resets.ts"
import { Sessions } from "./services/Sessions.ts"
import { SlackLinks } from "./services/SlackLinks.ts"
import { SlackOutbox } from "./services/SlackOutbox.ts"
import { SlackRequests } from "./services/SlackRequests.ts"
import { SlackStatus } from "./services/SlackStatus.ts"
import { SupportDesk } from "./services/SupportDesk.ts"
import { TwoFactorStore } from "./services/TwoFactorStore.ts"

/** The accounts and all that is kept of them, over a database and a key ring. */
export const tables = Layer.merge(TwoFactorStore.layer, AllAccounts.layer).pipe(
  Layer.provideMerge(
    Layer.mergeAll(
      AuditTrail.layer,
      Outbox.layer,
      Idempotency.layer,
      RateLimits.layer,
      Sessions.layer,
      NoticeLinks.layer,
      SlackLinks.layer
    ).pipe(Layer.provideMerge(Resets.layer))
  )
)

/** What follows from the events of accounts, for support and in Slack. */
const support = SupportDesk.layer.pipe(
  Layer.provideMerge(
    Layer.mergeAll(
      Cases.layer,
      Alerts.layer,
      Guides.layer,
      SlackOutbox.layer,
      SlackRequests.layer,
      SlackStatus.layer,
      FeedPositions.layer
    )
  )
)

/**
 * What every surface stands on: the account actors with all that they need, over a migrated database. Wants the
 * database, the key ring, the settings, the password verifier and a sender of texts.
 */
export const core = executeDueResets.layer.pipe(
  Layer.provideMerge(Account.layer),
  Layer.provideMerge(Cluster.layer),
  Layer.provideMerge(Layer.mergeAll(AccountPolicy.layer, HandedOver.layer)),
  Layer.provideMerge(Housekeeping.layer),
  Layer.provideMerge(support),
  Layer.provideMerge(tables),
  Layer.provideMerge(Layer.mergeAll(OtpIssuer.layer, BearerTokens.layer, NumberMatching.layer))
)
