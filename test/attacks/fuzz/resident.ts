import { readdirSync, readFileSync } from "node:fs"

const textOf = (path: string): string => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    // It has ended meanwhile, or it is another's.
    return ""
  }
}

/** The process of ours that was started with this port. */
const startedAt = (port: string): string | undefined =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .find(
      (pid) =>
        textOf(`/proc/${pid}/stat`).split(") ")[1]?.split(" ")[1] === `${process.pid}` &&
        textOf(`/proc/${pid}/environ`).split("\0").includes(`PORT=${port}`)
    )

/** Memory that the Rekey there holds now, in MiB; undefined where the system does not tell, as only Linux does. */
export const residentMib = (base: string): number | undefined => {
  if (process.platform !== "linux") return undefined
  const pid = startedAt(new URL(base).port)
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/status`))?.[1]
  return kib === undefined ? undefined : Number(kib) / 1024
}
