import { randomBytes } from "node:crypto"
import { availableParallelism } from "node:os"
import { Context, Effect, Layer, Redacted, Schema, Semaphore } from "effect"
import { argon2id, isCurrent } from "./passwords/argon2.ts"
import type { PasswordCost } from "../domain/passwordCost.ts"
import { formatOf } from "./passwords/formats.ts"
import { stepBack } from "./passwords/stepBack.ts"

/** 64 checks already wait: nothing was hashed, and the caller may come back in a second. */
export class PasswordQueueFull extends Schema.TaggedError<PasswordQueueFull>()("PasswordQueueFull", {}) {}

const longestQueue = 64

const nfc = (password: Redacted.Redacted): string => Redacted.value(password).normalize("NFC")

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

const fits = (stored: string, password: string): Promise<boolean> => {
  const format = formatOf(stored)
  if (format === undefined) throw new Error("A stored password hash is of no known format.")
  return format.verify(stored, bytesOf(password))
}

/** Passwords (S-78): the whole of them, in NFC, never kept; as argon2id at the live cost, or as imported. */
export class PasswordVerifier extends Context.Service<
  PasswordVerifier,
  {
    /** Argon2id (PHC) of this password at the live cost. */
    hash(password: Redacted.Redacted): Effect.Effect<string, PasswordQueueFull>
    /** Whether the password fits the stored hash; `stale` when that is of another format or below the live cost. */
    verify(
      stored: string,
      password: Redacted.Redacted
    ): Effect.Effect<{ readonly right: boolean; readonly stale: boolean }, PasswordQueueFull>
    /** The same work for an account that does not exist (S-40). */
    verifyNobody(password: Redacted.Redacted): Effect.Effect<void, PasswordQueueFull>
    /** How many checks wait for their turn at this moment. */
    readonly waiting: Effect.Effect<number>
  }
>()("rekey/PasswordVerifier") {
  /**
   * At most as many hashes at once as there are cores, and always two threads fewer than libuv's pool has, since a
   * hash holds one of them and files and DNS must never wait behind it. `poolThreads` is `UV_THREADPOOL_SIZE` as the
   * process was started with it (4 where it is not set).
   */
  static readonly layer = (cost: PasswordCost, poolThreads = 4): Layer.Layer<PasswordVerifier> =>
    Layer.effect(
      PasswordVerifier,
      Effect.gen(function* () {
        const turns = yield* Semaphore.make(Math.max(1, Math.min(availableParallelism(), poolThreads - 2)))
        const nobody = yield* Effect.promise(() => argon2id(randomBytes(32), cost))
        // The first hash has started the threads of the pool.
        yield* stepBack
        let waiting = 0

        /** A waiter can be interrupted and frees its place; work that has begun goes on, as its thread would anyway. */
        const inTurn = <A>(work: () => Promise<A>): Effect.Effect<A, PasswordQueueFull> =>
          Effect.uninterruptibleMask((restore) => {
            if (waiting >= longestQueue) return new PasswordQueueFull()
            let inQueue = true
            waiting++
            const leave = (): void => {
              if (inQueue) waiting--
              inQueue = false
            }
            const turn = Effect.suspend(() => {
              leave()
              return Effect.uninterruptible(Effect.promise(work))
            })
            return restore(turns.withPermit(turn)).pipe(Effect.ensuring(Effect.sync(leave)))
          })

        const check = (stored: string, password: Redacted.Redacted) =>
          inTurn(async () => {
            const stale = !isCurrent(stored, cost)
            const normal = nfc(password)
            const raw = Redacted.value(password)
            // other software hashed what was typed, so an old hash may be of the form before NFC
            const right = (await fits(stored, normal)) || (stale && raw !== normal && (await fits(stored, raw)))
            // a cheap old hash must not tell by time whose name it is (S-40); the right password renews it anyway
            if (stale && !right) await fits(nobody, normal)
            return { right, stale }
          })

        return PasswordVerifier.of({
          hash: Effect.fn("PasswordVerifier.hash")((password: Redacted.Redacted) =>
            inTurn(() => argon2id(bytesOf(nfc(password)), cost))
          ),
          verify: Effect.fn("PasswordVerifier.verify")(check),
          verifyNobody: Effect.fn("PasswordVerifier.verifyNobody")((password: Redacted.Redacted) =>
            Effect.asVoid(check(nobody, password))
          ),
          waiting: Effect.sync(() => waiting)
        })
      })
    )
}
