import { Data, Effect } from "effect"
import { execFile } from "node:child_process"
import { secrets } from "../nodes.ts"
import type { Stage } from "../stage.ts"

class NotRestored extends Data.TaggedError("NotRestored")<{ readonly message: string }> {}

const nodesOf = ({ nodes }: Stage) => ({
  stop: Effect.forEach(nodes, (node) => node.stop, { concurrency: "unbounded", discard: true }),
  start: Effect.forEach(nodes, (node) => node.start(), { concurrency: "unbounded", discard: true })
})

/** What the operations page tells to do after a back-up was put back. */
const restored = ({ root, env, postgres, nodes, database }: Stage) =>
  Effect.callback<void, NotRestored>((resume) => {
    const url = postgres.urlAt(nodes[0]?.database.port ?? 0, database)
    execFile(
      process.execPath,
      [`${root}/src/restored.ts`],
      {
        cwd: root,
        env: {
          ...env,
          DATABASE_URL: url,
          PUBLIC_URL: nodes[0]?.base,
          REKEY_API_KEY: secrets.apiKey,
          REKEY_SECRET_KEYS: `k1:${secrets.ring}`
        }
      },
      (error, stdout, stderr) =>
        resume(
          error === null
            ? Effect.void
            : Effect.fail(new NotRestored({ message: `npm run restored failed: ${stdout}${stderr}` }))
        )
    )
  }).pipe(Effect.orDie)

/** A back-up that is taken while nobody works, and put back after more has happened. */
export const restoreBackUp = {
  name: "restore-back-up",
  take: (stage: Stage) => {
    const { postgres } = stage
    const { stop, start } = nodesOf(stage)
    return Effect.all([stop, postgres.stop, postgres.save, postgres.start, start], { discard: true })
  },
  putBack: (stage: Stage) => {
    const { postgres } = stage
    const { stop, start } = nodesOf(stage)
    return Effect.all([stop, postgres.stop, postgres.putBack, postgres.start, restored(stage), start], {
      discard: true
    })
  }
} as const
