import type { Ends, Tap } from "./link.ts"

/** What becomes of a batch of statements: passed on, answered as by a full disk, swallowed, or done without its answer. */
export type Ruling =
  | { readonly as: "passed" }
  | { readonly as: "diskFull" }
  | { readonly as: "swallowed"; readonly after: () => void }
  | { readonly as: "unanswered"; readonly after: () => void }

/** Decides on the statements that a client sends in one go. */
export type Rule = (statements: ReadonlyArray<string>) => Ruling

interface Batch {
  readonly frames: ReadonlyArray<Buffer>
  readonly statements: ReadonlyArray<string>
}

const startupVersion = 196_608
const tlsRequest = 80_877_103

const endOfText = (frame: Buffer, from: number) => frame.indexOf(0, from)
const textAt = (frame: Buffer, from: number) => frame.toString("utf8", from, endOfText(frame, from))

/** Frames of the PostgreSQL protocol out of chunks as they come: a type, a length, the rest. */
const framing = (each: (type: string, frame: Buffer) => void) => {
  let rest = Buffer.alloc(0)
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 5) {
      const length = rest.readInt32BE(1) + 1
      if (rest.length < length) return
      const frame = Buffer.from(rest.subarray(0, length))
      rest = rest.subarray(length)
      each(String.fromCharCode(frame[0] ?? 0), frame)
    }
  }
}

const framed = (type: string, content: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type, 0, "latin1")
  head.writeInt32BE(content.length + 4, 1)
  return Buffer.concat([head, content])
}

/** What PostgreSQL says where it cannot extend a file. */
const diskFull = (inTransaction: boolean): Buffer =>
  Buffer.concat([
    framed("E", Buffer.from("SERROR\0VERROR\0C53100\0Mcould not extend file: No space left on device\0\0", "latin1")),
    framed("Z", Buffer.from(inTransaction ? "E" : "I", "latin1"))
  ])

/** Reads what a client and PostgreSQL say to each other, and rules over each batch of statements; one at a time. */
export const statements =
  (rule: Rule) =>
  ({ client, server }: Ends): Tap => {
    const prepared = new Map<string, string>()
    const waiting: Array<Batch> = []
    let begun = false
    let running = false
    let withheld: (() => void) | undefined
    let inTransaction = false
    let frames: Array<Buffer> = []
    let texts: Array<string> = []

    const next = () => {
      if (running) return
      const batch = waiting.shift()
      if (batch === undefined) return
      const ruling = rule(batch.statements)
      if (ruling.as === "swallowed") return ruling.after()
      if (ruling.as === "diskFull") {
        client.write(diskFull(inTransaction))
        return next()
      }
      running = true
      withheld = ruling.as === "unanswered" ? ruling.after : undefined
      server.write(Buffer.concat(batch.frames))
    }

    const ofClient = framing((type, frame) => {
      if (type === "p" || type === "X" || type === "H") {
        server.write(Buffer.concat([...frames, frame]))
        frames = []
        return
      }
      frames.push(frame)
      if (type === "P") {
        const name = textAt(frame, 5)
        const text = textAt(frame, endOfText(frame, 5) + 1)
        prepared.set(name, text)
      }
      if (type === "B") texts.push(prepared.get(textAt(frame, endOfText(frame, 5) + 1)) ?? "")
      if (type === "Q") texts.push(textAt(frame, 5))
      if (type !== "S" && type !== "Q") return
      waiting.push({ frames, statements: texts })
      frames = []
      texts = []
      next()
    })

    const ofServer = framing((type, frame) => {
      if (withheld === undefined) client.write(frame)
      if (type !== "Z") return
      inTransaction = frame.toString("latin1", 5, 6) !== "I"
      running = false
      if (withheld === undefined) next()
      else withheld()
    })

    let opening = Buffer.alloc(0)
    let declined = 0
    return {
      toServer: (chunk) => {
        if (begun) return ofClient(chunk)
        opening = Buffer.concat([opening, chunk])
        while (!begun && opening.length >= 8) {
          const length = opening.readInt32BE(0)
          if (opening.length < length) return
          const code = opening.readInt32BE(4)
          server.write(opening.subarray(0, length))
          opening = opening.subarray(length)
          if (code === tlsRequest) declined += 1
          begun = code === startupVersion || code >> 16 === startupVersion >> 16
          running = begun
        }
        if (begun && opening.length > 0) ofClient(opening)
      },
      toClient: (chunk) => {
        const [plain, rest] = [chunk.subarray(0, declined), chunk.subarray(declined)]
        declined -= plain.length
        if (plain.length > 0) client.write(plain)
        // as one piece, as it came: in many small ones each would wait for the one before
        client.cork()
        if (rest.length > 0) ofServer(rest)
        client.uncork()
      }
    }
  }
