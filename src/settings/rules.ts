import { Duration, Redacted } from "effect"
import { isIP } from "node:net"
import { isLoopbackHost } from "../domain/loopback.ts"
import { isPrivateAddress } from "../domain/privateAddress.ts"
import type { Values } from "./table.ts"

/** What the rules look at: a setting that is not in order by itself is undefined here, and no rule complains again. */
export interface Given extends Partial<Values> {
  readonly localMode: boolean
  /** Whether a variable has a text, in order or not. */
  readonly isSet: (name: string) => boolean
}

/** Several settings together: what to do in one sentence, or nothing. */
type Rule = (given: Given) => string | undefined

const because = "since DATABASE_URL is set"

const required =
  (name: string, what: string): Rule =>
  ({ isSet, localMode }) =>
    localMode || isSet(name) ? undefined : `Set ${name} to ${what}, ${because}.`

const mailLeaves: Rule = ({ inbox, isSet }) =>
  inbox === false && !isSet("SMTP_URL")
    ? "Set SMTP_URL to your mail server, such as smtps://user:password@host:465: without REKEY_INBOX=on no mail can leave."
    : undefined

const onLoopbackOnly =
  (key: "demo" | "inbox", name: string): Rule =>
  (given) => {
    if (given[key] !== true) return undefined
    if (given.host !== undefined && !isLoopbackHost(given.host))
      return `Set HOST to 127.0.0.1, or ${name} to off: it is for this machine only, and HOST lets others in.`
    if (given.publicUrl !== undefined && !isLoopbackHost(given.publicUrl.hostname))
      return `Set PUBLIC_URL to a loopback address such as http://localhost:3000, or ${name} to off: it is for this machine only.`
    return undefined
  }

/** Slack makes 32; a shorter one has been cut off, and an empty one would let anybody sign. */
const signingSecretLength = 32

const signed: Rule = ({ isSet, slackSigningSecret }) => {
  if (!isSet("SLACK_BOT_TOKEN")) return undefined
  // Socket Mode verifies nothing, so a secret that is not there at all is no hole; an empty one is a mistake anywhere
  if (slackSigningSecret === undefined && (isSet("SLACK_SIGNING_SECRET") || isSet("SLACK_APP_TOKEN"))) return undefined
  return slackSigningSecret !== undefined && Redacted.value(slackSigningSecret).length >= signingSecretLength
    ? undefined
    : `Set SLACK_SIGNING_SECRET to the signing secret of the Slack app (${signingSecretLength} characters), or unset SLACK_BOT_TOKEN.`
}

const nodesShareTheDatabase: Rule = ({ clusterPort, localMode }) =>
  clusterPort !== undefined && localMode
    ? "Set DATABASE_URL to the server that all nodes share, or unset REKEY_CLUSTER_PORT."
    : undefined

/** A name is looked up at the start, and has to lead into a private network then. */
const nodesAreInside: Rule = ({ clusterPort, clusterHost }) =>
  clusterPort !== undefined && clusterHost !== undefined && isIP(clusterHost) !== 0 && !isPrivateAddress(clusterHost)
    ? "Set REKEY_CLUSTER_HOST to the address of this node in a private network, such as 10.0.0.5: nobody else may reach that port."
    : undefined

const resetCoolsOff: Rule = ({ localMode, resetWait }) =>
  localMode || resetWait === undefined || Duration.isGreaterThanOrEqualTo(resetWait, Duration.hours(1))
    ? undefined
    : `Set REKEY_RESET_WAIT to 1 hour or more, ${because}.`

/** The rules that hold between settings. */
export const rules: ReadonlyArray<Rule> = [
  required("PUBLIC_URL", "the address that customers see, such as https://security.example"),
  required("REKEY_API_KEY", "the keys of the portal, role:key with 32 characters or more"),
  required("REKEY_SECRET_KEYS", "the key ring id:base64, each 32 bytes as openssl rand -base64 32 makes them"),
  mailLeaves,
  onLoopbackOnly("demo", "REKEY_DEMO"),
  onLoopbackOnly("inbox", "REKEY_INBOX"),
  nodesShareTheDatabase,
  nodesAreInside,
  resetCoolsOff,
  signed
]
