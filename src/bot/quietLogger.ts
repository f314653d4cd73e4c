import { type Logger, LogLevel } from "@slack/bolt"

const nothing = () => undefined

/** Slack's libraries log bodies and errors as they are, with what people typed: they log nothing, we say what matters. */
export const quiet: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing
}
