import { Worker } from "node:worker_threads"
import type { DigestOrder } from "./digests.ts"

/** Threads at rest, with the clock that ends them: hashes are renewed at the first success, so the need soon passes. */
const resting = new Map<Worker, NodeJS.Timeout>()
const restMillis = 30_000

const start = (): Worker => {
  // nothing of the environment, where the keys are, and no loader of the parent
  const worker = new Worker(new URL("./digestWorker.ts", import.meta.url), { env: {}, execArgv: [], name: "digest" })
  worker.once("exit", () => resting.delete(worker)) // an ended thread would never answer
  return worker
}

const take = (): Worker => {
  const [next] = resting
  if (next === undefined) return start()
  const [worker, clock] = next
  clearTimeout(clock)
  resting.delete(worker)
  worker.ref()
  return worker
}

const rest = (worker: Worker): void => {
  worker.unref()
  const end = (): void => {
    resting.delete(worker)
    void worker.terminate()
  }
  resting.set(worker, setTimeout(end, restMillis).unref())
}

/** The digest, computed beside the event loop. There are as many threads as calls at once; the caller bounds them. */
export const digestBeside = (order: DigestOrder): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const worker = take()
    const answered = (digest: Uint8Array): void => {
      worker.off("error", failed).off("exit", failed)
      rest(worker)
      resolve(digest)
    }
    const failed = (cause: unknown): void => {
      worker.off("message", answered)
      reject(new Error("The digest thread ended before its answer.", { cause }))
    }
    worker.once("message", answered).once("error", failed).once("exit", failed)
    worker.postMessage(order)
  })
