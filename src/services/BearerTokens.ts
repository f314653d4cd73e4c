import { Context, Effect, Layer, Redacted } from "effect"
import { createHmac, timingSafeEqual } from "node:crypto"
import { KeyRing, type KeyUnknown } from "./KeyRing.ts"

/** What a token is for; one kind is never taken for another. */
export type TokenKind = "grant" | "portal-link" | "notice-link" | "session" | "form"

/** What a token stands for. */
export interface TokenSubject {
  readonly kind: TokenKind
  readonly id: string
  readonly accountId: string
  /** Of the account; of a session its generation, so that its token rotates. */
  readonly epoch: number
}

const macOf = (key: Redacted.Redacted<Uint8Array>, { kind, id, accountId, epoch }: TokenSubject): Buffer =>
  createHmac("sha256", Redacted.value(key)).update(`token/1 ${kind} ${id} ${epoch} ${accountId}`).digest()

/** Bearer tokens `id.HMAC(kind, id, account, epoch)`: derived again for a replay, never at rest. */
export class BearerTokens extends Context.Service<
  BearerTokens,
  {
    /** The token, made with that key of the ring; with the current one where that has left it. */
    issue(subject: TokenSubject, keyId: string): Effect.Effect<Redacted.Redacted>
    /** The id that a token bears, genuine or not: to look it up, never to act on it. */
    claimedId(token: Redacted.Redacted): string | undefined
    /** The id in a token, where the token is genuine for that kind, account and epoch; constant time. */
    idIn(token: Redacted.Redacted, expected: Omit<TokenSubject, "id">): Effect.Effect<string | undefined, KeyUnknown>
  }
>()("rekey/BearerTokens") {
  static readonly layer = Layer.effect(
    BearerTokens,
    Effect.gen(function* () {
      const keys = yield* KeyRing
      const issue = Effect.fn("BearerTokens.issue")(function* (subject: TokenSubject, keyId: string) {
        const key = yield* keys
          .get("token", keyId)
          .pipe(Effect.catchTag("KeyUnknown", () => Effect.succeed(keys.current("token").key)))
        const mac = macOf(key, subject)
        return Redacted.make(`${subject.id}.${mac.toString("base64url")}`, { label: subject.kind })
      })
      const partsOf = (token: Redacted.Redacted) => {
        const [id, mac, ...rest] = Redacted.value(token).split(".")
        return id === undefined || mac === undefined || rest.length > 0 ? undefined : { id, mac }
      }
      const idIn = Effect.fn("BearerTokens.idIn")(function* (
        token: Redacted.Redacted,
        expected: Omit<TokenSubject, "id">
      ) {
        const parts = partsOf(token)
        if (parts === undefined) return undefined
        const { id } = parts
        // As text, so that one token has one spelling.
        const given = Buffer.from(parts.mac)
        for (const keyId of keys.ids) {
          const right = Buffer.from(macOf(yield* keys.get("token", keyId), { ...expected, id }).toString("base64url"))
          if (given.length === right.length && timingSafeEqual(given, right)) return id
        }
        return undefined
      })
      return BearerTokens.of({ issue, claimedId: (token) => partsOf(token)?.id, idIn })
    })
  )
}
