import { assert, describe, it } from "@effect/vitest"
import { clientAddress } from "../../src/http/clientAddress.ts"

describe("S-34: the address of a client", () => {
  const trusting = clientAddress(["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"])
  const cases: ReadonlyArray<
    [what: string, peer: string | undefined, forwarded: string | undefined, is: string | undefined]
  > = [
    ["the peer, where nothing else is said", "203.0.113.9", undefined, "203.0.113.9"],
    ["the peer, where a stranger says something else", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["what a trusted proxy says", "10.1.2.3", "198.51.100.1", "198.51.100.1"],
    ["the last one that no trusted proxy vouches for", "10.1.2.3", "1.2.3.4, 198.51.100.1", "198.51.100.1"],
    ["behind two trusted proxies", "10.1.2.3", "1.2.3.4, 198.51.100.1, 192.0.2.7", "198.51.100.1"],
    ["the outermost trusted proxy, where the chain ends in one", "10.1.2.3", "10.9.9.9, 192.0.2.7", "10.9.9.9"],
    ["the last trusted hop, where nonsense follows", "10.1.2.3", "198.51.100.1, unknown", "10.1.2.3"],
    ["the last trusted hop, where an entry is empty", "10.1.2.3", "198.51.100.1,", "10.1.2.3"],
    ["no number in another notation", "10.1.2.3", "0x7f000001", "10.1.2.3"],
    ["IPv4 in IPv6 as IPv4", "::ffff:10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"],
    ["IPv6, in brackets too", "fd00::1", "[2001:db8::1]", "2001:db8::1"],
    ["IPv6 of a link, without its zone", "fe80::1%eth0", undefined, "fe80::1"],
    ["unknown, where the connection has no address", undefined, "198.51.100.1", undefined]
  ]
  it.each(cases)("%s", (_, peer, forwardedFor, is) => {
    assert.strictEqual(trusting({ peer, forwardedFor }), is)
  })

  it("is always the peer where no proxy is trusted", () => {
    assert.strictEqual(clientAddress([])({ peer: "127.0.0.1", forwardedFor: "198.51.100.1" }), "127.0.0.1")
  })
})
