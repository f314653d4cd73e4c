import type { Command, Payload, Press, SlackEvent, Submit, Telling, Whose } from "./asked.ts"
import { bot, casey, channelName, directOf, generalChannel, personOf, team } from "./people.ts"
import { ephemeralOf, fieldsIn, messageOf, pressable, viewOf } from "./shapes.ts"
import type { View, Workspace } from "./workspace.ts"

type Fields = Readonly<Record<string, unknown>>

// The verification token that Slack has given up; nobody may rely on it.
const token = "deprecated-verification-token"

/** Makes what Slack says of what people do. */
export const payloads = (workspace: Workspace, origin: string, usual: { readonly enterprise: string | null }) => {
  const enterpriseOf = ({ enterprise }: { readonly enterprise?: string | null }) =>
    enterprise === undefined ? usual.enterprise : enterprise
  const named = (id: string | null) => (id === null ? {} : { enterprise_id: id, enterprise_name: "Harbor Group" })
  const nameOf = (user: string) => personOf(user)?.name ?? user.toLowerCase()

  /** A channel where the bot is; a person's direct messages are there as soon as they use them. */
  const channelFor = (user: string, channel: string | undefined) => {
    if (channel !== undefined && channel !== directOf(user)) return channel
    return workspace.openDirect(user)
  }

  const command = (asked: Command): Payload => {
    const { user, text } = asked
    const channel = channelFor(user, asked.channel)
    const triggerId = workspace.trigger(user)
    const responseUrl = `${origin}${workspace.responsePath("commands", { channel, user, messageTs: undefined })}`
    return {
      type: "slash_commands",
      payload: {
        token,
        team_id: asked.team ?? team.id,
        team_domain: team.domain,
        ...named(enterpriseOf(asked)),
        channel_id: channel,
        channel_name: channelName(channel),
        user_id: user,
        user_name: nameOf(user),
        command: asked.command ?? "/2fa",
        text,
        api_app_id: bot.appId,
        is_enterprise_install: "false",
        response_url: responseUrl,
        trigger_id: triggerId
      },
      triggerId,
      responseUrl,
      user,
      channel
    }
  }

  const interaction = (asked: Whose): Fields => {
    const enterprise = enterpriseOf(asked)
    const teamId = asked.team ?? team.id
    return {
      user: { id: asked.user, username: nameOf(asked.user), name: nameOf(asked.user), team_id: teamId },
      api_app_id: bot.appId,
      token,
      team: { id: teamId, domain: team.domain, ...named(enterprise) },
      enterprise: enterprise === null ? null : { id: enterprise, name: "Harbor Group" },
      is_enterprise_install: false
    }
  }

  const offers = (blocks: unknown, asked: Press) =>
    pressable(blocks).find(
      ({ blockId, element }) =>
        element["action_id"] === asked.actionId &&
        (asked.blockId === undefined || blockId === asked.blockId) &&
        (asked.value === undefined || element["value"] === asked.value || optionOf(element, asked.value) !== undefined)
    )

  const optionOf = (element: Fields, value: string | undefined) =>
    [
      ...fieldsIn(element["options"]),
      ...fieldsIn(element["option_groups"]).flatMap((group) => fieldsIn(group["options"]))
    ].find((option) => option["value"] === value)

  /** Where somebody sees the button: newest first. */
  const seen = (asked: Press) => {
    const { user, messageTs, viewId } = asked
    const view = viewId === undefined ? undefined : workspace.viewOf(viewId)
    if (viewId !== undefined) return view === undefined ? [] : [{ view, blocks: view.view["blocks"] }]
    const channel = channelFor(user, asked.channel)
    const there = (it: { readonly channel: string; readonly ts: string }) =>
      it.channel === channel && (messageTs === undefined || it.ts === messageTs)
    return [
      ...workspace.messages.filter(there).map((message) => ({ message, blocks: message.blocks, ts: message.ts })),
      ...workspace.ephemerals
        .filter((it) => it.user === user && there(it))
        .map((ephemeral) => ({ ephemeral, blocks: ephemeral.blocks, ts: ephemeral.ts }))
    ].toSorted((one, other) => (one.ts < other.ts ? 1 : -1))
  }

  const press = (asked: Press): Payload => {
    const { user, actionId, value } = asked
    const places = seen(asked)
    const place = places.find(({ blocks }) => offers(blocks, asked) !== undefined) ?? places[0]
    const offered = place === undefined ? undefined : offers(place.blocks, asked)
    if (offered === undefined && asked.anyway !== true)
      throw new Error(`${user} sees no ${actionId}${value === undefined ? "" : ` of ${value}`} to press`)
    const { blockId, element } = offered ?? {
      blockId: asked.blockId ?? "b0",
      element: { type: "button", action_id: actionId, text: { type: "plain_text", text: actionId }, value }
    }
    const option = optionOf(element, value)
    const action = {
      type: element["type"],
      action_id: actionId,
      block_id: blockId,
      ...(element["text"] === undefined ? {} : { text: element["text"] }),
      ...(element["value"] === undefined ? {} : { value: element["value"] }),
      ...(element["style"] === undefined ? {} : { style: element["style"] }),
      ...(option === undefined ? {} : { selected_option: option }),
      action_ts: workspace.nextTs()
    }
    const state =
      option === undefined ? {} : { [blockId]: { [actionId]: { type: element["type"], selected_option: option } } }
    const triggerId = workspace.trigger(user)
    const common = { type: "block_actions", ...interaction(asked), trigger_id: triggerId, actions: [action] }
    if (place !== undefined && "view" in place) {
      const { view } = place
      return {
        type: "interactive",
        payload: {
          ...common,
          container: { type: "view", view_id: view.id },
          view: viewOf(workspace, view, state)
        },
        triggerId,
        user
      }
    }
    const channel = channelFor(user, asked.channel)
    const ts = place?.ts ?? asked.messageTs ?? workspace.nextTs()
    const responseUrl = `${origin}${workspace.responsePath("actions", { channel, user, messageTs: ts })}`
    const ephemeral = place !== undefined && "ephemeral" in place ? place.ephemeral : undefined
    const message =
      place !== undefined && "message" in place
        ? messageOf(workspace, place.message)
        : ephemeral === undefined
          ? undefined
          : ephemeralOf(ephemeral)
    return {
      type: "interactive",
      payload: {
        ...common,
        container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: ephemeral !== undefined },
        channel: { id: channel, name: channelName(channel) },
        ...(message === undefined ? {} : { message }),
        state: { values: state },
        response_url: responseUrl
      },
      triggerId,
      responseUrl,
      user,
      channel
    }
  }

  const modalOf = ({ user, viewId }: Submit) => {
    const modal = viewId === undefined ? workspace.modalsOf(user).at(-1) : workspace.viewOf(viewId)
    if (modal === undefined) throw new Error(`${user} has no modal before them`)
    return modal
  }

  /** What was entered, in Slack's shape: by block, then by action. */
  const entered = (modal: View, values: Readonly<Record<string, string>>) => {
    const state: Record<string, Record<string, unknown>> = {}
    for (const { blockId, element } of pressable(modal.view["blocks"])) {
      const actionId = String(element["action_id"])
      const value = values[actionId]
      const option = optionOf(element, value)
      const shown = option === undefined ? { value: value ?? null } : { selected_option: option }
      if (element["type"] !== "button")
        state[blockId] = { ...state[blockId], [actionId]: { type: element["type"], ...shown } }
    }
    return state
  }

  const submit = (asked: Submit): Payload => {
    const modal = modalOf(asked)
    const triggerId = workspace.trigger(asked.user)
    return {
      type: "interactive",
      payload: {
        type: "view_submission",
        ...interaction(asked),
        trigger_id: triggerId,
        view: viewOf(workspace, modal, entered(modal, asked.values ?? {})),
        response_urls: []
      },
      triggerId,
      user: asked.user,
      view: modal
    }
  }

  const close = (asked: Submit): Payload | undefined => {
    const modal = modalOf(asked)
    const payload = { type: "view_closed", ...interaction(asked), view: viewOf(workspace, modal), is_cleared: false }
    workspace.closed(modal)
    return modal.view["notify_on_close"] === true ? { type: "interactive", payload, user: asked.user } : undefined
  }

  /** An event with all that Slack adds; what a person writes is in the channel, too. */
  const told = (event: SlackEvent): SlackEvent => {
    const { type, user = casey, text } = event
    const speaks = type === "message" || type === "app_mention"
    const channel =
      event.channel ?? (type === "app_mention" ? generalChannel : speaks ? channelFor(user, undefined) : undefined)
    if (speaks && channel !== undefined) {
      channelFor(user, channel)
      const threadTs = event["thread_ts"]
      const written =
        event["ts"] === undefined && event["subtype"] === undefined && event["bot_id"] === undefined
          ? workspace.post(
              channel,
              { text: typeof text === "string" ? text : "", blocks: undefined, metadata: undefined },
              { user, ...(typeof threadTs === "string" ? { threadTs } : {}) }
            ).ts
          : workspace.nextTs()
      const kind = channel.startsWith("D") ? "im" : "channel"
      return { user, channel, channel_type: kind, team: team.id, ts: written, event_ts: written, ...event }
    }
    const home = workspace.homes.get(user)
    return {
      ...(type === "app_home_opened"
        ? {
            user,
            channel: channelFor(user, undefined),
            tab: "home",
            ...(home === undefined ? {} : { view: viewOf(workspace, home) })
          }
        : {}),
      event_ts: workspace.nextTs(),
      ...event
    }
  }

  const event = (what: SlackEvent, telling: Telling = {}): Payload => {
    const enterprise = enterpriseOf(telling)
    const teamId = telling.team ?? team.id
    const eventId = telling.eventId ?? workspace.nextId("Ev")
    const whole = told(what)
    const ts = whole["ts"]
    return {
      type: "events_api",
      payload: {
        token,
        team_id: teamId,
        ...(enterprise === null ? {} : { enterprise_id: enterprise }),
        context_team_id: teamId,
        context_enterprise_id: enterprise,
        api_app_id: bot.appId,
        event: whole,
        type: "event_callback",
        event_id: eventId,
        event_time: Math.floor(Number(whole["event_ts"])),
        authorizations: [
          {
            enterprise_id: enterprise,
            team_id: teamId,
            user_id: bot.userId,
            is_bot: true,
            is_enterprise_install: false
          }
        ],
        is_ext_shared_channel: false,
        event_context: `4-${eventId}`
      },
      eventId,
      ...(typeof ts === "string" ? { ts } : {}),
      ...(whole.user === undefined ? {} : { user: whole.user }),
      ...(whole.channel === undefined ? {} : { channel: whole.channel })
    }
  }

  return {
    command,
    press,
    submit,
    close,
    event,
    urlVerification: (challenge: string): Fields => ({ token, challenge, type: "url_verification" }),
    sslCheck: { ssl_check: "1", token }
  }
}

/** The form or the JSON in which Slack posts a payload. */
export const posted = ({ type, payload }: Pick<Payload, "type" | "payload">) => {
  if (type === "events_api") return { body: JSON.stringify(payload), contentType: "application/json" }
  const fields =
    type === "interactive"
      ? { payload: JSON.stringify(payload) }
      : Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]))
  return { body: new URLSearchParams(fields).toString(), contentType: "application/x-www-form-urlencoded" }
}
