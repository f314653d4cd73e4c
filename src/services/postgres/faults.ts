import { Schema } from "effect"
import type { SqlError } from "effect/sql"

/** The embedded PostgreSQL cannot run here; the message is one sentence for whoever starts Rekey. */
export class EmbeddedPostgresFault extends Schema.TaggedError<EmbeddedPostgresFault>()("EmbeddedPostgresFault", {
  message: Schema.String
}) {}

/** The database cannot be used; the message is one sentence for whoever starts Rekey, without the password. */
export class DatabaseFault extends Schema.TaggedError<DatabaseFault>()("DatabaseFault", {
  message: Schema.String
}) {}

/** What PostgreSQL or the network said, which the driver keeps as a cause; never a statement or a password. */
export const because = ({ reason }: SqlError.SqlError): string => {
  const { cause } = reason
  // Several addresses of one name fail together, without a message of their own.
  const said = cause instanceof AggregateError ? (cause.errors as ReadonlyArray<unknown>)[0] : cause
  return said instanceof Error && said.message !== "" ? said.message : (reason.message ?? reason._tag)
}
