import { Redacted } from "effect"
import { createHmac, randomUUID } from "node:crypto"
import type { EventDraft } from "../domain/TwoFactor.ts"

/** The newest link of an account's chain; sequence 0 and no MAC before the first. */
export interface Head {
  readonly sequence: number
  /** Hex. */
  readonly mac: string
}
export const emptyHead: Head = { sequence: 0, mac: "" }

const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g
/** One line, whatever a portal sent (S-79). */
const oneLine = (text: string) =>
  text.toWellFormed().replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)

const columns = (draft: EventDraft) => ({
  epoch: draft.epoch,
  type: draft.type as string,
  actor: draft.actor as string,
  outcome: draft.outcome as string,
  method: draft.method ?? null,
  purpose: draft.purpose ?? null,
  reason: draft.reason ?? null,
  client:
    draft.client === undefined
      ? null
      : {
          ip: draft.client.ip === undefined ? null : oneLine(draft.client.ip),
          userAgent:
            draft.client.userAgent === undefined ? null : oneLine([...draft.client.userAgent].slice(0, 512).join(""))
        },
  reference: draft.reference ?? null
})

/** What a row says of itself. */
export interface Link extends ReturnType<typeof columns> {
  readonly id: string
  readonly account_id: string
  readonly sequence: number
  readonly at: string
}

/** All that a row says, in one order of its own: the database may reorder the members of a jsonb. */
const content = (link: Link): string =>
  JSON.stringify([
    "audit/1",
    link.account_id,
    link.sequence,
    link.id,
    link.at,
    link.epoch,
    link.type,
    link.actor,
    link.outcome,
    link.method,
    link.purpose,
    link.reason,
    link.client?.ip ?? null,
    link.client?.userAgent ?? null,
    link.reference
  ])

/** What binds a row to its content and to the row before it; hex. */
export const macOf = (key: Redacted.Redacted<Uint8Array>, former: string, link: Link): string =>
  createHmac("sha256", Redacted.value(key))
    .update(`${former}\n${content(link)}`)
    .digest("hex")

/** A row as it is written. */
export interface Chained extends Link {
  readonly key_id: string
  readonly former: string
  readonly mac: string
}

/** The rows of these events, each bound to the one before it, the first to the head that was read. */
export const chained = (
  { id: key_id, key }: { readonly id: string; readonly key: Redacted.Redacted<Uint8Array> },
  accountId: string,
  head: Head,
  at: Date,
  drafts: ReadonlyArray<EventDraft>
): ReadonlyArray<Chained> => {
  let former = head.mac
  return drafts.map((draft, place) => {
    const link: Link = {
      ...columns(draft),
      id: randomUUID(),
      account_id: accountId,
      sequence: head.sequence + place + 1,
      at: at.toISOString()
    }
    const mac = macOf(key, former, link)
    const row = { ...link, key_id, former, mac }
    former = mac
    return row
  })
}

/** Where a chain was found broken. */
export interface ChainFault {
  readonly sequence: number
  readonly reason: "missing" | "changed"
}

/** How a chain was found. */
export interface Walked {
  readonly rows: number
  /** The first fault; what comes after it hangs in the air. */
  readonly fault: ChainFault | undefined
  /** Rows whose key is not in the ring, by its id: their place in the chain holds, their content cannot be proved. */
  readonly unproved: ReadonlyMap<string, number>
}

/** Walks the rows of one account in their order. */
export const walked = (
  rows: ReadonlyArray<Chained>,
  keyOf: (id: string) => Redacted.Redacted<Uint8Array> | undefined
): Walked => {
  const unproved = new Map<string, number>()
  let former = ""
  for (const [place, row] of rows.entries()) {
    const broken = (reason: ChainFault["reason"], sequence: number): Walked => ({
      rows: rows.length,
      fault: { sequence, reason },
      unproved
    })
    if (row.sequence !== place + 1) return broken("missing", place + 1)
    if (row.former !== former) return broken("changed", row.sequence)
    const key = keyOf(row.key_id)
    if (key === undefined) unproved.set(row.key_id, (unproved.get(row.key_id) ?? 0) + 1)
    else if (macOf(key, former, row) !== row.mac) return broken("changed", row.sequence)
    former = row.mac
  }
  return { rows: rows.length, fault: undefined, unproved }
}
