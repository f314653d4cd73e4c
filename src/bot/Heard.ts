import { Schema } from "effect"
import { randomUUID } from "node:crypto"
import type { SlackUser } from "../domain/slack.ts"

/** A request of Slack as it was understood: from whom, and how it may be answered. */
export interface Heard {
  /** The same however often it is delivered (S-66). */
  readonly keys: ReadonlyArray<string>
  readonly user: SlackUser
  readonly displayName: string
  readonly workspace: string
  readonly channel: string | null
  readonly responseUrl: string | null
  /** Good for three seconds. */
  readonly triggerId: string | null
  /** The direct messages of the bot with this person, where the request itself says so. */
  readonly isDirect: boolean
  /** The home tab: there is no place beside it for an answer. */
  readonly isHome: boolean
  /** Whether Slack says how this person is called. */
  readonly isNamed: boolean
}

const text = Schema.optional(Schema.String)
const named = Schema.Struct({ id: Schema.String })
const team = Schema.Struct({ id: Schema.String, domain: text, enterprise_id: text })

const Command = Schema.Struct({
  user_id: Schema.String,
  user_name: text,
  team_id: Schema.String,
  team_domain: text,
  enterprise_id: text,
  channel_id: text,
  response_url: text,
  trigger_id: text,
  text
})
const Interaction = Schema.Struct({
  user: Schema.Struct({ id: Schema.String, username: text, name: text, team_id: text }),
  team: Schema.NullishOr(team),
  enterprise: Schema.optional(Schema.NullOr(named)),
  channel: Schema.optional(named),
  container: Schema.optional(Schema.Struct({ channel_id: text })),
  view: Schema.optional(Schema.Struct({ type: text })),
  response_url: text,
  trigger_id: text,
  actions: Schema.optional(Schema.Array(Schema.Struct({ action_id: Schema.String, value: text })))
})
const Event = Schema.Struct({
  event_id: Schema.String,
  team_id: Schema.String,
  enterprise_id: Schema.optional(Schema.NullOr(Schema.String)),
  event: Schema.Struct({
    type: Schema.String,
    user: text,
    text,
    channel: text,
    channel_type: text,
    subtype: text,
    bot_id: text,
    tab: text,
    ts: text
  })
})
export const decodeCommand = Schema.decodeUnknownOption(Command)
export const decodeInteraction = Schema.decodeUnknownOption(Interaction)
export const decodeEvent = Schema.decodeUnknownOption(Event)

export type Command = typeof Command.Type
export type Interaction = typeof Interaction.Type
export type Event = typeof Event.Type

/** A request that bears nothing by which it could be known again is one of its own. */
const present = (...keys: ReadonlyArray<string | undefined>) => {
  const known = keys.filter((key) => key !== undefined)
  return known.length === 0 ? [randomUUID()] : known
}

/** `signature`: of the request where it came by HTTP; in Socket Mode there is none. */
export const heardCommand = (body: Command, signature: string | undefined): Heard => ({
  keys: present(signature === undefined ? body.trigger_id : signature),
  user: { enterprise: body.enterprise_id ?? null, team: body.team_id, user: body.user_id },
  displayName: body.user_name ?? body.user_id,
  workspace: body.team_domain ?? body.team_id,
  channel: body.channel_id ?? null,
  responseUrl: body.response_url ?? null,
  triggerId: body.trigger_id ?? null,
  isDirect: false,
  isHome: false,
  isNamed: true
})

export const heardInteraction = (body: Interaction, signature: string | undefined): Heard => ({
  keys: present(signature === undefined ? body.trigger_id : signature),
  user: {
    enterprise: body.enterprise?.id ?? body.team?.enterprise_id ?? null,
    team: body.team?.id ?? body.user.team_id ?? "-",
    user: body.user.id
  },
  displayName: body.user.username ?? body.user.name ?? body.user.id,
  workspace: body.team?.domain ?? body.team?.id ?? "-",
  channel: body.channel?.id ?? body.container?.channel_id ?? null,
  responseUrl: body.response_url ?? null,
  triggerId: body.trigger_id ?? null,
  isDirect: false,
  isHome: body.view?.type === "home",
  isNamed: true
})

/** Slack repeats an event under the same id, signed anew. */
export const heardEvent = (body: Event, user: string, signature: string | undefined): Heard => ({
  keys: present(`event ${body.event_id}`, signature),
  user: { enterprise: body.enterprise_id ?? null, team: body.team_id, user },
  displayName: user,
  workspace: body.team_id,
  channel: body.event.channel ?? null,
  responseUrl: null,
  triggerId: null,
  isDirect: body.event.channel_type === "im",
  isHome: false,
  isNamed: false
})
