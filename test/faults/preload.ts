import { Socket } from "node:net"

/*
 * Loaded by `--import` into a node of the harness, never by the product: a clock that is off, and other nodes that are
 * reached through the links of the harness.
 */

/* oxlint-disable node/no-process-env -- nothing of Rekey is loaded yet */
const skewMillis = Number(process.env["FAULTS_SKEW_MILLIS"] ?? 0)
const redirected = new Map(
  (process.env["FAULTS_REDIRECT"] ?? "")
    .split(",")
    .filter((pair) => pair !== "")
    .map((pair) => pair.split("=").map(Number) as [number, number])
)

if (skewMillis !== 0) {
  const Real = Date
  const now = () => Real.now() + skewMillis
  globalThis.Date = new Proxy(Real, {
    construct: (target, given: ReadonlyArray<unknown>, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
    get: (target, name, receiver) => (name === "now" ? now : (Reflect.get(target, name, receiver) as unknown))
  })
}

if (redirected.size > 0) {
  const direct = Socket.prototype.connect as (this: Socket, ...given: Array<unknown>) => Socket
  const bend = (options: unknown) => {
    if (typeof options !== "object" || options === null || !("port" in options)) return
    options.port = redirected.get(Number(options.port)) ?? options.port
  }
  Socket.prototype.connect = function (this: Socket, ...given: Array<unknown>) {
    const [first] = given
    bend(Array.isArray(first) ? (first as ReadonlyArray<unknown>)[0] : first)
    return Reflect.apply(direct, this, given)
  }
}
