import { blockKitFaults } from "../blockKit.ts"
import { fieldsIn } from "./shapes.ts"
import type { ResponseUrl, Shown, Workspace } from "./workspace.ts"

type Fields = Readonly<Record<string, unknown>>

const mostUses = 5

/** Puts an answer in place: an ephemeral one, a message of the channel, or an edit of what was pressed. */
export const putAnswer = (
  workspace: Workspace,
  { channel, user, messageTs }: Omit<ResponseUrl, "uses">,
  args: Fields,
  via: "response_url" | "answer"
): string | undefined => {
  const { text, blocks, metadata, response_type, replace_original, delete_original, thread_ts } = args
  const original = workspace.find(channel, messageTs)
  if (delete_original === true) {
    if (original === undefined) workspace.unwhisper(messageTs)
    else workspace.remove(original)
    return undefined
  }
  const faults = blockKitFaults({ text, ...(blocks === undefined ? {} : { blocks }) })
  if (faults.length > 0) {
    workspace.blockFaults.push({ method: via, faults, payload: args })
    return text === undefined && blocks === undefined ? "no_text" : "invalid_blocks"
  }
  const shown: Shown = {
    text: String(text),
    blocks: Array.isArray(blocks) && blocks.length > 0 ? fieldsIn(blocks) : undefined,
    metadata
  }
  if (replace_original === true && messageTs !== undefined) {
    if (original !== undefined) {
      workspace.edit(original, shown)
      return undefined
    }
    workspace.unwhisper(messageTs)
  }
  if (response_type === "in_channel") {
    workspace.post(channel, shown, typeof thread_ts === "string" ? { threadTs: thread_ts } : {})
    return undefined
  }
  workspace.whisper({ channel, user, text: shown.text, blocks: shown.blocks, via })
  return undefined
}

/** Takes what was posted to a response_url; the error where Slack would not. */
export const respondTo = (workspace: Workspace, path: string, args: Fields): string | undefined => {
  const to = workspace.responseUrl(path)
  if (to === undefined) return "expired_url"
  if (to.uses >= mostUses) return "used_url"
  to.uses += 1
  return putAnswer(workspace, to, args, "response_url")
}
