import { Context } from "effect"

/** Whether the server is about to stop: what would go on by itself, as a live stream does, ends then at once. */
export const Stopping = Context.Reference<() => boolean>("rekey/Stopping", { defaultValue: () => () => false })
