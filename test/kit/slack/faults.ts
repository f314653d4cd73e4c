/** What may become of a request. */
export type Fault =
  | { readonly kind: "rateLimited"; readonly seconds: number }
  | { readonly kind: "broken" }
  | { readonly kind: "hanging" }
  | { readonly kind: "refused"; readonly error: string }
  | { readonly kind: "afterwards"; readonly answer: "cut" | "broken" | "hanging" }

/** Where a fault strikes; everywhere and until it is switched off where nothing is said. */
export interface Where {
  /** A method such as `chat.postMessage`, or `response_url`. */
  readonly method?: string
  /** Only calls about this channel. */
  readonly channel?: string
  /** It ends by itself after so many calls. */
  readonly times?: number
}

/** The faults by name. */
export const faults = {
  /** 429, with so many seconds to wait. */
  rateLimited: (seconds: number): Fault => ({ kind: "rateLimited", seconds }),
  /** 500, and nothing was done. */
  broken: { kind: "broken" } as Fault,
  /** Accepted and never answered, and nothing was done. */
  hanging: { kind: "hanging" } as Fault,
  /** `ok: false` with this error. */
  refused: (error: string): Fault => ({ kind: "refused", error }),
  /** It is done, and the answer is lost: the connection is cut, the answer is 500, or none ever comes. */
  afterwards: {
    cut: { kind: "afterwards", answer: "cut" },
    broken: { kind: "afterwards", answer: "broken" },
    hanging: { kind: "afterwards", answer: "hanging" }
  }
} as const satisfies Readonly<Record<string, Fault | ((...args: never) => Fault) | Readonly<Record<string, Fault>>>>

/** The faults that are switched on; the newest that fits strikes. */
export const faultSwitches = () => {
  let on: Array<{ readonly fault: Fault; readonly where: Where; left: number }> = []
  return {
    on: (fault: Fault, where: Where = {}) => {
      on.push({ fault, where, left: where.times ?? Infinity })
    },
    off: (method?: string) => {
      on = method === undefined ? [] : on.filter(({ where }) => where.method !== method)
    },
    strike: (method: string, channel: unknown): Fault | undefined => {
      const found = on.findLast(
        ({ where, left }) =>
          left > 0 &&
          (where.method === undefined || where.method === method) &&
          (where.channel === undefined || where.channel === channel)
      )
      if (found !== undefined) found.left -= 1
      return found?.fault
    }
  }
}

/** The switches of one fake. */
export type FaultSwitches = ReturnType<typeof faultSwitches>
