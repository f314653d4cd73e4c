import { Effect, Schema } from "effect"

/** What every refusal is: its HTTP status, its title, and what a person may do about it (the default `detail`). */
export interface Declaration<Code extends string, Status extends number> {
  readonly code: Code
  readonly status: Status
  readonly title: string
  readonly detail: string
}

/** A problem detail of RFC 9457 whose `type` ends in its code; the edge makes it absolute and adds the reference. */
export const refusal =
  <Self>() =>
  <
    const Tag extends string,
    const Code extends string,
    const Status extends number,
    Fields extends Schema.Struct.Fields
  >(
    tag: Tag,
    declaration: Declaration<Code, Status>,
    fields: Fields
  ) => {
    const { code, status, title, detail } = declaration
    const constant = (value: string) => Schema.String.pipe(Schema.withConstructorDefault(Effect.succeed(value)))
    const Base = Schema.Error<Self, { readonly _tag: Tag }>(tag)(
      {
        type: constant(`/problems/${code}`),
        title: constant(title),
        status: Schema.tag(status),
        detail: constant(detail),
        code: Schema.tag(code),
        reference: Schema.optionalKey(
          Schema.String.annotate({ description: "To be quoted to the operator.", examples: ["E-7F3K9Q"] })
        ),
        ...fields
      },
      {
        description: title,
        httpApiStatus: status,
        "~httpApiEncoding": { _tag: "Json", contentType: "application/problem+json" }
      }
    )
    // The tag is for `catchTag`; on the wire `code` tells refusals apart.
    Object.assign((Base as unknown as { readonly prototype: object }).prototype, { _tag: tag })
    return Object.assign(Base, { declaration })
  }
