import { Console, Effect, Layer } from "effect"
import { type TrailFault, verifyTrails } from "./account/verifyTrails.ts"
import { keysOfTheDatabase, runCommand } from "./command.ts"
import { tables } from "./core.ts"
import { Database } from "./services/Database.ts"
import { Settings } from "./settings.ts"

const database = Layer.unwrap(
  Settings.useSync(({ databaseUrl, dataDir }) => Database.reader({ url: databaseUrl, embedded: { dataDir } }))
)

const sentenceOf = (fault: TrailFault): string => {
  const trail = `The audit trail of account ${fault.accountId}`
  switch (fault.reason) {
    case "missing":
      return `${trail} lacks row ${fault.sequence}.`
    case "changed":
      return `${trail} was changed at row ${fault.sequence}.`
    case "none":
      return `${trail} is missing as a whole.`
    case "apart":
      return `${trail} ends in epoch ${fault.trail}, and the account is in epoch ${fault.account}: rows at its end are missing, or the account was changed past it.`
  }
}

/** Prints one line for each fault of an audit trail, and a total; reads only, also beside a running Rekey. */
const command = Effect.gen(function* () {
  const { trails, rows, faults, unproved } = yield* verifyTrails((fault) => Console.log(sentenceOf(fault)))
  for (const [keyId, count] of unproved) {
    yield* Console.log(
      `${count} rows were made with key ${keyId}, which is not in the ring, so what they say is not proved: put it at the end of REKEY_SECRET_KEYS for this command.`
    )
  }
  yield* Console.log(`audit trails: ${trails} with ${rows} rows, ${faults + unproved.size} faults`)
  return faults + unproved.size === 0 ? 0 : 1
}).pipe(Effect.provide(tables.pipe(Layer.provide(keysOfTheDatabase), Layer.provide(database))))

runCommand(command)
