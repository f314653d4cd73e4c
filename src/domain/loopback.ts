import ipaddr from "ipaddr.js"

/** A host without the brackets that a URL puts around an IPv6 address, in lower case. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, "").toLowerCase()

/** Whether a host is this machine by its very name. */
export const isLoopbackHost = (host: string): boolean => {
  const name = bareHost(host)
  if (ipaddr.IPv4.isValidFourPartDecimal(name) || ipaddr.IPv6.isValid(name))
    return ipaddr.process(name).range() === "loopback"
  return name === "localhost" || name.endsWith(".localhost")
}
