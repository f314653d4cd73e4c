import { Context, Data, Effect, Layer, Record, Result } from "effect"
import { nearest } from "./settings/names.ts"
import { type Given, rules } from "./settings/rules.ts"
import type { Setting } from "./settings/Setting.ts"
import { table, type Values } from "./settings/table.ts"

/** The environment, or what a test puts in its place. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What stops the start: one sentence a fault, all of them at once, none with a secret in it. */
export class SettingsFault extends Data.TaggedError("SettingsFault")<{ readonly faults: ReadonlyArray<string> }> {
  override get message(): string {
    return this.faults.join("\n")
  }
}

/** Settings that have a value even where they are unset. */
interface Filled {
  readonly publicUrl: URL
  readonly demo: boolean
  readonly inbox: boolean
  readonly returnOrigins: ReadonlyArray<string>
  readonly trustedProxies: ReadonlyArray<string>
  readonly slackSupportGroups: ReadonlyArray<string>
}

/** Everything that can be configured, under the names of the table, valid as a whole. */
export class Settings extends Context.Service<
  Settings,
  Omit<Values, keyof Filled> &
    Filled & {
      /** `DATABASE_URL` is unset: what is missing is generated, and demo and inbox are on. */
      readonly localMode: boolean
    }
>()("rekey/Settings") {
  /** From the environment of this process, which nothing else reads. */
  static readonly layer: Layer.Layer<Settings, SettingsFault> = Layer.effect(
    Settings,
    Effect.suspend(() => readSettings(process.env))
  )

  /** From these variables and no others. */
  static readonly layerOf = (env: Environment): Layer.Layer<Settings, SettingsFault> =>
    Layer.effect(Settings, readSettings(env))
}

type Answers<All> = { readonly [Key in keyof All]: Result.Result<All[Key], string> }

const entries: ReadonlyArray<Setting<unknown>> = Object.values(table)

/** The text of a variable; an empty one is unset but for the signing secret, whose emptiness is to be refused. */
const textOf = (env: Environment, name: string): string | undefined => {
  const text = env[name]?.trim()
  return text === "" && name !== table.slackSigningSecret.name ? undefined : text
}

/** What was written, where it helps and gives nothing away: an address may have a password before its `@`. */
const shown = ({ secret }: Setting<unknown>, text: string): string =>
  secret === true || text.includes("@") ? "" : `; it is ${JSON.stringify(text.slice(0, 80))}`

const answer = (setting: Setting<unknown>, env: Environment): Result.Result<unknown, string> => {
  const text = textOf(env, setting.name) ?? setting.default
  return text === undefined
    ? Result.succeed(undefined)
    : Result.mapError(setting.read(text), (what) => `Set ${setting.name} to ${what}${shown(setting, text)}.`)
}

/** Each answer is of the type that its own reader has; mapping over the table forgets which is whose. */
const answersOf = (env: Environment) => Record.map(table, (setting) => answer(setting, env)) as Answers<Values>

const filled = (answers: Answers<Values>, localMode: boolean): Answers<Omit<Values, keyof Filled> & Filled> => ({
  ...answers,
  publicUrl: Result.flatMap(answers.publicUrl, (url) =>
    url === undefined ? Result.map(answers.port, (port) => new URL(`http://localhost:${port}`)) : Result.succeed(url)
  ),
  demo: Result.map(answers.demo, (on) => on ?? localMode),
  inbox: Result.map(answers.inbox, (on) => on ?? localMode),
  returnOrigins: Result.map(answers.returnOrigins, (origins) => origins ?? []),
  trustedProxies: Result.map(answers.trustedProxies, (ranges) => ranges ?? []),
  slackSupportGroups: Result.map(answers.slackSupportGroups, (groups) => groups ?? [])
})

/** Variables that look like Rekey's and are not: a misspelt one would silently leave the default in force. */
const strangers = (env: Environment): ReadonlyArray<string> => {
  const own = entries.map(({ name }) => name).filter((name) => name.startsWith("REKEY_"))
  return Object.keys(env)
    .filter((name) => name.startsWith("REKEY_") && !own.includes(name) && textOf(env, name) !== undefined)
    .toSorted()
    .map((name) => `Rename ${name} to ${nearest(name, own)}, or remove it: there is no setting of that name.`)
}

/** Reads and validates all variables as a whole. */
export const readSettings = (env: Environment): Effect.Effect<Settings["Service"], SettingsFault> => {
  const isSet = (name: string) => textOf(env, name) !== undefined
  const localMode = !isSet(table.databaseUrl.name)
  const own = answersOf(env)
  const answers = filled(own, localMode)
  const values = Result.all(answers)
  const known = Record.map(
    answers as Record.ReadonlyRecord<string, Result.Result<unknown, string>>,
    Result.getOrUndefined
  )
  const given = { ...known, localMode, isSet } as Given
  const faults = [
    // `PUBLIC_URL` follows from `PORT`, whose fault is told once
    ...Object.values<Result.Result<unknown, string>>(own).flatMap((one) =>
      Result.isFailure(one) ? [one.failure] : []
    ),
    ...rules.flatMap((rule) => rule(given) ?? []),
    ...strangers(env)
  ]
  if (Result.isFailure(values) || faults.length > 0) return Effect.fail(new SettingsFault({ faults }))
  return Effect.succeed(Settings.of({ ...values.success, localMode }))
}

const cell = (text: string): string => text.replaceAll("|", "\\|")

/** The reference of all settings, as a table in Markdown. */
export const settingsReference = (): string =>
  [
    "| variable | default | meaning |",
    "| --- | --- | --- |",
    ...entries.map(({ meaning, name, unset, ...setting }) => {
      const standard =
        setting.default === undefined ? `unset${unset === undefined ? "" : `: ${unset}`}` : `\`${setting.default}\``
      return `| \`${name}\` | ${cell(standard)} | ${cell(meaning)} |`
    }),
    ""
  ].join("\n")
