import { en } from "../words/slack/en.ts"

/** What the manifest depends on. */
export interface ManifestOptions {
  readonly brand: string
  /** Base of the address that Slack calls. */
  readonly publicUrl: URL
  /** The slash command, such as `/2fa`. */
  readonly command: string
  /** Whether Slack is reached through its socket instead of being told an address. */
  readonly socketMode: boolean
}

/**
 * What the bot may do, and why: be commanded, write, open direct messages, be mentioned, look whether a message whose
 * answer was lost is there, and read who is in the support groups.
 */
export const scopes = [
  "commands",
  "chat:write",
  "im:write",
  "app_mentions:read",
  "im:history",
  "channels:history",
  "groups:history",
  "usergroups:read"
] as const

/** The events that are listened to. */
export const events = ["app_home_opened", "app_mention", "message.im"] as const

/** The manifest of the Slack app for a configuration: paste it where Slack asks for one, and the app is complete. */
export const manifestOf = ({ brand, publicUrl, command, socketMode }: ManifestOptions) => {
  const address = new URL("/slack/events", publicUrl).href
  const told = socketMode ? {} : { request_url: address }
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: {
      name: `${brand} Security`.slice(0, 35),
      description: "Guides you through two-factor authentication. It never asks for a password or a code."
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: `${brand} Security`.slice(0, 80), always_online: true },
      slash_commands: [
        {
          command,
          ...(socketMode ? {} : { url: address }),
          description: en.commands.change.help.slice(0, 100),
          usage_hint: "help | status | change | lost | why | link",
          should_escape: false
        }
      ]
    },
    oauth_config: { scopes: { bot: [...scopes] } },
    settings: {
      event_subscriptions: { ...told, bot_events: [...events] },
      interactivity: { is_enabled: true, ...told },
      org_deploy_enabled: false,
      socket_mode_enabled: socketMode,
      token_rotation_enabled: false
    }
  }
}
