/** A person as Slack knows them. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly realName: string
  readonly displayName: string
}

/** A customer, somebody else of the workspace, and one of the support people. */
export const people = [
  { id: "U0CASEY", name: "casey", realName: "Casey Rivers", displayName: "Casey" },
  { id: "U0STRANGER", name: "stranger", realName: "Sam Stranger", displayName: "Sam" },
  { id: "U0SUPPORT", name: "support", realName: "Robin Support", displayName: "Robin" }
] as const satisfies ReadonlyArray<Person>

/** Their ids, and that of the bot. */
export const casey = "U0CASEY"
export const stranger = "U0STRANGER"
export const support = "U0SUPPORT"
export const bot = { userId: "U0REKEY", botId: "B0REKEY", appId: "A0REKEY", name: "rekey" } as const

/** The workspace, and the enterprise it may belong to. */
export const team = { id: "T0HARBOR", domain: "harbor", name: "Harbor" } as const
export const harborEnterprise = "E0HARBOR"

/** The channels, in both of which the bot is a member. */
export const channels = { C0SUPPORT: "support", C0GENERAL: "general" } as const
export const supportChannel = "C0SUPPORT"
export const generalChannel = "C0GENERAL"

/** The user group of the support people, and who is in it. */
export const supportGroup = "S0SUPPORT"
export const groups: Readonly<Record<string, ReadonlyArray<string>>> = { [supportGroup]: [support] }

/** The direct messages between a person and the bot. */
export const directOf = (userId: string): string => `D${userId.slice(1)}`

/** The person behind an id; undefined where there is none. */
export const personOf = (userId: unknown): Person | undefined => people.find(({ id }) => id === userId)

/** What Slack calls a channel in its payloads. */
export const channelName = (channel: string): string =>
  (channels as Readonly<Record<string, string>>)[channel] ??
  (channel.startsWith("D") ? "directmessage" : "privategroup")
