import { connect, type Socket } from "node:net"

/** What came back for one request: nothing where the other side closed, or where nobody waited any longer. */
export interface Heard {
  readonly status: number | undefined
  readonly isOpen: boolean
}

const headEnd = Buffer.from("\r\n\r\n")

/** The length of a chunked body that is complete; undefined while it is not. */
const chunkedLength = (body: Buffer): number | undefined => {
  for (let place = 0; ;) {
    const end = body.indexOf("\r\n", place)
    if (end < 0) return undefined
    const size = Number.parseInt(body.toString("latin1", place, end), 16)
    place = end + 2 + size + 2
    if (place > body.length) return undefined
    if (size === 0) return place
  }
}

/** The end of the first answer in these bytes, its status and whether more may follow; undefined while it is not all there. */
const answerIn = (bytes: Buffer, isHead: boolean) => {
  const end = bytes.indexOf(headEnd)
  if (end < 0) return undefined
  const head = bytes.toString("latin1", 0, end)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1])
  const from = end + headEnd.length
  const closes = /^connection: close/im.test(head)
  // A stream of events ends when its page does.
  if (/^content-type: text\/event-stream/im.test(head)) return { status, end: from, closes: true }
  if (isHead || status === 204 || status === 304 || status < 200) return { status, end: from, closes }
  if (/^transfer-encoding: chunked/im.test(head)) {
    const length = chunkedLength(bytes.subarray(from))
    return length === undefined ? undefined : { status, end: from + length, closes }
  }
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
  return bytes.length < from + length ? undefined : { status, end: from + length, closes }
}

/** A connection that is opened anew whenever the other side has closed it: one request at a time. */
export class Wire {
  readonly #port: number
  #socket: Socket | undefined

  constructor(port: number) {
    this.#port = port
  }

  /** Sends these bytes and waits for an answer, at most so long. */
  ask(bytes: Buffer, patienceMillis: number): Promise<Heard> {
    const isHead = bytes.subarray(0, 5).toString("latin1") === "HEAD "
    const socket = this.#socket ?? connect(this.#port, "127.0.0.1").setNoDelay(true)
    this.#socket = socket
    return new Promise((resolve) => {
      let heard = Buffer.alloc(0)
      const done = (status: number | undefined, isOpen: boolean): void => {
        clearTimeout(timer)
        socket.removeAllListeners()
        socket.on("error", () => undefined)
        if (!isOpen) this.hangUp()
        resolve({ status, isOpen })
      }
      const timer = setTimeout(() => done(undefined, false), patienceMillis)
      socket.on("data", (chunk: Buffer) => {
        heard = Buffer.concat([heard, chunk])
        for (;;) {
          const answer = answerIn(heard, isHead)
          if (answer === undefined) return
          heard = heard.subarray(answer.end)
          if (answer.status >= 200) return done(answer.status, !answer.closes && heard.length === 0)
        }
      })
      socket.on("error", () => done(undefined, false))
      socket.on("close", () => done(undefined, false))
      socket.write(bytes)
    })
  }

  hangUp(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }
}
