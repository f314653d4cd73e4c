import { Effect } from "effect"
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const project = fileURLToPath(new URL("../..", import.meta.url))

/** A text of the product and what stands there in its place. */
export interface Edit {
  readonly file: string
  readonly text: string
  readonly by: string
}

/** A build with one flaw, made to see whether the checker finds it. */
export interface BrokenBuild {
  readonly name: string
  readonly flaw: string
  readonly edits: ReadonlyArray<Edit>
  /** What it is tried with. */
  readonly nemesis: string
  /** The invariants of which at least one has to be found broken. */
  readonly breaks: ReadonlyArray<string>
}

const store = "src/services/TwoFactorStore.ts"

/** The flaws that the checker has to catch each time. */
export const brokenBuilds: ReadonlyArray<BrokenBuild> = [
  {
    name: "no-single-use-guard",
    flaw: "a step is written whatever version it was decided on, and a chain may have two rows in one place",
    edits: [
      { file: store, text: " and version = ${state.version}\n", by: "\n" },
      {
        file: "sql/0003_audit_events.sql",
        text: "  constraint one_row_a_place_in_the_chain unique (account_id, sequence),\n",
        by: ""
      }
    ],
    nemesis: "calm",
    breaks: ["I1", "I4"]
  },
  {
    name: "notice-left-out",
    flaw: "a change is committed without its notices",
    edits: [
      {
        file: "src/account/decisions/commit.ts",
        text: "messages: [...noticesOfTurningOn(told, former, begun, notice), ...reset.messages]",
        by: "messages: [...reset.messages]"
      }
    ],
    nemesis: "calm",
    breaks: ["I3"]
  },
  {
    name: "notice-after-commit",
    flaw: "notices are queued by a statement of their own after the commit",
    edits: [
      {
        file: store,
        text: "            ${parts(changes.state.accountId, head, changes, remembered)}`,\n          changes\n        )\n      )",
        by: '            ${parts(changes.state.accountId, head, { ...changes, messages: [] }, remembered)}`,\n          changes\n        ).pipe(Effect.tap((written) => written === "written" ? outbox.queue(changes.messages) : Effect.void))\n      )'
      }
    ],
    nemesis: "kill-at-commit",
    breaks: ["I3"]
  },
  {
    name: "count-rolled-back",
    flaw: "a wrong code is refused, and the refusal takes its count back",
    edits: [
      {
        file: "src/account/act.ts",
        text: "    const looksAtAll = snapshot.looksAtAll(changes.charges)\n",
        by: '    if ((answer as { readonly code?: string }).code === "code_incorrect") return { answer, replayed: false }\n    const looksAtAll = snapshot.looksAtAll(changes.charges)\n'
      }
    ],
    nemesis: "calm",
    breaks: ["I4"]
  },
  {
    name: "lease-without-end",
    flaw: "a letter that a dead node was sending belongs to it for ever",
    edits: [
      {
        file: "src/services/Outbox.ts",
        text: "          update outbox o set lease = ${lease}::uuid, attempts = o.attempts + 1,\n            leased_until = statement_timestamp() + make_interval(secs => ${leaseSeconds})",
        by: "          update outbox o set lease = ${lease}::uuid, attempts = o.attempts + 1, leased_until = 'infinity'"
      }
    ],
    nemesis: "kill-at-verdict",
    breaks: ["I3"]
  }
]

/** The text with the edit made; it has to be there exactly once. */
export const edited = (content: string, { file, text, by }: Edit): string => {
  const parts = content.split(text)
  if (parts.length !== 2) throw new Error(`${file} has the text of the flaw ${parts.length - 1} times: ${text}`)
  return parts.join(by)
}

/** A copy of the product with that flaw; its folder, gone when the scope closes. */
export const theBuild = ({ edits }: BrokenBuild) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const root = mkdtempSync(join(tmpdir(), "rekey-broken-"))
      for (const part of ["src", "sql", "examples", "package.json"])
        cpSync(join(project, part), join(root, part), { recursive: true })
      symlinkSync(join(project, "node_modules"), join(root, "node_modules"))
      for (const edit of edits) {
        const path = join(root, edit.file)
        writeFileSync(path, edited(readFileSync(path, "utf8"), edit))
      }
      return root
    }),
    (root) => Effect.sync(() => rmSync(root, { recursive: true, force: true }))
  )
