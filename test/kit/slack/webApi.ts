import { blockKitFaults } from "../blockKit.ts"
import { bot, directOf, groups, people, personOf, team } from "./people.ts"
import { conversationOf, fieldsIn, fieldsOf, messageOf, viewOf } from "./shapes.ts"
import type { Seen, Shown, View, Workspace } from "./workspace.ts"

type Fields = Readonly<Record<string, unknown>>

/** What the Web API says; `ok` is true unless there is an error. */
export type Answer = Fields & { readonly ok: boolean; readonly error?: string }

/** Who asks, in which workspace. */
export interface Around {
  readonly workspace: Workspace
  readonly method: string
  readonly args: Fields
  readonly enterprise: string | null
  /** A new address for a socket. */
  readonly socketUrl: () => string
}

type Method = (around: Around) => Answer

const refused = (error: string, more: Fields = {}): Answer => ({ ok: false, error, ...more })
const ok = (more: Fields = {}): Answer => ({ ok: true, ...more })
const yes = (value: unknown) => value === true || value === "true" || value === "1"

/** The faults of a payload in Slack's words; undefined where there are none. */
const invalid = ({ workspace, method }: Around, payload: Fields, error: string): Answer | undefined => {
  const faults = blockKitFaults(payload)
  if (faults.length === 0) return undefined
  workspace.blockFaults.push({ method, faults, payload })
  return refused(error, {
    errors: faults,
    response_metadata: { messages: faults.map((fault) => `[ERROR] ${fault}`) }
  })
}

const metadataIsWrong = (metadata: unknown) => {
  const given = fieldsOf(metadata)
  return (
    metadata !== undefined &&
    (given === undefined || typeof given["event_type"] !== "string" || fieldsOf(given["event_payload"]) === undefined)
  )
}

/** What a message is to show, or why it cannot be. */
const shownBy = (around: Around): Shown | Answer => {
  const { text, blocks, metadata } = around.args
  if (text === undefined && blocks === undefined) return refused("no_text")
  if (metadataIsWrong(metadata)) return refused("invalid_metadata_format")
  const list = Array.isArray(blocks) && blocks.length > 0 ? fieldsIn(blocks) : undefined
  return (
    invalid(around, { text, ...(blocks === undefined ? {} : { blocks }) }, "invalid_blocks") ?? {
      text: String(text),
      blocks: list,
      metadata
    }
  )
}
const isAnswer = (value: Shown | Answer): value is Answer => "ok" in value

const about = ({ workspace }: Around, message: Seen) => ({
  channel: message.channel,
  ts: message.ts,
  message: messageOf(workspace, message)
})

const inChannel =
  (answer: (around: Around, channel: string) => Answer): Method =>
  (around) => {
    const channel = around.workspace.channelOf(around.args["channel"])
    return channel === undefined ? refused("channel_not_found") : answer(around, channel)
  }

const onMessage = (answer: (around: Around, message: Seen) => Answer): Method =>
  inChannel((around, channel) => {
    const message = around.workspace.find(channel, around.args["ts"])
    return message === undefined ? refused("message_not_found") : answer(around, message)
  })

const inOrder = (found: ReadonlyArray<Seen>, around: Around) => {
  const { oldest = "0", latest = "9999999999.999999", limit, inclusive, include_all_metadata, cursor } = around.args
  const most = Math.min(Number(limit ?? 100), 999)
  const within = ({ ts }: Seen) =>
    yes(inclusive)
      ? Number(ts) >= Number(oldest) && Number(ts) <= Number(latest)
      : Number(ts) > Number(oldest) && Number(ts) < Number(latest)
  const all = found.filter(within)
  const from = cursor === undefined || cursor === "" ? 0 : Number(cursor)
  const some = all.slice(from, from + most)
  const more = all.length > from + most
  return ok({
    messages: some.map((message) => messageOf(around.workspace, message, yes(include_all_metadata))),
    has_more: more,
    response_metadata: { next_cursor: more ? String(from + most) : "" }
  })
}

const viewIn = (around: Around): Fields | Answer => {
  const view = fieldsOf(around.args["view"])
  return view === undefined
    ? refused("invalid_arguments", { response_metadata: { messages: ["[ERROR] missing required field: view"] } })
    : (invalid(around, { view }, "invalid_arguments") ?? view)
}
const isRefused = (value: Fields): value is Answer => value["ok"] === false

const opening =
  (least: number): Method =>
  (around) => {
    const view = viewIn(around)
    if (isRefused(view)) return view
    const exchanged = around.workspace.exchange(around.args["trigger_id"])
    if ("error" in exchanged) return refused(exchanged.error)
    if (around.workspace.modalsOf(exchanged.user).length < least) return refused("not_found")
    if (around.workspace.modalsOf(exchanged.user).length >= 3) return refused("push_limit_reached")
    return ok({ view: viewOf(around.workspace, around.workspace.push(exchanged.user, view)) })
  }

const updated = (around: Around, found: View | undefined): Answer => {
  const view = viewIn(around)
  if (isRefused(view)) return view
  if (found === undefined) return refused("not_found")
  const { hash } = around.args
  if (hash !== undefined && hash !== found.hash) return refused("hash_conflict")
  return ok({ view: viewOf(around.workspace, around.workspace.change(found, view)) })
}

const methods: Readonly<Record<string, Method>> = {
  "api.test": ({ args }) => ok({ args }),
  "auth.test": ({ enterprise }) =>
    ok({
      url: `https://${team.domain}.slack.com/`,
      team: team.name,
      team_id: team.id,
      user: bot.name,
      user_id: bot.userId,
      bot_id: bot.botId,
      is_enterprise_install: false,
      ...(enterprise === null ? {} : { enterprise_id: enterprise })
    }),
  "chat.postMessage": inChannel((around, channel) => {
    const shown = shownBy(around)
    if (isAnswer(shown)) return shown
    const { thread_ts } = around.args
    const parent = around.workspace.find(channel, thread_ts)
    if (thread_ts !== undefined && parent === undefined) return refused("thread_not_found")
    const threadTs = parent?.threadTs ?? parent?.ts
    return ok(about(around, around.workspace.post(channel, shown, threadTs === undefined ? {} : { threadTs })))
  }),
  "chat.update": onMessage((around, message) => {
    if (message.user !== bot.userId) return refused("cant_update_message")
    const { text, blocks, metadata } = around.args
    const shown = shownBy({
      ...around,
      args: {
        text: text ?? message.text,
        // A text alone takes the blocks away; without either they stay.
        ...(blocks === undefined ? (text === undefined ? { blocks: message.blocks } : {}) : { blocks }),
        metadata: metadata ?? message.metadata
      }
    })
    if (isAnswer(shown)) return shown
    return ok({ ...about(around, around.workspace.edit(message, shown)), text: shown.text })
  }),
  "chat.delete": onMessage(({ workspace }, message) => {
    if (message.user !== bot.userId) return refused("cant_delete_message")
    workspace.remove(message)
    return ok({ channel: message.channel, ts: message.ts })
  }),
  "chat.postEphemeral": inChannel((around, channel) => {
    const shown = shownBy(around)
    if (isAnswer(shown)) return shown
    const user = personOf(around.args["user"])
    if (user === undefined || (channel.startsWith("D") && channel !== directOf(user.id)))
      return refused("user_not_in_channel")
    const { text, blocks } = shown
    const { ts } = around.workspace.whisper({ channel, user: user.id, text, blocks, via: "chat.postEphemeral" })
    return ok({ message_ts: ts })
  }),
  "conversations.open": ({ workspace, args }) => {
    const { users, channel } = args
    const asked = typeof users === "string" ? users.split(",") : []
    const user = personOf(asked[0] ?? (typeof channel === "string" ? `U${channel.slice(1)}` : undefined))
    if (asked.length > 1) return refused("not_enough_users")
    if (user === undefined) return refused("user_not_found")
    const alreadyOpen = workspace.channelOf(directOf(user.id)) !== undefined
    const id = workspace.openDirect(user.id)
    const whole = yes(args["return_im"]) ? conversationOf(id) : { id }
    return ok({ channel: whole, ...(alreadyOpen ? { no_op: true, already_open: true } : {}) })
  },
  "conversations.info": inChannel((_, channel) => ok({ channel: conversationOf(channel) })),
  "conversations.history": inChannel((around, channel) =>
    inOrder(
      around.workspace.messages
        .filter((message) => message.channel === channel && message.threadTs === undefined)
        .toReversed(),
      around
    )
  ),
  "conversations.replies": inChannel((around, channel) => {
    const { ts } = around.args
    const thread = around.workspace.messages.filter(
      (message) => message.channel === channel && (message.ts === ts || message.threadTs === ts)
    )
    return thread[0]?.ts === ts ? inOrder(thread, around) : refused("thread_not_found")
  }),
  "users.info": ({ args, enterprise }) => {
    const user = personOf(args["user"])
    if (user === undefined) return refused("user_not_found")
    const image = `https://avatars.slack-edge.com/${user.id.toLowerCase()}`
    return ok({
      user: {
        id: user.id,
        team_id: team.id,
        name: user.name,
        real_name: user.realName,
        deleted: false,
        is_bot: false,
        is_restricted: false,
        tz: "Asia/Kuala_Lumpur",
        ...(yes(args["include_locale"]) ? { locale: "en-US" } : {}),
        ...(enterprise === null ? {} : { enterprise_user: { id: user.id, enterprise_id: enterprise } }),
        profile: {
          real_name: user.realName,
          display_name: user.displayName,
          image_48: `${image}_48.png`,
          image_72: `${image}_72.png`,
          image_192: `${image}_192.png`,
          team: team.id
        }
      }
    })
  },
  "users.list": () => ok({ members: people.map(({ id, name }) => ({ id, name, team_id: team.id })) }),
  "team.info": ({ enterprise }) =>
    ok({
      team: {
        ...team,
        icon: { image_132: "https://avatars.slack-edge.com/harbor_132.png", image_default: false },
        ...(enterprise === null ? {} : { enterprise_id: enterprise, enterprise_name: "Harbor Group" })
      }
    }),
  "usergroups.users.list": ({ args }) => {
    const users = groups[String(args["usergroup"])]
    return users === undefined ? refused("no_such_subteam") : ok({ users })
  },
  "views.open": opening(0),
  "views.push": opening(1),
  "views.update": (around) => {
    const { view_id, external_id } = around.args
    const { workspace } = around
    return updated(
      around,
      view_id === undefined
        ? workspace.modals.find(({ view }) => external_id !== undefined && view["external_id"] === external_id)
        : workspace.viewOf(view_id)
    )
  },
  "views.publish": (around) => {
    const view = viewIn(around)
    if (isRefused(view)) return view
    const { workspace, args } = around
    const user = personOf(args["user_id"])
    if (user === undefined) return refused("user_not_found")
    const home = workspace.homes.get(user.id)
    return home === undefined
      ? ok({ view: viewOf(workspace, workspace.publish(user.id, view)) })
      : updated(around, home)
  },
  "apps.connections.open": ({ socketUrl }) => ok({ url: socketUrl() })
}

/** What Slack answers to a call of its Web API. */
export const webApi = (around: Around, token: string | undefined, tokens: { bot: string; app: string }): Answer => {
  const method = Object.hasOwn(methods, around.method) ? methods[around.method] : undefined
  if (method === undefined) return refused("unknown_method", { req_method: around.method })
  if (around.method === "api.test") return method(around)
  if (token === undefined || token === "") return refused("not_authed")
  if (token !== tokens.bot && token !== tokens.app) return refused("invalid_auth")
  if ((around.method === "apps.connections.open") !== (token === tokens.app)) return refused("not_allowed_token_type")
  return method(around)
}
