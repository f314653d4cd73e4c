import type { MethodId } from "./ids.ts"

/**
 * Versions of the sentence on a method's strength that stands beside *Confirm* (S-02). Who changes the sentence in the
 * words gives it another version here: the audit trail says which one a person was shown.
 */
export const acknowledgements: Record<MethodId, string> = { SMS: "sms-1", EMAIL: "email-1" }
