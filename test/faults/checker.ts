import { settled } from "./invariants/answers.ts"
import { inTime, told } from "./invariants/letters.ts"
import { chains, inOrder, kept, neverWithout } from "./invariants/protection.ts"
import { counted, delayed, over, oncePerCode, secretsKept } from "./invariants/secrets.ts"
import type { Check } from "./remains.ts"

/** Every violation of an invariant that a round shows. */
export const check: Check = (remains) =>
  [
    oncePerCode,
    neverWithout,
    told,
    counted,
    delayed,
    over,
    kept,
    settled,
    secretsKept,
    inOrder,
    inTime,
    chains
  ].flatMap((one) => one(remains))
