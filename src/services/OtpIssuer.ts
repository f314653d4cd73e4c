import { Context, Effect, Layer, Redacted } from "effect"
import { createHmac, timingSafeEqual } from "node:crypto"
import { digitsFromMac } from "../domain/codes.ts"
import type { ChallengeId, MethodId, Purpose } from "../domain/ids.ts"
import { KeyRing, type KeyUnknown } from "./KeyRing.ts"

/** What a code is derived from: anything else of a challenge may change without changing its code. */
export interface CodeSource {
  readonly accountId: string
  readonly id: ChallengeId
  readonly purpose: Purpose
  readonly method: MethodId
  readonly destination: string
  readonly issue: number
  readonly keyId: string
  /** Hex. */
  readonly nonce: string
  readonly codeLength: number
}

/** Length-prefixed, so that no two different lists give the same bytes. */
const framed = (parts: ReadonlyArray<string>): string =>
  parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join("")

const derive = (key: Redacted.Redacted<Uint8Array>, from: CodeSource): Redacted.Redacted => {
  const mac = createHmac("sha256", Redacted.value(key))
    .update(
      framed([
        "code/1",
        from.accountId,
        from.id,
        from.purpose,
        from.method,
        from.destination,
        String(from.issue),
        from.nonce
      ])
    )
    .digest()
  return Redacted.make(digitsFromMac(mac, from.codeLength), { label: "code" })
}

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"))

/** One-time codes: derived from a challenge whenever they are needed, stored nowhere (S-13, S-16, S-27, S-77). */
export class OtpIssuer extends Context.Service<
  OtpIssuer,
  {
    /** The code of this challenge, for the moment of sending. Fails where its key has left the ring. */
    codeFor(challenge: CodeSource): Effect.Effect<Redacted.Redacted, KeyUnknown>
    /** Whether the answer is that code. Constant time; counts nothing. */
    matches(challenge: CodeSource, answer: Redacted.Redacted): Effect.Effect<boolean, KeyUnknown>
  }
>()("rekey/OtpIssuer") {
  static readonly layer = Layer.effect(
    OtpIssuer,
    Effect.gen(function* () {
      const keys = yield* KeyRing
      const codeFor = Effect.fn("OtpIssuer.codeFor")(function* (challenge: CodeSource) {
        return derive(yield* keys.get("code", challenge.keyId), challenge)
      })
      const matches = Effect.fn("OtpIssuer.matches")(function* (challenge: CodeSource, answer: Redacted.Redacted) {
        const code = yield* codeFor(challenge)
        return same(Redacted.value(code), Redacted.value(answer))
      })
      return OtpIssuer.of({ codeFor, matches })
    })
  )
}
