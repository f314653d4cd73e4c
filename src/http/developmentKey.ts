import { Effect, Redacted } from "effect"
import { KeyRing } from "../services/KeyRing.ts"
import type { ApiKeyEntry } from "./ApiKeys.ts"

/** In local mode, where none is configured, a key is derived from the ring and printed: the same after every restart. */
export const developmentKey = Effect.map(KeyRing, (ring): ApiKeyEntry => {
  const { key } = ring.current("development")
  return { role: "portal", key: Redacted.make(Buffer.from(Redacted.value(key)).toString("base64url")) }
})
