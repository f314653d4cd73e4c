import { bot, channelName, team } from "./people.ts"
import type { Ephemeral, Seen, View, Workspace } from "./workspace.ts"

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The objects of a list; nothing where it is none. */
export const fieldsIn = (value: unknown): ReadonlyArray<Fields> => (Array.isArray(value) ? value.filter(isFields) : [])

/** An object as it is, and undefined for anything else. */
export const fieldsOf = (value: unknown): Fields | undefined => (isFields(value) ? value : undefined)

const withActionId = (element: unknown, made: string): unknown =>
  isFields(element) &&
  typeof element["type"] === "string" &&
  !["image", "mrkdwn", "plain_text"].includes(element["type"])
    ? { action_id: made, ...element }
    : element

/** Blocks as Slack gives them back: what has no id has got one. */
export const withIds = (blocks: unknown): ReadonlyArray<Fields> =>
  fieldsIn(blocks).map((block, index) => ({
    block_id: `b${index}`,
    ...block,
    ...(block["type"] === "actions"
      ? { elements: fieldsIn(block["elements"]).map((element, at) => withActionId(element, `a${index}.${at}`)) }
      : {}),
    ...(block["accessory"] === undefined ? {} : { accessory: withActionId(block["accessory"], `a${index}`) }),
    ...(block["type"] === "input" ? { element: withActionId(block["element"], `a${index}`) } : {})
  }))

/** The elements of a list of blocks that can be pressed, with the block of each. */
export const pressable = (blocks: unknown): ReadonlyArray<{ readonly blockId: string; readonly element: Fields }> =>
  withIds(blocks).flatMap((block) =>
    [...fieldsIn(block["elements"]), ...fieldsIn([block["accessory"]]), ...fieldsIn([block["element"]])]
      .filter((element) => "action_id" in element)
      .map((element) => ({ blockId: String(block["block_id"]), element }))
  )

/** A message as the Web API and the interactions show it. */
export const messageOf = (workspace: Workspace, message: Seen, metadata = true): Fields => {
  const replies = workspace.messages.filter(
    ({ channel, threadTs }) => channel === message.channel && threadTs === message.ts
  )
  const latest = replies.at(-1)
  return {
    type: "message",
    user: message.user,
    ...(message.user === bot.userId ? { bot_id: bot.botId, app_id: bot.appId } : {}),
    team: team.id,
    ts: message.ts,
    text: message.text,
    ...(message.blocks === undefined ? {} : { blocks: withIds(message.blocks) }),
    ...(metadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
    ...(message.edits.length === 0 ? {} : { edited: { user: bot.userId, ts: message.ts } }),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(latest === undefined
      ? {}
      : { thread_ts: message.ts, reply_count: replies.length, latest_reply: latest.ts, subscribed: false })
  }
}

/** The little of an ephemeral message that a press tells of. */
export const ephemeralOf = (ephemeral: Ephemeral): Fields => ({ type: "message", ts: ephemeral.ts, is_ephemeral: true })

/** A view as the Web API and the interactions show it. */
export const viewOf = (workspace: Workspace, view: View, values: Fields = {}): Fields => {
  const below = workspace.modalsOf(view.user)
  const at = below.indexOf(view)
  return {
    id: view.id,
    team_id: team.id,
    callback_id: "",
    private_metadata: "",
    external_id: "",
    ...view.view,
    blocks: withIds(view.view["blocks"]),
    state: { values },
    hash: view.hash,
    root_view_id: below[0]?.id ?? view.id,
    previous_view_id: below[at - 1]?.id ?? null,
    app_id: bot.appId,
    bot_id: bot.botId
  }
}

/** A channel as the Web API shows it. */
export const conversationOf = (channel: string): Fields => {
  const direct = channel.startsWith("D")
  return direct
    ? { id: channel, is_im: true, user: `U${channel.slice(1)}`, is_archived: false, is_org_shared: false }
    : {
        id: channel,
        name: channelName(channel),
        name_normalized: channelName(channel),
        is_channel: true,
        is_im: false,
        is_private: false,
        is_archived: false,
        is_member: true,
        is_ext_shared: false
      }
}
