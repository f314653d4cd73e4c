import { Schema } from "effect"

/** The embedded PostgreSQL cannot run here; the message is one sentence for whoever starts Rekey. */
export class EmbeddedPostgresFault extends Schema.TaggedError<EmbeddedPostgresFault>()("EmbeddedPostgresFault", {
  message: Schema.String
}) {}

/** The database cannot be used; the message is one sentence for whoever starts Rekey, without the password. */
export class DatabaseFault extends Schema.TaggedError<DatabaseFault>()("DatabaseFault", {
  message: Schema.String
}) {}
