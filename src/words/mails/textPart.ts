import type { Content } from "./Content.ts"

const columns = 72

/** Breaks between words; a word that is longer than the line (a link) stays whole. */
const wrapped = (text: string, indent = ""): string => {
  const lines: Array<string> = []
  for (const word of text.split(" ")) {
    const line = lines.at(-1)
    if (line !== undefined && [...line].length + 1 + [...word].length <= columns)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(line === undefined ? word : indent + word)
  }
  return lines.join("\n")
}

/** The mail as plain text, 72 columns wide. */
export const textOf = (content: Content): string => {
  const width = Math.max(...content.facts.map(([label]) => label.length)) + 2
  const blocks = [
    content.greeting,
    ...content.paragraphs.map((paragraph) => wrapped(paragraph)),
    ...(content.code === undefined ? [] : [`    ${content.code}`]),
    ...(content.codeLives === undefined ? [] : [wrapped(content.codeLives)]),
    content.facts
      .map(([label, value]) => wrapped(`${`${label}:`.padEnd(width, " ")}${value}`, " ".repeat(width)))
      .join("\n"),
    wrapped(content.warning),
    ...(content.link === null ? [] : [content.link]),
    content.neverAsk.map((line) => wrapped(line)).join("\n"),
    `-- \n${wrapped(content.footer)}`
  ]
  return `${blocks.join("\n\n")}\n`
}
