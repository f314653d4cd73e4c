/** Which part of a list is left out, by turns: halves first, then ever smaller parts, in the end each one by itself. */
function* withoutParts<A>(all: ReadonlyArray<A>): Generator<ReadonlyArray<A>> {
  for (let size = Math.ceil(all.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = all.length - size; from > -size; from -= size) {
      yield [...all.slice(0, Math.max(0, from)), ...all.slice(from + size)]
    }
  }
}

/** What is tried instead of a command, the plainest first. */
type Plainer<A> = (command: A) => ReadonlyArray<A>

/** A case as far as it is shrunk: commands, and what they begin with. */
interface Shrinkable<A> {
  readonly commands: ReadonlyArray<A>
}

/**
 * The shortest case in reach that still fails: leaves commands out and makes those that are left plainer, as long as
 * `fails` says that the failure stays.
 */
export const shortest = <A, Tried extends Shrinkable<A>>(
  failing: Tried,
  fails: (tried: Tried) => boolean,
  plainer: Plainer<A>,
  plainerBeginnings: (tried: Tried) => ReadonlyArray<Tried> = () => []
): Tried => {
  let best = failing
  const takes = (tried: Tried): boolean => {
    if (!fails(tried)) return false
    best = tried
    return true
  }
  const shorter = () => {
    for (const commands of withoutParts(best.commands)) if (takes({ ...best, commands })) return true
    return false
  }
  const simpler = () =>
    best.commands.some((command, place) =>
      plainer(command).some((plain) => takes({ ...best, commands: best.commands.with(place, plain) }))
    ) || plainerBeginnings(best).some(takes)
  while (shorter() || simpler());
  return best
}
