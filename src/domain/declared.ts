import * as edgeRefusals from "./edgeRefusals.ts"
import type { Declaration } from "./refusal.ts"
import * as refusals from "./refusals.ts"

/** Every refusal there is, by code: the pages at `/problems/<code>` are made from it. */
export const declared: ReadonlyMap<string, Declaration<string, number>> = new Map(
  Object.values({ ...edgeRefusals, ...refusals }).flatMap((fact) =>
    "declaration" in fact ? [[fact.declaration.code, fact.declaration] as const] : []
  )
)
