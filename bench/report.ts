/** One line of the table. */
export interface Row {
  readonly what: string
  readonly value: string
  /** Left out where nothing is promised. */
  readonly goal?: { readonly text: string; readonly met: boolean } | undefined
}

/** A number as people read it. */
export const shown = (value: number | null, unit = ""): string =>
  value === null ? "not counted here" : `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))}${unit}`

/** A share in percent. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`

/** A row that is promised to be at most this. */
export const atMost = (what: string, value: number | null, most: number, unit = ""): Row => ({
  what,
  value: shown(value, unit),
  ...(value === null ? {} : { goal: { text: `at most ${most}${unit}`, met: value <= most } })
})

/** A share that is promised to be at least this. */
export const atLeast = (what: string, share: number, least: number): Row => ({
  what,
  value: percent(share),
  goal: { text: `at least ${percent(least)}`, met: share >= least }
})

/** Rows under their headings, in columns. */
export const tableOf = (sections: ReadonlyArray<{ readonly title: string; readonly rows: ReadonlyArray<Row> }>) => {
  const rows = sections.flatMap((section) => section.rows)
  const width = (of: (row: Row) => string) => Math.max(...rows.map((row) => of(row).length))
  const first = width(({ what }) => what)
  const second = width(({ value }) => value)
  const line = ({ what, value, goal }: Row) => {
    const promise = goal === undefined ? "" : `${goal.met ? "met" : "MISSED"}: ${goal.text}`
    return `  ${what.padEnd(first)}  ${value.padStart(second)}  ${promise}`.trimEnd()
  }
  return sections.flatMap(({ title, rows: own }) => ["", title, ...own.map(line)]).join("\n")
}
