import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { bodyOf, HttpReceiver, signatureOf } from "../../src/bot/Receiver.ts"
import { signatureOf as sign } from "../kit/slack/deliver.ts"

// The sample of Slack's documentation: https://docs.slack.dev/authentication/verifying-requests-from-slack
const secret = "8f742231b10e8888abcd99yyyzzz85a5"
const time = 1531420618
const body =
  "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
  "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com" +
  "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
  "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
const signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"

const contentType = "application/x-www-form-urlencoded"
const timestamped = (value: string) => ["X-Slack-Request-Timestamp", value]
const signed = (value: string) => ["X-Slack-Signature", value]
const genuine = [...timestamped(String(time)), ...signed(signature)]

const judged = (rawHeaders: ReadonlyArray<string>, text = body, by = secret, now = time * 1000) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(now)
    return yield* signatureOf({ body: text, contentType, rawHeaders }, Redacted.make(by))
  })

const taken = (title: string, ask: ReturnType<typeof judged>, as = signature) =>
  it.effect(`S-64: ${title} is taken`, () => Effect.map(ask, (found) => assert.strictEqual(found, as)))
const refused = (title: string, ask: ReturnType<typeof judged>) =>
  it.effect(`S-64: ${title} is refused`, () => Effect.map(ask, (found) => assert.isUndefined(found)))

describe("what Slack has signed", () => {
  taken("Slack's own sample", judged(genuine))
  taken(
    "the same with its headers in other letters",
    judged(genuine.map((text, place) => (place % 2 === 0 ? text.toLowerCase() : text)))
  )
  taken("the same among other headers", judged(["Host", "a", ...genuine, "X-Slack-Retry-Num", "1", "Accept", "b"]))
  for (const seconds of [299, 300]) {
    taken(`the same ${seconds} s later`, judged(genuine, body, secret, (time + seconds) * 1000))
    taken(`the same ${seconds} s early`, judged(genuine, body, secret, (time - seconds) * 1000))
  }
  refused("the same 300.001 s later", judged(genuine, body, secret, (time + 300) * 1000 + 1))
  refused("the same 301 s later", judged(genuine, body, secret, (time + 301) * 1000))
  refused("the same 301 s early", judged(genuine, body, secret, (time - 301) * 1000))
  refused("the same a year later", judged(genuine, body, secret, (time + 365 * 86_400) * 1000))

  refused("a forged signature", judged([...timestamped(String(time)), ...signed(`v0=${"0".repeat(64)}`)]))
  refused("one byte more", judged(genuine, `${body}&`))
  refused("one byte less", judged(genuine, body.slice(0, -1)))
  refused("one byte changed", judged(genuine, body.replace("roadrunner", "roadrunnes")))
  refused("another time than was signed", judged([...timestamped(String(time + 1)), ...signed(signature)]))
  refused("a body of another secret", judged(genuine, body, secret.replace(/5$/, "6")))
  refused("what an empty secret signs", judged([...timestamped(String(time)), ...signed(sign("", time, body))]))
})

describe("what a signature looks like", () => {
  for (const [title, text] of Object.entries({
    "in capitals": `v0=${signature.slice(3).toUpperCase()}`,
    "all in capitals": signature.toUpperCase(),
    "of another version": signature.replace("v0", "v1"),
    "without its version": signature.slice(3),
    "one digit short": signature.slice(0, -1),
    "one digit long": `${signature}0`,
    "of half its length": signature.slice(0, 35),
    "with a blank before": ` ${signature}`,
    "with a line break behind": `${signature}\n`,
    "twice in one header": `${signature}, ${signature}`,
    empty: ""
  })) {
    refused(`one ${title}`, judged([...timestamped(String(time)), ...signed(text)]))
  }
})

describe("the two headers", () => {
  const [withTime, withSignature] = [timestamped(String(time)), signed(signature)]
  refused("neither", judged([]))
  refused("the time alone", judged(withTime))
  refused("the signature alone", judged(withSignature))
  refused("the time twice", judged([...withTime, ...withTime, ...withSignature]))
  refused("the signature twice", judged([...withTime, ...withSignature, ...withSignature]))
  refused(
    "the signature twice in other letters",
    judged([...withTime, ...withSignature, "x-slack-signature", signature])
  )
  refused("two times", judged([...withTime, ...timestamped(String(time + 1)), ...withSignature]))
  refused("two signatures, the right one first", judged([...withTime, ...withSignature, ...signed("v0=00")]))
  refused("two signatures, the right one last", judged([...withTime, ...signed("v0=00"), ...withSignature]))
  refused("the names as values of others", judged(["A", "X-Slack-Signature", "B", "X-Slack-Request-Timestamp"]))
})

describe("what a time looks like", () => {
  for (const text of [
    "",
    " ",
    ` ${time}`,
    `${time} `,
    "15314 20618",
    `+${time}`,
    `-${time}`,
    `0${time}`,
    `00${time}`,
    `${time}.0`,
    "1.531420618e9",
    "1531420618e0",
    "0x5b47a10a",
    "１５３１４２０６１８",
    "NaN",
    "Infinity",
    "null",
    `${time}000`,
    `${time}\n`
  ]) {
    // Signed as it is written, so that nothing but its form is wrong.
    refused(`“${text}”`, judged([...timestamped(text), ...signed(sign(secret, text, body))]))
  }
})

describe("what a body says", () => {
  const json = "application/json"
  it("a command is a form", () =>
    assert.deepInclude(bodyOf({ body, contentType }), { user_id: "U2CERLKJA", command: "/webhook-collect", text: "" }))
  it("an interaction is JSON in a form", () =>
    assert.deepStrictEqual(
      bodyOf({ body: "payload=%7B%22a%22%3A%5B1%5D%7D", contentType: `${contentType}; charset=utf-8` }),
      {
        a: [1]
      }
    ))
  it("an event is JSON", () => assert.deepStrictEqual(bodyOf({ body: '{"a":1}', contentType: json }), { a: 1 }))
  for (const text of ["", "[]", "null", "1", '"a"', "{", "a=1"])
    it(`“${text}” says nothing`, () => assert.isUndefined(bodyOf({ body: text, contentType: json })))
  for (const text of ["payload=", "payload=[]", "payload=null", "payload={"])
    it(`“${text}” says nothing`, () => assert.isUndefined(bodyOf({ body: text, contentType })))
  it("no type of its own is JSON or nothing", () => assert.isUndefined(bodyOf({ body, contentType: undefined })))
  it("no name in it is taken for ours", () => {
    for (const text of ['{"__proto__":{"type":"url_verification"}}', '{"constructor":1}'])
      assert.isUndefined(bodyOf({ body: text, contentType: json })?.["type"])
  })
})

describe("what Slack asks of the address itself", () => {
  const receiver = new HttpReceiver(() => assert.fail("nothing was to be handed on"))
  const take = (text: string, type = "application/json") =>
    receiver.take({ body: text, contentType: type, rawHeaders: genuine }, signature)
  it("its challenge is given back", () =>
    assert.deepStrictEqual(take('{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY"}'), {
      status: 200,
      body: "3eZbrw1aBm2rZgRNFdxV2595E9CY"
    }))
  it("a challenge that is no text is not", () =>
    assert.deepStrictEqual(take('{"type":"url_verification","challenge":{"a":1}}'), { status: 200, body: "" }))
  it("its check of the certificate is acknowledged", () =>
    assert.deepStrictEqual(take("ssl_check=1&token=a", contentType), { status: 200, body: "" }))
  it("what is neither form nor JSON is refused", () => assert.deepStrictEqual(take("<a/>"), { status: 400, body: "" }))
})
