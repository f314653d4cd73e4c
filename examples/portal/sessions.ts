import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import type { Challenge } from "./RekeyClient.ts"

/** What the portal knows of a browser. */
export type Session = HalfWay | SignedIn

/** The password was right, the code is due. */
export interface HalfWay {
  readonly is: "half-way"
  readonly accountId: string
  challenge: Challenge
  sentAgain: boolean
}

/** Signed in; the grant is there until it is known to be spent. */
export interface SignedIn {
  readonly is: "signed-in"
  readonly accountId: string
  grant: string | undefined
}

const absoluteMillis = 24 * 3_600_000
const idleMillis = 3_600_000
const sessionsAtMost = 10_000

const random = () => randomBytes(32).toString("base64url")

/**
 * The sessions of this portal, in memory: they end with the process. A real portal has several processes and keeps its
 * sessions in its database or in Redis; what is in the cookie, and when it changes, stays as it is here.
 */
export const makeSessions = ({ isSecure }: { readonly isSecure: boolean }) => {
  const kept = new Map<string, { readonly session: Session; readonly endsAt: number; seenAt: number }>()
  const secret = randomBytes(32)
  const name = isSecure ? "__Host-portal" : "portal"
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`
  const isOver = ({ endsAt, seenAt }: { readonly endsAt: number; readonly seenAt: number }) =>
    Date.now() >= endsAt || Date.now() >= seenAt + idleMillis

  /** A token for the forms of this session, from nothing but its id: nobody is kept who has only looked. */
  const csrfOf = (id: string) => createHmac("sha256", secret).update(id).digest("base64url")

  return {
    csrfOf,

    /** The id that a browser shows: opaque, and not yet a session. */
    idIn: (request: Request): string | undefined =>
      (request.headers.get("cookie") ?? "")
        .split(/;\s*/)
        .find((pair) => pair.startsWith(`${name}=`))
        ?.slice(name.length + 1)
        .match(/^[A-Za-z0-9_-]{43}$/)?.[0],

    newId: random,

    find: (id: string): Session | undefined => {
      const found = kept.get(id)
      if (found === undefined || isOver(found)) return undefined
      found.seenAt = Date.now()
      return found.session
    },

    /** Begins a session under a new id: whoever planted or saw the former one has nothing. */
    begin: (session: Session): string => {
      for (const [id, entry] of kept) if (isOver(entry) || kept.size >= sessionsAtMost) kept.delete(id)
      const now = Date.now()
      const endsAt = session.is === "half-way" ? Date.parse(session.challenge.closesAt) : now + absoluteMillis
      const id = random()
      kept.set(id, { session, endsAt, seenAt: now })
      return id
    },

    end: (id: string): void => {
      kept.delete(id)
    },

    /** Whether a form was made for this session; in constant time. */
    isFormOf: (id: string, csrf: string): boolean => {
      const [expected, given] = [csrfOf(id), csrf].map((token) => createHash("sha256").update(token).digest())
      return expected !== undefined && given !== undefined && timingSafeEqual(expected, given)
    },

    /** One and the same for every copy of one form of this session: a double click is one request to Rekey. */
    keyOf: (id: string, path: string, once: string): string =>
      createHash("sha256")
        .update(JSON.stringify([id, path, once]))
        .digest("base64url"),

    cookie: (id: string) => `${name}=${id}; ${attributes}`,
    noCookie: `${name}=; Max-Age=0; ${attributes}`
  }
}

/** What `makeSessions` makes. */
export type Sessions = ReturnType<typeof makeSessions>
