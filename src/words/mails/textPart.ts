import type { Content } from "./Content.ts"

const columns = 72

/** Pieces that fit; a link stays whole, since nobody could open half of it. */
const pieces = (word: string, room: number): ReadonlyArray<string> => {
  const characters = [...word]
  if (characters.length <= room || word.includes("://")) return [word]
  return [characters.slice(0, room).join(""), ...pieces(characters.slice(room).join(""), room)]
}

/** Breaks between words, and inside one that is longer than a line. */
const wrapped = (text: string, indent = ""): string => {
  const lines: Array<string> = []
  for (const word of text.split(" ").flatMap((whole) => pieces(whole, columns - indent.length))) {
    const line = lines.at(-1)
    if (line !== undefined && [...line].length + 1 + [...word].length <= columns)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(line === undefined ? word : indent + word)
  }
  return lines.join("\n")
}

/** The mail as plain text, 72 columns wide. */
export const textOf = (content: Content): string => {
  const { greeting, link } = content
  const width = Math.max(...content.facts.map(([label]) => label.length)) + 2
  const fact = ([label, value]: readonly [string, string]): string =>
    wrapped(`${`${label}:`.padEnd(width, " ")}${value}`, " ".repeat(width))
  const blocks = [
    ...(greeting === null ? [] : [wrapped(greeting.before + greeting.name + greeting.after)]),
    ...content.paragraphs.map((paragraph) => wrapped(paragraph)),
    ...(content.code === undefined ? [] : [`    ${content.code}`]),
    ...(content.codeLives === undefined ? [] : [wrapped(content.codeLives)]),
    content.facts.map(fact).join("\n"),
    ...(link === null ? [] : [wrapped(link.intro), `${link.label}:\n${link.url}`]),
    ...(content.warning === null ? [] : [wrapped(content.warning)]),
    ...(content.neverAsk === null ? [] : [content.neverAsk.map((line) => wrapped(line)).join("\n")]),
    `-- \n${wrapped(content.footer)}`
  ]
  return `${blocks.join("\n\n")}\n`
}
