import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"

const dependency = Schema.Literals(["ok", "degraded", "down"])

const dependencies = Schema.Struct({
  database: dependency,
  keys: dependency,
  migrations: dependency,
  shards: dependency,
  mail: dependency,
  sms: Schema.optionalKey(dependency),
  slack: Schema.optionalKey(dependency)
})

/** Requests are answered, perhaps without some mail or text going out at the moment. */
const Ready = Schema.Struct({ status: Schema.Literals(["ok", "degraded"]), dependencies })

/** No request can be answered here. */
const NotReady = Schema.Struct({ status: Schema.Literal("down"), dependencies }).pipe(HttpApiSchema.status(503))

/** `GET /health/live` */
const live = HttpApiEndpoint.get("live", "/live", {
  success: Schema.Struct({ status: Schema.Literal("ok") })
}).annotateMerge(OpenApi.annotations({ summary: "Ask whether the process lives" }))

/** `GET /health/ready` */
const ready = HttpApiEndpoint.get("ready", "/ready", { success: [Ready, NotReady] }).annotateMerge(
  OpenApi.annotations({
    summary: "Ask whether requests can be answered here",
    description: "503 while one of the dependencies is down that every request needs."
  })
)

/** Probes for a supervisor or a load balancer: no key, no numbers, no addresses. */
export class Health extends HttpApiGroup.make("health")
  .add(live, ready)
  .prefix("/health")
  .annotateMerge(
    OpenApi.annotations({ title: "Health", description: "Whether the process lives, and whether it can do its work." })
  ) {}
