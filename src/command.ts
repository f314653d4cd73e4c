import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Cause, Effect, Exit, Layer, Logger, References } from "effect"
import { line } from "./services/Observability.ts"
import { KeyRing } from "./services/KeyRing.ts"
import { secretKeysIn } from "./services/keys.ts"
import { Settings } from "./settings.ts"
import { startFaults } from "./startFaults.ts"

/** The key ring that made what is in the database: no new one is generated here. */
export const keysOfTheDatabase = Layer.unwrap(
  Settings.useSync(({ secretKeys, dataDir }) =>
    secretKeys === undefined
      ? Layer.unwrap(Effect.map(secretKeysIn(dataDir, "told"), KeyRing.layerOf))
      : KeyRing.layerOf(secretKeys)
  )
)

/** Standard output is for what the command has to say. */
const logs = Layer.merge(
  Logger.layer([Logger.withConsoleError(line)]),
  Layer.unwrap(Settings.useSync(({ logLevel }) => Layer.succeed(References.MinimumLogLevel, logLevel)))
)

/** Runs what an operator asks for once, to the exit code that it answers with; what stops it is told in plain sentences. */
export const runCommand = <E>(command: Effect.Effect<number, E, Settings>): void =>
  command.pipe(
    Effect.provide(logs.pipe(Layer.provideMerge(Settings.layer))),
    NodeRuntime.runMain({
      disableErrorReporting: true,
      teardown: (exit, end) => {
        if (Exit.isSuccess(exit)) return end(typeof exit.value === "number" ? exit.value : 0)
        for (const fault of startFaults(exit.cause)) process.stderr.write(`${fault}\n`)
        return end(Cause.hasInterruptsOnly(exit.cause) ? 130 : 1)
      }
    })
  )
