import { Effect } from "effect"
import { change } from "../commands/change.ts"
import { link } from "../commands/link.ts"
import { status } from "../commands/status.ts"
import { actionIds } from "../messages/Message.ts"
import type { Action } from "./Action.ts"
import { claim, close, guide } from "./case.ts"
import { codeNotArrived, lost, stuck } from "./owner.ts"

const button = { value: /^$/, isForSupport: false, opensModal: false } as const

/** The buttons. One that opens an address is told to us, too, and has nothing to do here. */
export const buttons = [
  { ...button, id: actionIds.open, run: () => Effect.undefined },
  stuck,
  codeNotArrived,
  lost,
  { ...button, id: actionIds.change, run: change.run },
  { ...button, id: actionIds.status, run: status.run },
  { ...button, id: actionIds.link, run: link.run },
  claim,
  guide,
  close
] as const satisfies ReadonlyArray<Action>
