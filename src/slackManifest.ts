import { Effect } from "effect"
import { manifestOf } from "./bot/manifest.ts"
import { Settings } from "./settings.ts"

/** Prints the manifest of the Slack app for the settings in the environment, or what is wrong with them. */
const printed = Settings.useSync(({ brandName: brand, publicUrl, slackCommand: command, slackAppToken }) => {
  const manifest = manifestOf({ brand, publicUrl, command, socketMode: slackAppToken !== undefined })
  process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`)
}).pipe(
  Effect.provide(Settings.layer),
  Effect.catchTag("SettingsFault", ({ faults }) =>
    Effect.sync(() => {
      process.stderr.write(`${faults.join("\n")}\n`)
      process.exitCode = 1
    })
  )
)

Effect.runSync(printed)
