import { Console, Effect, Layer } from "effect"
import { voidRestored } from "./account/voidRestored.ts"
import { keysOfTheDatabase, runCommand } from "./command.ts"
import { tables } from "./core.ts"
import { Database } from "./services/Database.ts"
import { Settings } from "./settings.ts"

const database = Layer.unwrap(
  Settings.useSync(({ databaseUrl, dataDir }) => Database.layer({ url: databaseUrl, embedded: { dataDir } }))
)

/** To be run once after a back-up was restored, before the start; refuses where a Rekey runs on the database. */
const command = Effect.gen(function* () {
  const done = yield* voidRestored()
  const counts = [
    `accounts   ${done.accounts} raised to a new epoch`,
    `closed     ${done.challenges} challenges, ${done.resets} resets that waited`,
    `dropped    ${done.grants} grants, ${done.sessions} sessions, ${done.portalLinks} links to the pages, ${done.noticeLinks} links of notices, ${done.slackInvitations} invitations of Slack`,
    `not sent   ${done.letters} codes and letters whose time is over`
  ]
  yield* Console.log(counts.join("\n"))
  return 0
}).pipe(
  Effect.provide(
    tables.pipe(Layer.provide(keysOfTheDatabase), Layer.provide(Database.singleProcess), Layer.provide(database))
  )
)

runCommand(command)
