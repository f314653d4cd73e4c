import ipaddr from "ipaddr.js"

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** IPv4 inside IPv6 is IPv4; a zone id is no part of an address. */
const parsed = (text: string): Address | undefined => {
  const bare = text.trim().replace(/^\[(.*)\]$/, "$1")
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(bare) || (bare.includes(":") && ipaddr.IPv6.isValid(bare))
  if (!isAddress || bare.includes("%")) return undefined
  return ipaddr.process(bare)
}

/** Whether an address is in one of these ranges. */
const within = (address: Address, [range, bits]: [Address, number]): boolean =>
  range instanceof ipaddr.IPv4
    ? address instanceof ipaddr.IPv4 && address.match(range, bits)
    : address instanceof ipaddr.IPv6 && address.match(range, bits)

/** What a request says about where it comes from. */
export interface Claimed {
  /** Address of the other end of the connection. */
  readonly peer: string | undefined
  /** `X-Forwarded-For` as it came, several headers joined by commas. */
  readonly forwardedFor: string | undefined
}

/**
 * The address of the client (S-34): the peer, unless that is a trusted proxy; then `X-Forwarded-For` is read from the
 * right, and the first address that is no trusted proxy counts. Whatever stands left of it, `Forwarded` and
 * `X-Real-IP` could have been written by anybody and are not looked at. Something that is no address ends the walk at
 * the last trusted hop.
 */
export const clientAddress = (trustedProxies: ReadonlyArray<string>): ((claimed: Claimed) => string | undefined) => {
  const ranges = trustedProxies.map((range): [Address, number] => {
    const [address, bits] = ipaddr.parseCIDR(range.includes("/") ? range : `${range}/${range.includes(":") ? 128 : 32}`)
    return [address, bits]
  })
  const trusted = (address: Address) => ranges.some((range) => within(address, range))
  return ({ peer, forwardedFor }) => {
    let client = peer === undefined ? undefined : parsed(peer.replace(/%.*$/, ""))
    const hops = forwardedFor?.split(",") ?? []
    while (client !== undefined && trusted(client)) {
      const hop = hops.pop()
      const next = hop === undefined ? undefined : parsed(hop)
      if (next === undefined) break
      client = next
    }
    return client?.toString()
  }
}
