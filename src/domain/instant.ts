import { Schema, SchemaTransformation } from "effect"

/** An instant as the API writes it, with what it means. */
export const instant = (description: string) =>
  Schema.String.annotate({ description, format: "date-time", examples: ["2026-11-24T20:04:12.000Z"] }).pipe(
    Schema.decodeTo(Schema.DateTimeUtc, SchemaTransformation.dateTimeUtcFromString)
  )

/** An instant whose name says it all. */
export const Instant = instant("ISO 8601, UTC")
