import { Result } from "effect"
import { OtpIssuer } from "../services/OtpIssuer.ts"
import type { Method } from "./Method.ts"

/** A code in a mail: the weakest method on offer (NIST SP 800-63B §3.1.3.1); it proves no possession (S-01). */
export const email: Method = {
  id: "EMAIL",
  assurance: { aal: 1, restricted: false },
  strength: 1,
  asksFor: "email-address",
  channel: "email",
  destination: (contact, asked) =>
    asked === undefined || asked === contact.email
      ? Result.succeed(contact.email)
      : Result.fail("must be the registered address of the account, or left out"),
  contactAfter: (contact) => contact,
  judge: (challenge, answer) => OtpIssuer.use((otp) => otp.matches(challenge, answer))
}
