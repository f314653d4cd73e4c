import ipaddr from "ipaddr.js"

/** The ranges that no stranger on the internet reaches: loopback, private and link-local networks (RFC 1918, 4193, 6598). */
const inside: ReadonlySet<string> = new Set(["loopback", "private", "uniqueLocal", "linkLocal", "carrierGradeNat"])

/** Whether an IP address is one of a private network; any other text, and every address at once (`0.0.0.0`), is none. */
export const isPrivateAddress = (address: string): boolean =>
  ipaddr.isValid(address) && inside.has(ipaddr.process(address).range())
