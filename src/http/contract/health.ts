import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"

const dependency = Schema.Literals(["ok", "degraded", "down"])

const dependencies = Schema.Struct({
  database: dependency,
  keys: dependency,
  migrations: dependency,
  shards: dependency,
  mail: dependency,
  sms: Schema.optionalKey(dependency)
})

/** Requests are answered, perhaps without some mail or text going out at the moment. */
const Ready = Schema.Struct({ status: Schema.Literals(["ok", "degraded"]), dependencies })

/** No request can be answered here. */
const NotReady = Schema.Struct({ status: Schema.Literal("down"), dependencies }).pipe(HttpApiSchema.status(503))

/** Probes for a supervisor or a load balancer: no key, no numbers, no addresses. */
export class Health extends HttpApiGroup.make("health")
  .add(HttpApiEndpoint.get("live", "/live", { success: Schema.Struct({ status: Schema.Literal("ok") }) }))
  .add(HttpApiEndpoint.get("ready", "/ready", { success: [Ready, NotReady] }))
  .prefix("/health")
  .annotateMerge(
    OpenApi.annotations({ title: "Health", description: "Whether the process lives, and whether it can do its work." })
  ) {}
