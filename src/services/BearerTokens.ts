import { Context, Effect, Layer, Redacted } from "effect"
import { createHmac, timingSafeEqual } from "node:crypto"
import { KeyRing, type KeyUnknown } from "./KeyRing.ts"

/** What a token is for; one kind is never taken for another. */
export type TokenKind = "grant" | "portal-link" | "notice-link" | "slack-invitation" | "session" | "form"

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

/** Kinds whose tokens have to fit into a text message: id and MAC of 128 bits each, 45 characters in all. */
const short: ReadonlySet<TokenKind> = new Set<TokenKind>(["notice-link"])

const shortId = (id: string): string => Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url")
const longId = (text: string): string =>
  Buffer.from(text, "base64url")
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")

/** The token's two parts, each with one spelling. */
const spelled = (key: Redacted.Redacted<Uint8Array>, subject: TokenSubject): string => {
  const mac = macOf(key, subject)
  return short.has(subject.kind)
    ? `${shortId(subject.id)}.${mac.subarray(0, 16).toString("base64url")}`
    : `${subject.id}.${mac.toString("base64url")}`
}

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
        return Redacted.make(spelled(key, subject), { label: subject.kind })
      })
      const claimedId = (token: Redacted.Redacted) => {
        const [id, mac, ...rest] = Redacted.value(token).split(".")
        if (id === undefined || mac === undefined || rest.length > 0) return undefined
        return /^[\w-]{22}$/.test(id) ? longId(id) : id
      }
      const idIn = Effect.fn("BearerTokens.idIn")(function* (
        token: Redacted.Redacted,
        expected: Omit<TokenSubject, "id">
      ) {
        const id = claimedId(token)
        if (id === undefined) return undefined
        // As text, so that one token has one spelling.
        const given = Buffer.from(Redacted.value(token))
        for (const keyId of keys.ids) {
          const right = Buffer.from(spelled(yield* keys.get("token", keyId), { ...expected, id }))
          if (given.length === right.length && timingSafeEqual(given, right)) return id
        }
        return undefined
      })
      return BearerTokens.of({ issue, claimedId, idIn })
    })
  )
}
