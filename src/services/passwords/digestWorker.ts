/** The thread that computes long digests, one at a time; `digestThreads.ts` starts it. */
import { parentPort } from "node:worker_threads"
import { digestNow } from "./digests.ts"
import type { DigestOrder } from "./digests.ts"

parentPort?.on("message", (order: DigestOrder) => {
  parentPort?.postMessage(digestNow(order))
})
