import { Context } from "effect"

/** The reference of the request that is being answered: in the problem, the log and the audit trail. */
export const RequestReference = Context.Reference<string>("rekey/RequestReference", {
  // Only where no request is being answered; the server sets one for each.
  defaultValue: () => "E-000000"
})
