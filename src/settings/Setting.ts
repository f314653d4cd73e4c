import type { Result } from "effect"

/** Reads the text of a variable; a failure completes the sentence “Set NAME to …” and repeats nothing of the text. */
export type Reader<out A> = (text: string) => Result.Result<A, string>

/** One variable of the environment: what the start validates and what the reference prints. */
export interface Setting<out A> {
  readonly name: string
  /** Read in place of an unset variable. */
  readonly default?: string
  /** What an unset variable stands for, in the words of the reference, where `default` does not say it. */
  readonly unset?: string
  readonly meaning: string
  /** A secret is never repeated in a message. */
  readonly secret?: true
  readonly read: Reader<A>
}

/** What a setting yields: maybe nothing, where it has no default. */
export type ValueOf<S> = S extends { readonly default: string; readonly read: Reader<infer A> }
  ? A
  : S extends { readonly read: Reader<infer A> }
    ? A | undefined
    : never
