import { AccountPolicy } from "../../account/AccountPolicy.ts"
import { methods } from "../../methods/all.ts"

/** The methods that can be chosen, the strongest first. */
export const offeredMethods = AccountPolicy.useSync(({ offered }) =>
  offered.toSorted((a, b) => methods[b].strength - methods[a].strength)
)
