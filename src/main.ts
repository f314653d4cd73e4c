import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Cause, Console, Data, Effect, Exit, Layer, Option } from "effect"
import { HttpServer } from "effect/http"
import { registerDemo } from "./account/demo.ts"
import * as followEvents from "./account/followEvents.ts"
import * as watchOutages from "./account/watchOutages.ts"
import { announcement } from "./announcement.ts"
import * as Bot from "./bot/Bot.ts"
import { route as slackRoute } from "./bot/route.ts"
import { core } from "./core.ts"
import { ApiKeys } from "./http/ApiKeys.ts"
import { developmentKey } from "./http/developmentKey.ts"
import * as Server from "./http/Server.ts"
import * as Courier from "./services/Courier.ts"
import { Database } from "./services/Database.ts"
import { Health } from "./services/Health.ts"
import { IdleMemory } from "./services/IdleMemory.ts"
import { KeyRing } from "./services/KeyRing.ts"
import { secretKeysIn } from "./services/keys.ts"
import * as Observability from "./services/Observability.ts"
import { Outbox } from "./services/Outbox.ts"
import { PasswordVerifier } from "./services/PasswordVerifier.ts"
import { SlackOutbox } from "./services/SlackOutbox.ts"
import { senders } from "./services/senders.ts"
import { TwoFactorStore } from "./services/TwoFactorStore.ts"
import { Settings } from "./settings.ts"
import { startFaults } from "./startFaults.ts"

/** Where the settings choose between parts, they choose here and nowhere else. */
const chosen = <A, E, R>(choose: (settings: Settings["Service"]) => Layer.Layer<A, E, R>) =>
  Layer.unwrap(Settings.useSync(choose))

const logs = chosen(({ logLevel, otlpEndpoint }) =>
  Observability.layer({ level: logLevel, otlpUrl: otlpEndpoint, terminal: process.stdout.isTTY })
)

const database = chosen(({ databaseUrl, dataDir }) => Database.layer({ url: databaseUrl, embedded: { dataDir } }))

const keys = chosen(({ secretKeys, dataDir }) =>
  secretKeys === undefined
    ? Layer.unwrap(Effect.map(secretKeysIn(dataDir), KeyRing.layerOf))
    : KeyRing.layerOf(secretKeys)
)

const passwords = chosen(({ passwordCost, threadPool }) => PasswordVerifier.layer(passwordCost, threadPool))

const apiKeys = Layer.unwrap(
  Effect.gen(function* () {
    const { apiKeys: configured } = yield* Settings
    return ApiKeys.layerOf(configured ?? [yield* developmentKey])
  })
)

/** A row that still matters was made with a key that is gone: better not to start than to refuse its owner (S-77). */
class KeysMissing extends Data.TaggedError("KeysMissing")<{ readonly message: string }> {}

const keysComplete = Layer.effectDiscard(
  Effect.gen(function* () {
    const store = yield* TwoFactorStore
    const { ids } = yield* KeyRing
    const missing = (yield* store.keyIdsInUse).filter((id) => !ids.includes(id))
    if (missing.length === 0) return
    return yield* new KeysMissing({
      message: `REKEY_SECRET_KEYS lacks ${missing.join(", ")}, which open challenges or links of notices were made with: add it back, or wait 72 hours before removing a key.`
    })
  })
)

const held = chosen(({ clusterPort }) => (clusterPort === undefined ? Database.singleProcess : Database.oneOfMany))

/** What a process that died was sending is sent at once, where this one holds the database alone. */
const leftBehind = chosen(({ clusterPort }) =>
  clusterPort !== undefined
    ? Layer.empty
    : Layer.effectDiscard(
        Effect.andThen(
          Outbox.use(({ reclaim }) => reclaim),
          SlackOutbox.use(({ reclaim }) => reclaim)
        )
      )
)

const demo = chosen(({ demo: withDemo }) => (withDemo ? Layer.effectDiscard(registerDemo) : Layer.empty))

/** Without its settings there is no bot: not even a route. */
const bot = chosen(({ slackBotToken }) =>
  slackBotToken === undefined ? Layer.empty : slackRoute.pipe(Layer.provide(Bot.layer))
)

/** Last of all: the table and the line that scripts wait for. They go to standard output also when logs are JSON. */
const ready = Layer.effectDiscard(
  Effect.gen(function* () {
    const settings = yield* Settings
    const { address } = yield* HttpServer.HttpServer
    const base = HttpServer.formatAddress(address)
    const shown = settings.apiKeys === undefined ? Option.some(yield* developmentKey) : Option.none()
    if (settings.stepUp === "password") {
      yield* Effect.logWarning("REKEY_STEP_UP=password: who knows a password can turn its second factor off or move it")
    }
    yield* Console.log(announcement(settings, base, shown))
  })
)

/** Read from the bottom up: each part stands on those below it. */
const app = ready.pipe(
  Layer.provide(Server.layerWith(bot)),
  Layer.provide(Layer.mergeAll(Courier.layer, followEvents.layer, watchOutages.layer)),
  Layer.provide(Layer.mergeAll(demo, keysComplete, leftBehind, IdleMemory.layer)),
  Layer.provideMerge(Health.layer),
  Layer.provideMerge(core),
  Layer.provideMerge(Layer.mergeAll(senders, passwords, apiKeys)),
  Layer.provideMerge(held),
  Layer.provideMerge(database),
  Layer.provideMerge(keys),
  Layer.provideMerge(logs),
  Layer.provideMerge(Settings.layer)
)

Layer.launch(app).pipe(
  NodeRuntime.runMain({
    disableErrorReporting: true,
    teardown: (exit, end) => {
      const faults = Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause) ? startFaults(exit.cause) : []
      for (const fault of faults) process.stderr.write(`${fault}\n`)
      end(Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause) ? 0 : 1)
    }
  })
)
