import { Option, Redacted } from "effect"
import { demoAccounts, demoPassword } from "./account/demo.ts"
import type { ApiKeyEntry } from "./http/ApiKeys.ts"
import type { Settings } from "./settings.ts"

type Row = readonly [name: string, value: string]

/** What there is to open and to use, for the person who has just started Rekey; the last line says that it is ready. */
export const announcement = (
  {
    publicUrl,
    inbox,
    demo,
    slackBotToken,
    slackAppToken,
    slackCommand
  }: Pick<Settings["Service"], "publicUrl" | "inbox" | "demo" | "slackBotToken" | "slackAppToken" | "slackCommand">,
  bound: string,
  developmentKey: Option.Option<ApiKeyEntry>
): string => {
  const base = publicUrl.port === "0" ? bound : publicUrl.origin
  const rows: ReadonlyArray<Row> = [
    ...(demo ? [["Portal", base] as const] : []),
    ["API docs", `${base}/docs`],
    ...(inbox ? [["Inbox", `${base}/dev/inbox`] as const] : []),
    ...(slackBotToken === undefined
      ? []
      : [
          [
            "Slack",
            slackAppToken === undefined ? `${slackCommand} at ${base}/slack/events` : `${slackCommand} by its socket`
          ] as const
        ]),
    ...Option.match(developmentKey, {
      onNone: () => [],
      onSome: ({ key }): ReadonlyArray<Row> => [["API key", Redacted.value(key)]]
    }),
    ...(demo
      ? demoAccounts.map(({ id, email, phone, twoFactor }): Row => [
          `Account ${id}`,
          `${demoPassword}  ${email}${phone === null ? "" : `  ${phone}`}  ${twoFactor === undefined ? "no two-factor" : `${twoFactor} on`}`
        ])
      : [])
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
  return ["", ...lines, "", `Rekey is ready on ${base}`].join("\n")
}
