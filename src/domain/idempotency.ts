/** Keyed digests (hex) of an Idempotency-Key with its scope, and of the body that came with it, under one ring key. */
export interface IdempotencyDigests {
  readonly scope: string
  readonly body: string
}
