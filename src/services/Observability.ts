import { Cause, Layer, Logger, References } from "effect"
import { FetchHttpClient, HttpMiddleware, UrlParams } from "effect/http"
import { Otlp } from "effect/observability"
import type { LogLevel } from "effect/LogLevel"

/** What the layer is made from: `LOG_LEVEL` and `OTEL_EXPORTER_OTLP_ENDPOINT`. */
export interface ObservabilityOptions {
  readonly level: LogLevel
  readonly otlpUrl: string | undefined
  /** Lines for a person, or JSON for a machine. */
  readonly terminal: boolean
}

const shownValue = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value))

/** `12:04:31 INFO  Refused  code=not_found status=404`: one line; what went wrong below it. */
export const line = Logger.make(({ date, logLevel, message, cause, fiber }) => {
  const words = (Array.isArray(message) ? message : [message]).map(shownValue).join(" ")
  const annotations = Object.entries(fiber.getRef(References.CurrentLogAnnotations))
    .map(([name, value]) => ` ${name}=${shownValue(value)}`)
    .join("")
  const below = cause.reasons.length === 0 ? "" : `\n${Cause.pretty(cause)}`
  return `${date.toISOString().slice(11, 19)} ${logLevel.toUpperCase().padEnd(5)} ${words}${annotations === "" ? "" : ` ${annotations}`}${below}`
})

const console = (terminal: boolean) => (terminal ? Logger.withConsoleLog(line) : Logger.consoleJson)

/** Query parameters may be anything; none of them goes into a trace (S-26). Headers are not recorded at all. */
const redaction = Layer.succeed(UrlParams.CurrentRedactedNames, [/.*/s])

/** The built-in tracer of requests writes addresses down, and they may bear a token or a name; ours is `inServerSpan`. */
const withoutAddresses = Layer.succeed(HttpMiddleware.TracerDisabledWhen, () => true)

/** A URL with user and password in it cannot be fetched: they go into a header, as they are meant. */
const collectorOf = (url: URL) => {
  const [user, password] = [url.username, url.password].map(decodeURIComponent)
  const baseUrl = `${url.origin}${url.pathname.replace(/\/+$/, "")}`
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`
  return url.username === "" ? { baseUrl } : { baseUrl, headers: { authorization } }
}

/** Logs, and where a collector is configured also traces and metrics to it. */
export const layer = ({ level, otlpUrl, terminal }: ObservabilityOptions): Layer.Layer<never> => {
  const logs = Layer.merge(Logger.layer([console(terminal)]), Layer.succeed(References.MinimumLogLevel, level))
  const here = Layer.mergeAll(logs, redaction, withoutAddresses)
  return otlpUrl === undefined
    ? here
    : Otlp.layerJson({
        ...collectorOf(new URL(otlpUrl)),
        resource: { serviceName: "rekey" },
        loggerMergeWithExisting: true
      }).pipe(Layer.provide(FetchHttpClient.layer), Layer.provideMerge(here))
}
