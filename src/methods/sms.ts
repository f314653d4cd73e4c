import { Result } from "effect"
import { OtpIssuer } from "../services/OtpIssuer.ts"
import type { Method } from "./Method.ts"

const e164 = /^\+[1-9][0-9]{6,14}$/

/** A code in a text message: possession of a phone, "restricted" (NIST SP 800-63B §3.2.9). */
export const sms: Method = {
  id: "SMS",
  assurance: { aal: 2, restricted: true },
  strength: 2,
  asksFor: "phone-number",
  channel: "sms",
  destination: (contact, asked) => {
    const number = asked ?? contact.phone
    if (number === null) return Result.fail("the account has no phone: give a number such as +60125550101")
    return e164.test(number) ? Result.succeed(number) : Result.fail("must be an E.164 number such as +60125550101")
  },
  contactAfter: (contact, destination) => ({ ...contact, phone: destination }),
  judge: (challenge, answer) => OtpIssuer.use((otp) => otp.matches(challenge, answer))
}
