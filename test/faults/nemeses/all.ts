import { calm } from "./calm.ts"
import { clockOff } from "./clockOff.ts"
import { connectionsTaken } from "./connectionsTaken.ts"
import { crashPostgres } from "./crashPostgres.ts"
import { diskFull } from "./diskFull.ts"
import { killAtCommit, killAtStatement, killAtVerdict } from "./killAtStatement.ts"
import { killNode } from "./killNode.ts"
import { leaveAndJoin } from "./leaveAndJoin.ts"
import { mail } from "./mail.ts"
import type { Nemesis } from "./Nemesis.ts"
import { partitionDatabase } from "./partitionDatabase.ts"
import { partitionNodes } from "./partitionNodes.ts"
import { pauseNode } from "./pauseNode.ts"
import { swizzledOf } from "./swizzled.ts"
import { terminateBackend } from "./terminateBackend.ts"
import { texts } from "./texts.ts"

const single: ReadonlyArray<Nemesis> = [
  killNode,
  killAtStatement,
  killAtCommit,
  killAtVerdict,
  leaveAndJoin,
  crashPostgres,
  terminateBackend,
  pauseNode,
  partitionNodes,
  partitionDatabase,
  clockOff,
  ...mail,
  ...texts,
  connectionsTaken,
  diskFull
]

/** Every nemesis that comes and goes; `restoreBackUp` has a round of its own. */
export const nemeses: ReadonlyArray<Nemesis> = [calm, ...single, swizzledOf(single)]
