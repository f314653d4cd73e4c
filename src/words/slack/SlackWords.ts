/** What the bot says, in one language. */
export interface SlackWords {
  readonly language: string
}
