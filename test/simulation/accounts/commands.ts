import type { MethodId } from "../../../src/domain/ids.ts"

/** Of whom: the newest first, 0 is the newest. */
export type Back = number
export type Password = "right" | "wrong"

/** The code that somebody enters. */
export type CodeGiven = "right" | "wrong" | "of the issue before" | "of another challenge"

/** What somebody wants. Ids and codes are found when it begins, so that a command means something in any history. */
export type Wish =
  | { readonly do: "import"; readonly changes: "email" | "phone" | "password" | "nothing" }
  | { readonly do: "sign in"; readonly password: Password }
  | { readonly do: "step up" }
  | { readonly do: "set up"; readonly method: MethodId; readonly password: Password; readonly number?: number }
  | {
      readonly do: "change"
      readonly method: MethodId
      readonly password: Password
      readonly grant: Back | "none" | "of another account"
      readonly number?: number
    }
  | { readonly do: "disable"; readonly password: Password; readonly grant: Back | "none" | "of another account" }
  | { readonly do: "verify"; readonly challenge: Back; readonly code: CodeGiven }
  | { readonly do: "resend"; readonly challenge: Back }
  | { readonly do: "cancel"; readonly challenge: Back }
  | { readonly do: "report"; readonly notice: Back }
  | { readonly do: "turn back on"; readonly notice: Back; readonly password: Password }
  | { readonly do: "go back"; readonly notice: Back; readonly password: Password }
  | { readonly do: "lift"; readonly password: Password; readonly grant: Back | "none" }
  /** Time passes. Beside others nobody goes on in between: one of them may come too late. */
  | { readonly do: "wait"; readonly seconds: number }
  /** Time passes until shortly before the newest code, grant or notice lapses. */
  | { readonly do: "wait for"; readonly end: "code" | "grant" | "notice" }
  /** The same call again, with its Idempotency-Key. */
  | { readonly do: "again"; readonly call: Back }

/** What goes wrong in the nth turn of an operation. */
export interface Fault {
  readonly what: "the node dies" | "the client hangs up"
  readonly turn: number
}

/** One command of a history. */
export interface Command {
  readonly wish: Wish
  /** 0 or 1: whose account. */
  readonly account: number
  /** 0 or 1: which node takes the request, and which has the actor. */
  readonly edge: number
  readonly actor: number
  /** Begins while the one before still runs. */
  readonly beside: boolean
  readonly key: boolean
  readonly source: boolean
  /** The answer is lost on its way. */
  readonly lost: boolean
  readonly fault?: Fault
  /** What its turns are drawn from. */
  readonly salt: number
}

/** Which account there is at the beginning. */
export interface Beginning {
  readonly method: MethodId | undefined
  /** Wrong codes that were given before, for the method and for set-up and change. */
  readonly failures: number
  /** Codes that were sent by each channel just before, and not answered. */
  readonly sends: number
}

/** A whole case: the same one runs the same way. */
export interface Case {
  readonly beginnings: readonly [Beginning, Beginning]
  readonly commands: ReadonlyArray<Command>
}
