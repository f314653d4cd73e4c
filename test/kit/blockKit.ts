import {
  anything,
  byType,
  type Check,
  flag,
  list,
  number,
  oneOf,
  onlyOneOf,
  records,
  shape,
  text,
  together,
  url,
  words
} from "./slack/checks.ts"

const plain = (most: number) => text(["plain_text"], most)
const either = (most: number) => text(["plain_text", "mrkdwn"], most)
const color = oneOf("primary", "danger")

const confirm = shape({ title: plain(100), text: either(300), confirm: plain(30), deny: plain(30) }, { style: color })

const pictured = together(onlyOneOf("image_url", "slack_file"))
const picture = { image_url: url(3000), slack_file: shape({}, { id: words(255), url: url(3000) }) }

const acting = { action_id: words(255), confirm }
const focusable = { ...acting, focus_on_load: flag }
const choosing = { ...focusable, placeholder: plain(150) }
const typing = {
  action_id: words(255),
  placeholder: plain(150),
  focus_on_load: flag,
  dispatch_action_config: shape({
    trigger_actions_on: list(1, 2, oneOf("on_enter_pressed", "on_character_entered"))
  })
}

const option = (label: Check, more: Readonly<Record<string, Check>> = {}) =>
  shape({ text: label, value: words(75) }, { description: either(75), ...more })
const menuOption = option(plain(75))
const listed = option(either(75))
const menu = {
  options: list(1, 100, menuOption),
  option_groups: list(1, 100, shape({ label: plain(75), options: list(1, 100, menuOption) }))
}
const fromMenu = onlyOneOf("options", "option_groups")
const several = { max_selected_items: number(1, 1000) }

/** The interactive elements: what each has to have, what it may have, and what no other property may be beside. */
const elements = {
  button: together(
    shape(
      { text: plain(75) },
      { ...acting, value: words(2000), url: url(3000), style: color, accessibility_label: words(75) }
    ),
    function* (value, path) {
      for (const button of records(value)) {
        if (button["action_id"] === undefined && button["url"] === undefined)
          yield `${path} is a button with neither action_id nor url`
      }
    }
  ),
  workflow_button: shape({ text: plain(75), workflow: anything }, { action_id: words(255), style: color }),
  overflow: shape({ options: list(1, 5, option(plain(75), { url: url(3000) })) }, acting),
  radio_buttons: shape({ options: list(1, 10, listed) }, { ...focusable, initial_option: listed }),
  checkboxes: shape({ options: list(1, 10, listed) }, { ...focusable, initial_options: list(1, 10, listed) }),
  static_select: together(shape({}, { ...choosing, ...menu, initial_option: menuOption }), fromMenu),
  multi_static_select: together(
    shape({}, { ...choosing, ...menu, ...several, initial_options: list(1, 100, menuOption) }),
    fromMenu
  ),
  external_select: shape({}, { ...choosing, initial_option: menuOption, min_query_length: number(0, 100) }),
  multi_external_select: shape(
    {},
    { ...choosing, ...several, initial_options: list(1, 100, menuOption), min_query_length: number(0, 100) }
  ),
  users_select: shape({}, { ...choosing, initial_user: words(255) }),
  multi_users_select: shape({}, { ...choosing, ...several, initial_users: list(1, 100, words(255)) }),
  channels_select: shape({}, { ...choosing, initial_channel: words(255), response_url_enabled: flag }),
  multi_channels_select: shape({}, { ...choosing, ...several, initial_channels: list(1, 100, words(255)) }),
  conversations_select: shape(
    {},
    {
      ...choosing,
      initial_conversation: words(255),
      default_to_current_conversation: flag,
      response_url_enabled: flag,
      filter: anything
    }
  ),
  multi_conversations_select: shape(
    {},
    {
      ...choosing,
      ...several,
      initial_conversations: list(1, 100, words(255)),
      default_to_current_conversation: flag,
      filter: anything
    }
  ),
  datepicker: shape({}, { ...choosing, initial_date: words(10) }),
  timepicker: shape({}, { ...choosing, initial_time: words(5), timezone: words(255) }),
  datetimepicker: shape({}, { ...focusable, initial_date_time: number(0, 9_999_999_999) }),
  plain_text_input: shape(
    {},
    {
      ...typing,
      initial_value: words(3000),
      multiline: flag,
      min_length: number(0, 3000),
      max_length: number(1, 3000)
    }
  ),
  email_text_input: shape({}, { ...typing, initial_value: words(3000) }),
  url_text_input: shape({}, { ...typing, initial_value: words(3000) }),
  number_input: shape(
    { is_decimal_allowed: flag },
    { ...typing, initial_value: words(3000), min_value: words(3000), max_value: words(3000) }
  ),
  rich_text_input: shape({}, { ...typing, initial_value: anything }),
  file_input: shape({}, { action_id: words(255), filetypes: list(1, 100, words(255)), max_files: number(1, 10) }),
  image: together(shape({ alt_text: words(2000) }, picture), pictured)
} as const satisfies Readonly<Record<string, Check>>

const element = (...names: ReadonlyArray<keyof typeof elements>) =>
  byType(Object.fromEntries(names.map((name) => [name, elements[name]])))

const everywhere = [
  "button",
  "checkboxes",
  "datepicker",
  "multi_static_select",
  "multi_external_select",
  "multi_users_select",
  "multi_channels_select",
  "multi_conversations_select",
  "overflow",
  "radio_buttons",
  "static_select",
  "external_select",
  "users_select",
  "channels_select",
  "conversations_select",
  "timepicker",
  "workflow_button"
] as const satisfies ReadonlyArray<keyof typeof elements>
const typed = ["plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input"] as const
const entered = everywhere.filter((name) => name !== "button" && name !== "overflow" && name !== "workflow_button")

const block_id = words(255)
const sectionText = onlyOneOf("text", "fields", "both")
const richPart = shape({ elements: list(0, 1000, anything) }, { style: anything, indent: anything, border: anything })
const richText = {
  rich_text_section: richPart,
  rich_text_list: richPart,
  rich_text_quote: richPart,
  rich_text_preformatted: richPart
}

/** The blocks that a message, a modal and a home view may all have. */
const blocks = {
  actions: shape({ elements: list(1, 25, element(...everywhere, "datetimepicker", "rich_text_input")) }, { block_id }),
  context: shape(
    { elements: list(1, 10, byType({ image: elements.image, plain_text: either(3000), mrkdwn: either(3000) })) },
    { block_id }
  ),
  divider: shape({}, { block_id }),
  header: shape({ text: plain(150) }, { block_id }),
  image: together(shape({ alt_text: words(2000) }, { block_id, title: plain(2000), ...picture }), pictured),
  input: shape(
    { label: plain(2000), element: element(...entered, ...typed, "datetimepicker", "rich_text_input") },
    { block_id, hint: plain(2000), optional: flag, dispatch_action: flag }
  ),
  rich_text: shape({ elements: list(1, 1000, byType(richText)) }, { block_id }),
  section: together(
    shape(
      {},
      {
        block_id,
        text: either(3000),
        fields: list(1, 10, either(2000)),
        accessory: element(...everywhere, "image"),
        expand: flag
      }
    ),
    sectionText
  )
}
const messageBlocks = { ...blocks, markdown: shape({ text: words(12_000) }, { block_id }) }

const kept = { private_metadata: words(3000), callback_id: words(255), external_id: words(255) }
const modal = together(
  shape(
    { title: plain(24), blocks: list(0, 100, byType(blocks)) },
    { ...kept, submit: plain(24), close: plain(24), clear_on_close: flag, notify_on_close: flag, submit_disabled: flag }
  ),
  function* (value, path) {
    for (const view of records(value)) {
      if (view["submit"] === undefined && records(view["blocks"]).some(({ type }) => type === "input"))
        yield `${path} has an input and no submit`
    }
  }
)
const view = byType({ modal, home: shape({ blocks: list(0, 100, byType(blocks)) }, kept) })
const messageBlockList = list(0, 50, byType(messageBlocks))

/** All objects of a payload with their paths. */
function* objectsIn(value: unknown, path: string): Generator<readonly [string, Readonly<Record<string, unknown>>]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* objectsIn(item, `${path}[${index}]`)
  } else if (typeof value === "object" && value !== null) {
    yield [path, value as Readonly<Record<string, unknown>>]
    for (const [name, member] of Object.entries(value)) yield* objectsIn(member, `${path}.${name}`)
  }
}

const twice = function* (value: unknown, path: string, key: "action_id" | "block_id") {
  const seen = new Set<unknown>()
  for (const [at, object] of objectsIn(value, path)) {
    const id = object[key]
    if (typeof id === "string" && seen.has(id)) yield `${at}.${key} is "${id}" a second time`
    seen.add(id)
  }
}

/** A block_id is unique in the whole, an action_id among those of its block: so Slack documents it. */
const ids: Check = function* (value, path) {
  yield* twice(value, path, "block_id")
  for (const [index, block] of records(value).entries()) yield* twice(block, `${path}[${index}]`, "action_id")
}

const loud = /<!(channel|here|everyone)(\|[^>]*)?>/

const mentions: Check = function* (value, path) {
  for (const [at, object] of objectsIn(value, path)) {
    const marked = object["type"] === "mrkdwn" || object["type"] === "markdown" ? object["text"] : undefined
    if (typeof marked === "string" && loud.test(marked)) yield `${at}.text calls everybody of the channel`
    if (object["type"] === "broadcast") yield `${at} calls everybody of the channel`
  }
}

const fallback: Check = function* (value, path) {
  if (typeof value !== "string" || value.trim() === "") {
    yield `${path} is missing: notifications and screen readers have nothing else`
    return
  }
  if (value.length > 4000) yield `${path} has ${value.length} characters, more than 4000`
  if (loud.test(value)) yield `${path} calls everybody of the channel`
}

/** What Slack would refuse in a message or a view, and what it would let pass and people would suffer from. */
export const blockKitFaults = (payload: {
  readonly text?: unknown
  readonly blocks?: unknown
  readonly view?: unknown
}): ReadonlyArray<string> => {
  if (payload.view !== undefined) {
    const inView = typeof payload.view === "object" && payload.view !== null && "blocks" in payload.view
    const content = inView ? payload.view.blocks : undefined
    return [...view(payload.view, "view"), ...ids(content, "view.blocks"), ...mentions(content, "view.blocks")]
  }
  const faults = [...fallback(payload.text, "text")]
  if (payload.blocks === undefined) return faults
  const checks = [messageBlockList, ids, mentions]
  return [...faults, ...checks.flatMap((check) => [...check(payload.blocks, "blocks")])]
}
