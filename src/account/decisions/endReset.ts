import { type Address, addressesOnFile } from "../../domain/addresses.ts"
import type { Changes } from "../../domain/Changes.ts"
import type { ResetEnd } from "../../domain/resets.ts"
import { circumstances, type Deciding, event, message, type Telling } from "./Deciding.ts"

/**
 * Ends the reset that waits, if one does; every address is told (S-59). `deciding` is of the account after the step:
 * its own `reset` is null by then, so that the reset is given.
 */
export const endReset = (
  deciding: Telling,
  reset: Deciding["state"]["reset"],
  status: ResetEnd["status"],
  told: ReadonlyArray<Address> = addressesOnFile(deciding.state)
): Pick<Changes, "resets" | "events" | "messages"> => {
  if (reset === null) return { resets: { begun: [], ended: [] }, events: [], messages: [] }
  const { id, requestedBy } = reset
  return {
    resets: { begun: [], ended: [{ id, status }] },
    events: [event(deciding, { type: `reset.${status}`, outcome: "succeeded", reason: `asked for by ${requestedBy}` })],
    messages: told.map((address) =>
      message(deciding, address, { _tag: "reset", ...circumstances(deciding), stage: status, requestedBy })
    )
  }
}
