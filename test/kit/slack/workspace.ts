import { performance } from "node:perf_hooks"
import { bot, channels, directOf, people } from "./people.ts"

type Fields = Readonly<Record<string, unknown>>

/** What a message shows: after it was posted, or after an edit. */
export interface Shown {
  readonly text: string
  readonly blocks: ReadonlyArray<Fields> | undefined
  /** Kept beside it, for apps only. */
  readonly metadata: unknown
}

/** A message as a person sees it now. */
export interface Seen extends Shown {
  readonly ts: string
  readonly channel: string
  readonly user: string
  /** The message whose thread this is a reply in. */
  readonly threadTs: string | undefined
  /** What each edit made of it, oldest first. */
  readonly edits: ReadonlyArray<Shown & { readonly at: number }>
  /** Monotonic milliseconds. */
  readonly postedAt: number
}

/** What only one person sees, and Slack does not keep. */
export interface Ephemeral extends Omit<Shown, "metadata"> {
  readonly ts: string
  readonly channel: string
  readonly user: string
  readonly via: "chat.postEphemeral" | "response_url" | "answer"
}

/** A modal or a home view, and what it showed before. */
export interface View {
  readonly id: string
  readonly user: string
  readonly hash: string
  readonly view: Fields
  /** What each update made of it, oldest first. */
  readonly updates: ReadonlyArray<Fields>
}

/** A call that reached the Web API, a response_url or the socket. */
export interface Call {
  readonly method: string
  /** Monotonic milliseconds. */
  readonly at: number
  readonly args: Fields
  /** `ok`, the error that Slack names, or what became of the answer. */
  outcome: string
}

/** Something that the app said, as it came: `text` has it decoded where it was a form. */
export interface Received {
  readonly url: string
  readonly headers: string
  readonly body: string
  readonly text: string
}

/** A message sooner than a second after the one before it in the same channel. */
export interface PacingViolation {
  readonly channel: string
  readonly method: string
  readonly afterMillis: number
}

/** A payload that Slack would have refused. */
export interface BlockFaults {
  readonly method: string
  readonly faults: ReadonlyArray<string>
  readonly payload: Fields
}

/** What a trigger was made for. */
interface Trigger {
  readonly user: string
  readonly issuedAt: number
  used: boolean
}

/** Where a response_url leads. */
export interface ResponseUrl {
  readonly channel: string
  readonly user: string
  /** The message with the button that was pressed. */
  readonly messageTs: string | undefined
  uses: number
}

type Kept<A> = { -readonly [K in keyof A]: A[K] }

const paceMillis = 1000
// What two timers of two processes may differ in.
const jitterMillis = 50

/** What Slack has in mind: one workspace. */
export const aWorkspace = (options: { readonly pacing: boolean; readonly triggerMillis: number }) => {
  const now = () => performance.now()
  const messages: Array<Kept<Seen>> = []
  const ephemerals: Array<Kept<Ephemeral>> = []
  const modals: Array<Kept<View>> = []
  const homes = new Map<string, Kept<View>>()
  const triggers = new Map<string, Trigger>()
  const responseUrls = new Map<string, ResponseUrl>()
  const opened = new Set<string>()
  const lastPost = new Map<string, number>()
  const pacingViolations: Array<PacingViolation> = []
  let newest = 0
  let made = 0

  /** Slack's clock is the name of a message: no two are equal. */
  const nextTs = () => {
    newest = Math.max(Math.floor(Date.now() * 1000), newest + 1)
    const digits = String(newest)
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`
  }
  const nextId = (letter: string) => `${letter}0${String(++made).padStart(8, "0")}`

  /** The channel that a call means: a person's id means their direct messages. */
  const channelOf = (asked: unknown): string | undefined => {
    if (typeof asked !== "string") return undefined
    if (Object.hasOwn(channels, asked) || opened.has(asked)) return asked
    return people.some(({ id }) => id === asked) ? openDirect(asked) : undefined
  }
  const openDirect = (user: string) => {
    const channel = directOf(user)
    opened.add(channel)
    return channel
  }

  /** Whether a message may come there now; one that may not is kept as a violation. */
  const paced = (channel: string, method: string) => {
    const at = now()
    const since = at - (lastPost.get(channel) ?? -Infinity)
    if (!options.pacing || since >= paceMillis - jitterMillis) {
      lastPost.set(channel, at)
      return true
    }
    pacingViolations.push({ channel, method, afterMillis: since })
    return false
  }

  const find = (channel: unknown, ts: unknown) => messages.find((it) => it.channel === channel && it.ts === ts)

  const post = (channel: string, shown: Shown, more: { readonly user?: string; readonly threadTs?: string } = {}) => {
    const { user = bot.userId, threadTs } = more
    const message = { ...shown, ts: nextTs(), channel, user, threadTs, edits: [], postedAt: now() }
    messages.push(message)
    return message
  }

  const edit = (message: Seen, shown: Shown) => {
    const kept = message as Kept<Seen>
    kept.edits = [...message.edits, { ...shown, at: now() }]
    Object.assign(kept, shown)
    return message
  }

  const remove = (message: Seen) => messages.splice(messages.indexOf(message), 1)

  const whisper = (to: Omit<Ephemeral, "ts">) => {
    const ephemeral = { ...to, ts: nextTs() }
    ephemerals.push(ephemeral)
    return ephemeral
  }

  const newView = (letter: string, user: string, view: Fields): Kept<View> => ({
    id: nextId(letter),
    user,
    hash: nextTs(),
    view,
    updates: []
  })
  const push = (user: string, view: Fields) => {
    const modal = newView("V", user, view)
    modals.push(modal)
    return modal
  }
  const publish = (user: string, view: Fields) => {
    const home = homes.get(user)
    if (home !== undefined) return change(home, view)
    const first = newView("VH", user, view)
    homes.set(user, first)
    return first
  }
  const change = (view: View, to: Fields) => {
    const kept = view as Kept<View>
    kept.updates = [...view.updates, to]
    kept.view = to
    kept.hash = nextTs()
    return view
  }
  const viewOf = (id: unknown) => [...modals, ...homes.values()].find((view) => view.id === id)
  const modalsOf = (user: string) => modals.filter((modal) => modal.user === user)
  const closed = (modal: View) => modals.splice(modals.indexOf(modal), 1)

  const trigger = (user: string) => {
    const id = `${++made}.${Math.floor(now())}.${nextTs().replace(".", "")}`
    triggers.set(id, { user, issuedAt: now(), used: false })
    return id
  }
  /** Whose trigger it is; once, and not later than three seconds after it was made. */
  const exchange = (id: unknown): { readonly user: string } | { readonly error: string } => {
    const found = triggers.get(String(id))
    if (found === undefined) return { error: "invalid_trigger_id" }
    if (found.used) return { error: "exchanged_trigger_id" }
    if (now() - found.issuedAt > options.triggerMillis) return { error: "expired_trigger_id" }
    found.used = true
    return { user: found.user }
  }

  const responsePath = (kind: "commands" | "actions", to: Omit<ResponseUrl, "uses">) => {
    const path = `/${kind}/T0HARBOR/${++made}/${nextTs().replace(".", "")}`
    responseUrls.set(path, { ...to, uses: 0 })
    return path
  }

  return {
    now,
    messages: messages as ReadonlyArray<Seen>,
    ephemerals: ephemerals as ReadonlyArray<Ephemeral>,
    homes: homes as ReadonlyMap<string, View>,
    modals: modals as ReadonlyArray<View>,
    modalsOf,
    calls: [] as Array<Call>,
    received: [] as Array<Received>,
    blockFaults: [] as Array<BlockFaults>,
    pacingViolations: pacingViolations as ReadonlyArray<PacingViolation>,
    nextTs,
    nextId,
    channelOf,
    openDirect,
    paced,
    find,
    post,
    edit,
    remove,
    whisper,
    unwhisper: (ts: unknown) => {
      const at = ephemerals.findIndex((it) => it.ts === ts)
      if (at >= 0) ephemerals.splice(at, 1)
    },
    push,
    publish,
    change,
    viewOf,
    closed,
    trigger,
    exchange,
    responsePath,
    responseUrl: (path: string) => responseUrls.get(path)
  }
}

/** What Slack has in mind. */
export type Workspace = ReturnType<typeof aWorkspace>
