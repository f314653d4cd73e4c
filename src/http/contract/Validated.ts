import { HttpApiMiddleware } from "effect/http-api"
import { InternalError } from "../../domain/edgeRefusals.ts"
import { ValidationFailed } from "../../domain/refusals.ts"

/** A request that does not have the declared form is `validation_failed`, with a pointer and the rule for each field. */
export class Validated extends HttpApiMiddleware.Service<Validated>()("rekey/Validated", {
  error: [ValidationFailed, InternalError]
}) {}
