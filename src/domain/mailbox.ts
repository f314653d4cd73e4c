import { domainToASCII, domainToUnicode } from "node:url"

const atom = String.raw`[\p{L}\p{N}\p{M}!#$%&'*+/=?^_\x60{|}~-]+`

/** A dot-atom: no quotes, comment, space or control. Letters beyond ASCII are allowed (RFC 6531). */
const localPart = new RegExp(String.raw`^${atom}(?:\.${atom})*$`, "u")

const asciiDomain =
  /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/

/**
 * The one mailbox that this address is, exactly as it goes into `RCPT TO:<…>` and into `To:`, or `null` where it would
 * not arrive as it is (S-72, S-73): quotes, comments, groups, lists, controls, address literals. An ASCII address is
 * kept byte for byte. A domain beyond ASCII goes as its A-label, and only if that leads back to the very same domain:
 * `customⓔr.example` must not become `customer.example`.
 */
export const mailboxOf = (address: string): string | null => {
  const at = address.lastIndexOf("@")
  const local = address.slice(0, Math.max(at, 0))
  const domain = address.slice(at + 1)
  if (Buffer.byteLength(address) > 254 || Buffer.byteLength(local) > 64 || !localPart.test(local)) return null
  if (asciiDomain.test(domain)) return address
  const ascii = domainToASCII(domain)
  return asciiDomain.test(ascii) && domainToUnicode(ascii) === domain ? `${local}@${ascii}` : null
}
