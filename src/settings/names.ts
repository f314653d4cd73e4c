/** How many letters have to be put in, taken out or replaced to make one text of the other. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, place) => place)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (const [place, other] of [...to].entries())
      next.push(
        Math.min((row[place] ?? 0) + (letter === other ? 0 : 1), (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1)
      )
    row = next
  }
  return row[to.length] ?? 0
}

/** The known name that is most like this one. */
export const nearest = (name: string, known: ReadonlyArray<string>): string =>
  known.reduce((best, one) => (distance(name, one) < distance(name, best) ? one : best))
