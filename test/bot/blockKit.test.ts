import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { blockKitFaults } from "../kit/blockKit.ts"

const of = (length: number) => "x".repeat(length)
const times = <A>(count: number, item: (index: number) => A) => Array.from({ length: count }, (_, index) => item(index))
const plain = (length = 5) => ({ type: "plain_text", text: of(length) })
const mrkdwn = (length = 5) => ({ type: "mrkdwn", text: of(length) })
const address = (length: number) => `https://rekey.example/${of(length - "https://rekey.example/".length)}`

const section = (more: object = { text: mrkdwn() }) => ({ type: "section", ...more })
const button = (more: object = {}) => ({ type: "button", text: plain(), action_id: "press", ...more })
const actions = (...elements: ReadonlyArray<object>) => ({ type: "actions", elements })
const confirm = (more: object = {}) => ({ title: plain(), text: mrkdwn(), confirm: plain(), deny: plain(), ...more })
const option = (more: object = {}) => ({ text: plain(), value: "one", ...more })
const image = (more: object = {}) => ({ type: "image", alt_text: "A lamp", image_url: address(40), ...more })
const select = (more: object = {}) => ({ type: "static_select", action_id: "choose", options: [option()], ...more })
const input = (more: object = {}) => ({
  type: "input",
  label: plain(),
  element: { type: "plain_text_input", action_id: "note" },
  ...more
})
const view = (more: object = {}) => ({ type: "modal", title: plain(), submit: plain(), blocks: [section()], ...more })

const message = (...blocks: ReadonlyArray<unknown>) => ({ text: "What it says", blocks })

// What is limited, how it looks at a size, the greatest size that Slack takes, and the path that the fault names.
const limits: ReadonlyArray<
  readonly [what: string, make: (size: number) => Parameters<typeof blockKitFaults>[0], most: number, path: string]
> = [
  ["blocks of a message", (n) => message(...times(n, () => section())), 50, "blocks"],
  ["blocks of a modal", (n) => ({ view: view({ blocks: times(n, () => section()) }) }), 100, "view.blocks"],
  ["blocks of a home view", (n) => ({ view: { type: "home", blocks: times(n, () => section()) } }), 100, "view.blocks"],
  ["the text of a message", (n) => ({ text: of(n) }), 4000, "text"],
  ["the text of a section", (n) => message(section({ text: mrkdwn(n) })), 3000, "blocks[0].text.text"],
  ["fields", (n) => message(section({ fields: times(n, () => mrkdwn()) })), 10, "blocks[0].fields"],
  ["a field", (n) => message(section({ fields: [mrkdwn(n)] })), 2000, "blocks[0].fields[0].text"],
  ["a header", (n) => message({ type: "header", text: plain(n) }), 150, "blocks[0].text.text"],
  [
    "elements of a context",
    (n) => message({ type: "context", elements: times(n, () => mrkdwn()) }),
    10,
    "blocks[0].elements"
  ],
  [
    "elements of actions",
    (n) => message(actions(...times(n, (at) => button({ action_id: `press-${at}` })))),
    25,
    "blocks[0].elements"
  ],
  ["the text of a button", (n) => message(actions(button({ text: plain(n) }))), 75, "blocks[0].elements[0].text.text"],
  ["the value of a button", (n) => message(actions(button({ value: of(n) }))), 2000, "blocks[0].elements[0].value"],
  ["the url of a button", (n) => message(actions(button({ url: address(n) }))), 3000, "blocks[0].elements[0].url"],
  ["an action_id", (n) => message(actions(button({ action_id: of(n) }))), 255, "blocks[0].elements[0].action_id"],
  ["a block_id", (n) => message(section({ text: mrkdwn(), block_id: of(n) })), 255, "blocks[0].block_id"],
  ["the alt_text of an image", (n) => message(image({ alt_text: of(n) })), 2000, "blocks[0].alt_text"],
  ["the title of an image", (n) => message(image({ title: plain(n) })), 2000, "blocks[0].title.text"],
  ["the url of an image", (n) => message(image({ image_url: address(n) })), 3000, "blocks[0].image_url"],
  [
    "the title of a confirmation",
    (n) => message(actions(button({ confirm: confirm({ title: plain(n) }) }))),
    100,
    "blocks[0].elements[0].confirm.title.text"
  ],
  [
    "the text of a confirmation",
    (n) => message(actions(button({ confirm: confirm({ text: mrkdwn(n) }) }))),
    300,
    "blocks[0].elements[0].confirm.text.text"
  ],
  [
    "the yes of a confirmation",
    (n) => message(actions(button({ confirm: confirm({ confirm: plain(n) }) }))),
    30,
    "blocks[0].elements[0].confirm.confirm.text"
  ],
  [
    "the no of a confirmation",
    (n) => message(actions(button({ confirm: confirm({ deny: plain(n) }) }))),
    30,
    "blocks[0].elements[0].confirm.deny.text"
  ],
  ["the title of a modal", (n) => ({ view: view({ title: plain(n) }) }), 24, "view.title.text"],
  ["the submit of a modal", (n) => ({ view: view({ submit: plain(n) }) }), 24, "view.submit.text"],
  ["the close of a modal", (n) => ({ view: view({ close: plain(n) }) }), 24, "view.close.text"],
  ["private_metadata", (n) => ({ view: view({ private_metadata: of(n) }) }), 3000, "view.private_metadata"],
  ["a callback_id", (n) => ({ view: view({ callback_id: of(n) }) }), 255, "view.callback_id"],
  [
    "options of a menu",
    (n) => message(actions(select({ options: times(n, () => option()) }))),
    100,
    "blocks[0].elements[0].options"
  ],
  [
    "the placeholder of a menu",
    (n) => message(actions(select({ placeholder: plain(n) }))),
    150,
    "blocks[0].elements[0].placeholder.text"
  ],
  [
    "the text of an option",
    (n) => message(actions(select({ options: [option({ text: plain(n) })] }))),
    75,
    "blocks[0].elements[0].options[0].text.text"
  ],
  [
    "radio buttons",
    (n) => message(actions(select({ type: "radio_buttons", options: times(n, () => option()) }))),
    10,
    "blocks[0].elements[0].options"
  ],
  [
    "an overflow menu",
    (n) => message(actions(select({ type: "overflow", options: times(n, () => option()) }))),
    5,
    "blocks[0].elements[0].options"
  ],
  [
    "the label of an input",
    (n) => ({ view: view({ blocks: [input({ label: plain(n) })] }) }),
    2000,
    "view.blocks[0].label.text"
  ],
  [
    "the hint of an input",
    (n) => ({ view: view({ blocks: [input({ hint: plain(n) })] }) }),
    2000,
    "view.blocks[0].hint.text"
  ]
]

const everyoneIn = (text: string) => message(section({ text: { type: "mrkdwn", text } }))

// What has no number: the payload, and the beginning of the one fault.
const faulty: ReadonlyArray<readonly [what: string, payload: Parameters<typeof blockKitFaults>[0], fault: string]> = [
  ["blocks without a text", { blocks: [section()] }, "text is missing"],
  ["a blank text", { text: " ", blocks: [section()] }, "text is missing"],
  ["nothing at all", {}, "text is missing"],
  ["blocks that are no list", { text: "Hello", blocks: "section" }, "blocks is no list"],
  ["an unknown block", message({ type: "marquee" }), 'blocks[0] has the type "marquee"'],
  ["a block without a type", message({}), "blocks[0] has no type"],
  ["an unknown element", message(actions({ type: "slider" })), 'blocks[0].elements[0] has the type "slider"'],
  ["an element in the wrong place", message(actions(image())), 'blocks[0].elements[0] has the type "image"'],
  ["an unknown property", message(section({ text: mrkdwn(), elements: [] })), "blocks[0].elements is not known"],
  ["a section with nothing in it", message(section({})), "blocks[0] has neither text nor fields"],
  ["an empty text object", message(section({ text: mrkdwn(0) })), "blocks[0].text.text is empty"],
  ["a text object without a type", message(section({ text: { text: "Hello" } })), "blocks[0].text has no type"],
  ["a header in mrkdwn", message({ type: "header", text: mrkdwn() }), 'blocks[0].text has the type "mrkdwn"'],
  [
    "a button in mrkdwn",
    message(actions(button({ text: mrkdwn() }))),
    'blocks[0].elements[0].text has the type "mrkdwn"'
  ],
  ["a context with nothing in it", message({ type: "context", elements: [] }), "blocks[0].elements has 0 items"],
  ["actions with nothing in them", message(actions()), "blocks[0].elements has 0 items"],
  ["a style of its own", message(actions(button({ style: "default" }))), 'blocks[0].elements[0].style is "default"'],
  ["a url that is none", message(actions(button({ url: "rekey" }))), "blocks[0].elements[0].url is no address"],
  [
    "a button that does nothing",
    message(actions({ type: "button", text: plain() })),
    "blocks[0].elements[0] is a button with neither action_id nor url"
  ],
  [
    "a confirmation without a title",
    message(actions(button({ confirm: { text: plain(), confirm: plain(), deny: plain() } }))),
    "blocks[0].elements[0].confirm.title is missing"
  ],
  [
    "an action_id twice in a block",
    message(actions(button(), button())),
    'blocks[0].elements[1].action_id is "press" a second time'
  ],
  [
    "a block_id twice",
    message(section({ text: mrkdwn(), block_id: "one" }), section({ text: mrkdwn(), block_id: "one" })),
    'blocks[1].block_id is "one" a second time'
  ],
  [
    "an image without a description",
    message({ type: "image", image_url: address(40) }),
    "blocks[0].alt_text is missing"
  ],
  ["an image without a picture", message({ type: "image", alt_text: "A lamp" }), "blocks[0] has neither image_url"],
  [
    "options and groups",
    message(actions(select({ option_groups: [{ label: plain(), options: [option()] }] }))),
    "blocks[0].elements[0] has both options"
  ],
  ["a rich text of nothing", message({ type: "rich_text", elements: [] }), "blocks[0].elements has 0 items"],
  ["an unknown view", { view: { type: "panel", blocks: [] } }, 'view has the type "panel"'],
  ["a view that is none", { view: "modal" }, "view has no type"],
  ["a modal without a title", { view: { type: "modal", blocks: [] } }, "view.title is missing"],
  ["a modal with its title in mrkdwn", { view: view({ title: mrkdwn() }) }, 'view.title has the type "mrkdwn"'],
  [
    "an input without a submit",
    { view: { type: "modal", title: plain(), blocks: [input()] } },
    "view has an input and no submit"
  ],
  ["@channel", everyoneIn("Look <!channel>"), "blocks[0].text.text calls everybody"],
  ["@here", everyoneIn("<!here> look"), "blocks[0].text.text calls everybody"],
  ["@everyone with a label", everyoneIn("<!everyone|all>"), "blocks[0].text.text calls everybody"],
  ["@channel in the fallback", { text: "Look <!channel>" }, "text calls everybody"],
  [
    "@here in rich text",
    message({
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [{ type: "broadcast", range: "here" }] }]
    }),
    "blocks[0].elements[0].elements[0] calls everybody"
  ]
]

const fine: ReadonlyArray<readonly [what: string, payload: Parameters<typeof blockKitFaults>[0]]> = [
  ["a text alone", { text: "Hello" }],
  ["a text and no blocks", { text: "Hello", blocks: [] }],
  ["the same action_id in two blocks", message(actions(button()), section({ text: mrkdwn(), accessory: button() }))],
  ["a link that needs no action_id", message(actions({ type: "button", text: plain(), url: address(40) }))],
  ["text and fields", message(section({ text: mrkdwn(), fields: [plain()] }))],
  ["a divider", message({ type: "divider" })],
  ["everybody's name in plain text", message(section({ text: { type: "plain_text", text: "<!channel>" } }))],
  ["a person's mention", everyoneIn("<@U0CASEY> asked")],
  [
    "rich text",
    message({
      type: "rich_text",
      elements: [
        { type: "rich_text_section", elements: [{ type: "text", text: "Hello" }] },
        { type: "rich_text_list", style: "bullet", elements: [{ type: "rich_text_section", elements: [] }] }
      ]
    })
  ],
  ["a modal with an input", { view: view({ blocks: [input()] }) }],
  ["a home view", { view: { type: "home", blocks: [section(), actions(button({ style: "primary" }))] } }]
]

describe("blockKitFaults", () => {
  it.effect.each(limits)("%s: what Slack takes, and one more", ([, make, most, path]) =>
    Effect.sync(() => {
      assert.deepStrictEqual(blockKitFaults(make(most)), [])
      const faults = blockKitFaults(make(most + 1))
      assert.strictEqual(faults.length, 1, faults.join("\n"))
      assert.match(faults[0] ?? "", new RegExp(`has ${most + 1} .*more than ${most}$`))
      assert.isTrue(faults[0]?.startsWith(`${path} `), faults[0])
    })
  )

  it.effect.each(faulty)("%s is a fault", ([, payload, fault]) =>
    Effect.sync(() => {
      const faults = blockKitFaults(payload)
      assert.strictEqual(faults.length, 1, faults.join("\n"))
      assert.isTrue(faults[0]?.startsWith(fault), faults[0])
    })
  )

  it.effect.each(fine)("%s is none", ([, payload]) =>
    Effect.sync(() => {
      assert.deepStrictEqual(blockKitFaults(payload), [])
    })
  )
})
