import type { ArticleStep } from "../../domain/article.ts"
import type { MethodId, Purpose } from "../../domain/ids.ts"
import type { Delivery, EventType } from "../../domain/TwoFactor.ts"

/** A clock in the account's zone, such as `04:19`, and how long until then. */
export interface Until {
  readonly clock: string
  readonly seconds: number
}

/** Why something that was asked for did not happen: what, what did not, and what to do next. */
export interface Refused {
  /** Tries left; undefined where none was counted. */
  readonly attemptsRemaining?: number | undefined
  readonly until?: Until | undefined
  /** The method that is in force all the while; null for none. */
  readonly inForce: MethodId | null
  readonly codeLength: number
  /** What the code was for that was entered here. */
  readonly other?: { readonly purpose: Purpose; readonly clock: string } | undefined
}

/** The refusals that a page tells in a sentence beside the field. */
export type PageRefusal =
  | "password_incorrect"
  | "password_missing"
  | "code_incorrect"
  | "code_malformed"
  | "code_expired"
  | "code_of_another"
  | "too_many_attempts"
  | "rate_limited"
  | "resend_too_soon"
  | "challenge_closed"
  | "step_up_required"
  | "phone_malformed"
  | "same_method"
  | "method_unavailable"
  | "method_suspended"
  | "protection_reported"
  | "state_changed"
  | "unavailable"

/** A heading, and the control that takes the step. */
export interface StepWords {
  readonly heading: string
  readonly control: string
}

/** Everything that the hosted pages say, in one language; what a further one misses does not compile. */
export interface PageWords {
  /** BCP 47, for `lang` and dates. */
  readonly language: string
  readonly skip: string
  readonly title: (heading: string, brand: string) => string
  readonly errorTitle: (title: string) => string
  readonly problem: string
  readonly stepOf: (step: number, steps: number) => string
  readonly back: string
  readonly backToPortal: (brand: string) => string
  readonly signOut: string
  readonly reference: (reference: string) => string
  readonly support: (address: string) => string
  readonly steps: Record<ArticleStep, StepWords>
  readonly method: Record<MethodId, string>
  readonly choice: Record<MethodId, string>
  /** One plain sentence on how strong it is (S-01, S-02). */
  readonly strength: Record<MethodId, string>
  readonly duration: (seconds: number) => string
  readonly until: (until: Until) => string
  readonly at: (moment: string) => string
  readonly lamps: {
    readonly now: string
    readonly next: string
    readonly on: string
    readonly off: string
    readonly none: string
  }
  readonly overview: {
    readonly on: (method: MethodId, destination: string) => string
    readonly off: string
    readonly mustEnrol: string
    readonly updated: (standard: MethodId | "NONE") => string
    readonly turnedOff: string
    readonly pending: (method: MethodId) => string
    readonly goOn: string
    readonly suspended: string
    readonly reported: string
    /** The same where no method is on: the link of the notice or support leads on. */
    readonly reportedOff: string
    readonly itWasMe: string
    readonly reset: (by: string, when: string) => string
    readonly stopReset: string
    readonly activity: string
    readonly lastChange: (moment: string) => string
    readonly slack: (users: number) => string
    readonly unlinkSlack: string
    readonly slackUnlinked: string
  }
  readonly manage: {
    readonly changeTitle: string
    readonly change: string
    readonly changeHint: string
    readonly disableHint: string
  }
  readonly proof: { readonly intro: (method: MethodId, destination: string) => string; readonly send: string }
  readonly disable: { readonly warning: string; readonly changeInstead: string }
  readonly setUp: {
    readonly intro: Record<MethodId, (destination: string | null) => string>
    readonly sameMailbox: string
    readonly phone: string
    readonly phoneHint: string
    readonly otherPhone: string
  }
  readonly change: { readonly heading: string; readonly pick: string; readonly stays: (method: MethodId) => string }
  readonly password: string
  readonly code: string
  readonly verify: {
    readonly sent: (length: number, destination: string) => string
    readonly notSent: (destination: string) => string
    readonly stays: (method: MethodId) => string
    readonly nothingOn: string
    readonly lives: (until: Until) => string
    readonly expired: (issued: string) => string
    readonly hint: (length: number) => string
    readonly again: string
    readonly fresh: string
    readonly wait: (seconds: number) => string
    readonly checkAgain: string
    readonly slow: string
    readonly otherMethod: string
    readonly cancel: string
    readonly delivery: Record<
      Delivery["state"],
      (about: { readonly method: MethodId; readonly clock: string; readonly detail: string | null }) => string
    >
    readonly headings: Record<Purpose, string>
    readonly controls: Record<Purpose, string>
  }
  readonly done: {
    readonly already: (clock: string) => string
    readonly told: string
  }
  readonly closed: {
    readonly usedUp: string
    readonly heading: string
    readonly over: string
    readonly startAgain: string
    readonly unchanged: (method: MethodId | null) => string
  }
  readonly activity: {
    readonly heading: string
    readonly older: string
    readonly empty: string
    readonly from: (browser: string) => string
    readonly events: Record<
      EventType,
      (about: {
        readonly method?: MethodId | undefined
        readonly purpose?: Purpose | undefined
        readonly refused: boolean
      }) => string
    >
  }
  readonly enter: {
    readonly heading: (brand: string) => string
    readonly intro: string
    readonly control: string
    readonly over: string
  }
  readonly signedOut: { readonly heading: string; readonly body: string }
  readonly sessionEnded: { readonly heading: string; readonly body: string }
  readonly notFound: { readonly heading: string; readonly body: string }
  readonly misuse: { readonly heading: string; readonly body: string }
  readonly unavailable: { readonly heading: string; readonly body: string; readonly retry: string }
  readonly refusals: Record<PageRefusal, (refused: Refused) => string>
  readonly lost: {
    readonly link: string
    readonly heading: string
    readonly intro: string
    readonly ways: ReadonlyArray<{
      readonly heading: string
      readonly body: (about: { readonly brand: string; readonly wait: string }) => string
    }>
  }
  readonly guide: {
    readonly heading: string
    readonly intro: string
    readonly better: string
    readonly picture: (step: string) => string
    /** What to do in each step, with the control by its name. */
    readonly steps: Record<ArticleStep, (control: string, brand: string) => string>
  }
  readonly notice: {
    readonly happened: {
      readonly "set-up": (to: MethodId) => string
      readonly changed: (from: MethodId, to: MethodId) => string
      /** To another destination of the same method. */
      readonly moved: (to: MethodId) => string
      readonly disabled: (from: MethodId) => string
      readonly reset: (by: string) => string
    }
    readonly heading: string
    readonly when: string
    readonly where: string
    readonly account: string
    readonly report: StepWords & { readonly body: string }
    readonly turnBackOn: StepWords & { readonly body: string }
    readonly goBack: StepWords & { readonly body: (to: MethodId) => string }
    readonly stop: StepWords & { readonly body: (when: string) => string }
    readonly used: string
    readonly void: string
    readonly expired: string
    readonly reported: string
    readonly turnedBackOn: (to: MethodId | null) => string
    readonly resetExecuted: string
    readonly stopped: string
    readonly wentBack: (to: MethodId | null) => string
  }
  /** A `command` is one as it is typed in Slack. */
  readonly slackLink: {
    readonly heading: string
    readonly user: string
    readonly workspace: string
    readonly account: string
    /** What is shown in Slack from then on, and what never is. */
    readonly sees: { readonly heading: string; readonly items: ReadonlyArray<string>; readonly never: string }
    readonly ends: (command: string) => string
    readonly onlyYou: string
    readonly lives: (until: Until) => string
    readonly next: string
    readonly send: string
    readonly which: string
    readonly hint: string
    readonly missing: string
    readonly control: string
    readonly linked: { readonly heading: string; readonly body: string; readonly told: string }
    readonly wrong: { readonly heading: string; readonly body: string; readonly sent: string }
    readonly over: { readonly heading: string; readonly body: string }
    readonly again: (command: string) => string
    readonly signIn: { readonly heading: string; readonly body: string; readonly onwards: (command: string) => string }
  }
}
