import { randomUUID } from "node:crypto"
import { setTimeout as pause } from "node:timers/promises"

/** The person at the portal, as Rekey's audit trail, notices and budgets want to know them. */
export interface Client {
  readonly ip?: string | undefined
  readonly userAgent?: string | undefined
}

/** A code is on its way. The code itself is in no answer. */
export interface Challenge {
  readonly id: string
  readonly method: string
  /** Masked. */
  readonly destination: string
  readonly codeLength: number
  readonly expiresAt: string
  readonly closesAt: string
}

/** Signed in. The grant proves it for ten minutes, for one use: it saves the person another code in Rekey's pages. */
export interface Outcome {
  readonly status: string
  readonly grant?: string
}

/** What Rekey knows of a customer; addresses are masked. */
export interface Account {
  readonly accountId: string
  readonly name: string | null
  readonly email: string
  readonly phone: string | null
  readonly timeZone: string | null
}

/** The members of a problem detail (RFC 9457) that a portal acts on. */
export interface Problem {
  readonly code: string
  readonly status: number
  readonly reference?: string
  readonly attemptsRemaining?: number
  /** Seconds. */
  readonly retryAfter?: number
  readonly challengeStatus?: string
}

/** Rekey refused, or did not answer (`unavailable`). */
export class RekeyProblem extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(`Rekey answered ${problem.status} ${problem.code}`)
    this.problem = problem
  }
}

const noAnswer: Problem = { code: "unavailable", status: 503 }
const triesAtMost = 3
const timeLimitMillis = 10_000

/** Nothing happened, or nobody knows yet: the same request with the same key tells, and has no second effect. */
const isWorthRepeating = ({ code }: Problem): boolean => code === "unavailable" || code === "idempotency_in_progress"

const problemIn = (status: number, body: unknown): Problem =>
  typeof body === "object" && body !== null && "code" in body && typeof body.code === "string"
    ? { ...(body as Problem), status }
    : { ...noAnswer, status }

/** The calls that a portal makes. The API key stays in here: no page, cookie, log or error has it. */
export class RekeyClient {
  readonly #base: string
  readonly #apiKey: string

  constructor({ rekeyUrl, apiKey }: { readonly rekeyUrl: string; readonly apiKey: string }) {
    this.#base = rekeyUrl
    this.#apiKey = apiKey
  }

  /** The password: signed in where no second factor is on, else a challenge. */
  async signIn(accountId: string, password: string, client: Client, key: string): Promise<Outcome | Challenge> {
    return this.#post(`${this.#pathOf(accountId)}/sign-in`, { password, client }, key)
  }

  /** The code, as it was typed or pasted. */
  verify(challengeId: string, code: string, client: Client, key: string): Promise<Outcome> {
    return this.#post(`/v1/challenges/${challengeId}/verify`, { code, client }, key)
  }

  /** The same code again while it lives, then a new one. */
  resend(challengeId: string, client: Client): Promise<Challenge> {
    return this.#post(`/v1/challenges/${challengeId}/resend`, { client })
  }

  /** A link to Rekey's pages for this account: it opens once, within a minute. */
  portalSession(
    asked: { readonly accountId: string; readonly returnUrl: string; readonly grant?: string | undefined },
    client: Client
  ): Promise<{ readonly url: string }> {
    return this.#post("/v1/portal-sessions", { ...asked, client })
  }

  /** Who that is. */
  async account(accountId: string): Promise<Account> {
    return this.#ask("GET", this.#pathOf(accountId))
  }

  #pathOf(accountId: string): string {
    // A URL drops these two, however they are escaped, and the call would be another one.
    if (accountId === "." || accountId === "..") throw new RekeyProblem({ code: "not_found", status: 404 })
    return `/v1/accounts/${encodeURIComponent(accountId)}`
  }

  /** Every POST has a key: whoever asks twice with the same one, as after a time-out, gets the first answer again. */
  async #post<Answer>(path: string, body: object, key: string = randomUUID()): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#ask<Answer>("POST", path, { key, body: JSON.stringify(body) })
      } catch (refusal) {
        if (!(refusal instanceof RekeyProblem)) throw refusal
        const { problem } = refusal
        // The page was sent before with something else in it, by way of the back button: a new request.
        if (problem.code === "idempotency_conflict") return this.#post(path, body)
        if (!isWorthRepeating(problem) || tries === triesAtMost) throw refusal
        await pause(Math.min(problem.retryAfter ?? 0.2, 2) * 1000)
      }
    }
  }

  async #ask<Answer>(method: string, path: string, sent?: { readonly key: string; readonly body: string }) {
    const response = await fetch(new URL(path, this.#base), {
      method,
      redirect: "error",
      signal: AbortSignal.timeout(timeLimitMillis),
      headers: {
        authorization: `Bearer ${this.#apiKey}`,
        ...(sent === undefined ? {} : { "content-type": "application/json", "idempotency-key": sent.key })
      },
      body: sent?.body ?? null
    }).catch(() => undefined)
    const body: unknown = await response?.json().catch(() => undefined)
    if (response === undefined || body === undefined) throw new RekeyProblem(noAnswer)
    if (!response.ok) throw new RekeyProblem(problemIn(response.status, body))
    return body as Answer
  }
}
