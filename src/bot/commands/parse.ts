import { looksLikeSecret } from "../../domain/secrets.ts"
import { nearest } from "../../settings/names.ts"
import { commands } from "./all.ts"

/** What somebody typed, as far as it matters; the text itself goes no further. */
export type Parsed =
  | { readonly _tag: "command"; readonly command: (typeof commands)[number]; readonly rest: string }
  | { readonly _tag: "secret" }
  | { readonly _tag: "unknown"; readonly nearest: string | null }

/** `sms to email`, as people say it. */
const fromTo = /^(?:change )?(?:(?:from )?(?:sms|e-?mail) )?to (sms|e-?mail)(?: please)?$/i

/** Words further away than this are no slip of the finger. */
const slips = 3

/** Reads what was typed: a command first, so that no id of ours is taken for a secret; then whether a secret is in it. */
export const parse = (text: string): Parsed => {
  const plain = text.normalize("NFKC").replace(/\s+/g, " ").trim()
  const [, to] = fromTo.exec(plain.slice(0, 60)) ?? []
  const [first = "", ...others] = (to === undefined ? plain : `change ${to}`).split(" ")
  const word = first === "" ? "help" : first.toLowerCase().replace(/[?!.,]+$/, "")
  const rest = others.join(" ")
  const command = commands.find((one) => one.word === word)
  if (command?.takes.test(rest) === true) return { _tag: "command", command, rest }
  if (looksLikeSecret(plain)) return { _tag: "secret" }
  if (command !== undefined) return { _tag: "unknown", nearest: command.word }
  const words = commands.map((one) => one.word)
  const guess = nearest(word.slice(0, 20), words)
  return { _tag: "unknown", nearest: word.length <= guess.length + slips && likeness(word, guess) ? guess : null }
}

/** Whether two words begin alike or have most letters in common: enough to ask "did you mean". */
const likeness = (typed: string, known: string): boolean =>
  typed[0] === known[0] || [...known].filter((letter) => typed.includes(letter)).length >= Math.ceil(known.length * 0.6)
