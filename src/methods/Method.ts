import { type Effect, type Redacted, Result } from "effect"
import type { Channel, MethodId } from "../domain/ids.ts"
import type { Assurance } from "../domain/TwoFactor.ts"
import type { KeyUnknown } from "../services/KeyRing.ts"
import type { CodeSource, OtpIssuer } from "../services/OtpIssuer.ts"

/** The contact that the portal registered. */
export interface Contact {
  readonly email: string
  readonly phone: string | null
}

/** One kind of second factor: all that the rest of Rekey asks of it. `judge` stores nothing. */
export interface Method {
  readonly id: MethodId
  readonly assurance: Assurance
  /** Place in the order passkey > authenticator app > SMS > e-mail; a higher one is stronger. */
  readonly strength: number
  /** What the person is asked for when it is chosen. */
  readonly asksFor: "email-address" | "phone-number"
  readonly channel: Channel
  /** Where its codes will go. Fails with a sentence for `/destination`. */
  destination(contact: Contact, asked: string | undefined): Result.Result<string, string>
  /** The contact after a code sent there was accepted. */
  contactAfter(contact: Contact, destination: string): Contact
  /** Whether this answer is right. Fails where the key of the challenge has left the ring. */
  judge(challenge: CodeSource, answer: Redacted.Redacted): Effect.Effect<boolean, KeyUnknown, OtpIssuer>
}
