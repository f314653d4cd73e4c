import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { manifestOf, scopes } from "../../src/bot/manifest.ts"

const folder = join(import.meta.dirname, "../../src/bot")
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(folder, file), "utf8"))

/** The scopes that each method of the Web API wants, where it wants one (docs.slack.dev). */
const wanted: Readonly<Record<string, ReadonlyArray<string>>> = {
  "auth.test": [],
  "chat.postMessage": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "chat.update": ["chat:write"],
  "conversations.open": ["im:write"],
  "conversations.history": ["im:history", "channels:history", "groups:history"],
  "conversations.replies": ["im:history", "channels:history", "groups:history"],
  "usergroups.users.list": ["usergroups:read"],
  "views.open": [],
  "views.update": [],
  "views.publish": []
}

const options = {
  brand: "Harbor",
  publicUrl: new URL("https://security.example"),
  command: "/2fa",
  socketMode: false
}

describe("the manifest of the Slack app", () => {
  it("asks for the scopes that the calls of the bot need, and for no others", () => {
    const called = sources.flatMap((text) => [
      ...text.matchAll(/"((?:auth|chat|conversations|usergroups|views|users|team)\.[\w.]+)"/g)
    ])
    const methods = [...new Set(called.map(([, method = ""]) => method))]
    assert.includeMembers(Object.keys(wanted), methods)
    const needed = new Set(["commands", "app_mentions:read", ...methods.flatMap((method) => wanted[method] ?? [])])
    assert.sameMembers([...scopes], [...needed])
  })

  it("names the address of this configuration, and none in Socket Mode", () => {
    const { features, settings } = manifestOf(options)
    const address = "https://security.example/slack/events"
    assert.strictEqual(features.slash_commands[0]?.url, address)
    assert.deepStrictEqual(settings.interactivity, { is_enabled: true, request_url: address })
    assert.deepInclude(settings.event_subscriptions, { request_url: address })
    const socket = manifestOf({ ...options, socketMode: true, command: "/rekey" })
    assert.isTrue(socket.settings.socket_mode_enabled)
    assert.strictEqual(socket.features.slash_commands[0]?.command, "/rekey")
    assert.notInclude(JSON.stringify(socket), "https://")
  })

  it("keeps to Slack's limits, whatever the brand is", () => {
    const { display_information: shown, features } = manifestOf({ ...options, brand: "B".repeat(60) })
    assert.isAtMost(shown.name.length, 35)
    assert.isAtMost(shown.description.length, 140)
    assert.isAtMost(features.bot_user.display_name.length, 80)
  })
})
