import { Redacted, Result } from "effect"
import ipaddr from "ipaddr.js"
import { bareHost, isLoopbackHost } from "../domain/loopback.ts"
import { mailboxOf } from "../domain/mailbox.ts"
import { hasControls } from "./readers.ts"
import type { Reader } from "./Setting.ts"

/** Who the mails come from. */
export interface MailFrom {
  readonly name: string
  readonly address: string
}

/** A host name or address to listen at. */
export const host: Reader<string> = (text) => {
  const name = bareHost(text)
  const named =
    /^(?=.{1,253}$)(?!\d+(?:\.\d+)*$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/
  return named.test(name) || ipaddr.IPv4.isValidFourPartDecimal(name) || ipaddr.IPv6.isValid(name)
    ? Result.succeed(name)
    : Result.fail("a host name or an IP address, without scheme or port")
}

const parse = (text: string): URL | undefined =>
  URL.canParse(text) && !/\s/.test(text) && !hasControls(text) ? new URL(text) : undefined

const decodes = (text: string): boolean => {
  try {
    return decodeURIComponent(text) !== ""
  } catch {
    return false
  }
}

/** Whoever uses these parts decodes them; a stray percent sign would stop that. */
const credentialsDecode = ({ password, username }: URL): boolean =>
  [username, password].every((part) => part === "" || decodes(part))

const isHttp = (url: URL): boolean => url.protocol === "http:" || url.protocol === "https:"

const isBare = (url: URL): boolean => url.username === "" && url.password === "" && url.search === "" && url.hash === ""

/** A page of the web. */
export const webUrl =
  (what: string): Reader<string> =>
  (text) => {
    const url = parse(text)
    return url !== undefined && isHttp(url) && credentialsDecode(url) ? Result.succeed(url.href) : Result.fail(what)
  }

const originOf = (text: string): URL | undefined => {
  const url = parse(text)
  return url !== undefined && isHttp(url) && isBare(url) && url.pathname === "/" ? url : undefined
}

/** Scheme, host and port, nothing else. */
export const origin: Reader<string> = (text) => {
  const url = originOf(text)
  return url === undefined
    ? Result.fail("origins such as https://portal.example, without a path and separated by commas")
    : Result.succeed(url.origin)
}

/** S-50: https, or http on this machine. */
export const publicUrl: Reader<URL> = (text) => {
  const url = originOf(text)
  if (url === undefined) return Result.fail("a base such as https://security.example, without path, user or query")
  return url.protocol === "https:" || isLoopbackHost(url.hostname)
    ? Result.succeed(url)
    : Result.fail("an https:// address: plain http is for a loopback name such as localhost only")
}

/** A PostgreSQL server. */
export const databaseUrl: Reader<Redacted.Redacted> = (text) => {
  const url = parse(text)
  const fits =
    url !== undefined &&
    (url.protocol === "postgres:" || url.protocol === "postgresql:") &&
    (url.hostname !== "" || url.searchParams.has("host")) &&
    credentialsDecode(url)
  return fits
    ? Result.succeed(Redacted.make(text, { label: "DATABASE_URL" }))
    : Result.fail("postgres://user:password@host:port/database, with special characters percent-encoded")
}

/** A mail server. */
export const smtpUrl: Reader<Redacted.Redacted> = (text) => {
  const url = parse(text)
  const fits =
    url !== undefined &&
    (url.protocol === "smtp:" || url.protocol === "smtps:") &&
    url.hostname !== "" &&
    (url.pathname === "" || url.pathname === "/") &&
    url.search === "" &&
    url.hash === "" &&
    credentialsDecode(url)
  return fits
    ? Result.succeed(Redacted.make(text, { label: "SMTP_URL" }))
    : Result.fail(
        "smtp://host:port or smtps://user:password@host:port, with nothing after the port and special characters percent-encoded"
      )
}

const twilioFits = (url: URL): boolean =>
  // the `+` of a number is a blank to whoever decodes a query
  /^[+ ][1-9]\d{6,14}$/.test(url.searchParams.get("from") ?? "") &&
  url.username !== "" &&
  url.password !== "" &&
  url.hostname !== "" &&
  (url.pathname === "" || url.pathname === "/")

const webhookFits = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname))

/** A text message gateway. */
export const smsUrl: Reader<Redacted.Redacted> = (text) => {
  const isWebhook = text.startsWith("webhook+")
  const url = parse(text.replace(/^webhook\+/, ""))
  const fits =
    url !== undefined &&
    credentialsDecode(url) &&
    (isWebhook ? webhookFits(url) : url.protocol === "twilio:" && twilioFits(url))
  return fits
    ? Result.succeed(Redacted.make(text, { label: "SMS_URL" }))
    : Result.fail("twilio://SID:TOKEN@host?from=+1… or webhook+https://… (webhook+http:// on a loopback name only)")
}

/** One bare mailbox. */
export const mailAddress: Reader<string> = (text) =>
  mailboxOf(text) === null ? Result.fail("one mail address") : Result.succeed(text)

/** `Harbor Security <security@harbor.example>`, or the address alone. */
export const mailFrom: Reader<MailFrom> = (text) => {
  const [, name = "", address = text] = /^([^<>]*)<([^<>]*)>$/.exec(text) ?? []
  const sender = { name: name.trim().replace(/^"(.*)"$/, "$1"), address: address.trim() }
  return mailboxOf(sender.address) !== null && !hasControls(text)
    ? Result.succeed(sender)
    : Result.fail("a sender such as Harbor Security <security@harbor.example>")
}

/** An address or a range of addresses; IPv4 is written as such, since the addresses of clients are compared so. */
export const cidr: Reader<string> = (text) => {
  const [address = "", bits, ...rest] = text.split("/")
  const isIpv4 = ipaddr.IPv4.isValidFourPartDecimal(address)
  const isIpv6 = !isIpv4 && ipaddr.IPv6.isValid(address) && !ipaddr.IPv6.parse(address).isIPv4MappedAddress()
  const most = isIpv4 ? 32 : 128
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  return (isIpv4 || isIpv6) && !address.includes("%") && fits && rest.length === 0
    ? Result.succeed(`${address}/${bits ?? most}`)
    : Result.fail("ranges such as 10.0.0.0/8 or fd00::/8, separated by commas")
}
