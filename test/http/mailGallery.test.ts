import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { ApiKeys } from "../../src/http/ApiKeys.ts"
import * as mailGallery from "../../src/http/dev/mailGallery.ts"
import { people, samples, supportSamples } from "../../src/http/dev/sampleLetters.ts"
import { serve } from "../../src/http/serve.ts"
import { oneSegment } from "../../src/words/texts/gsm7.ts"
import { ask, portalKey } from "./tinyServer.ts"

const server = serve(mailGallery.layer, {
  publicUrl: new URL("http://localhost:3000"),
  local: true,
  host: "127.0.0.1",
  port: 0
}).pipe(Layer.provide(ApiKeys.layerOf([{ role: "portal", key: Redacted.make(portalKey) }])))

const frames = (page: string): ReadonlyArray<string> => [...page.matchAll(/src="([^"]+)"/g)].map(([, url]) => url ?? "")

layer(server)("the gallery of mails", (it) => {
  it.effect(
    "shows every letter in both languages to every awkward name, support's once, each frame without a right",
    () =>
      Effect.gen(function* () {
        const page = yield* ask("GET", "/dev/mail")
        assert.strictEqual(page.status, 200)
        const asked = samples.flatMap(([letter]) =>
          ["en", "ms"].flatMap((language) =>
            Object.keys(people).map((person) => `/dev/mail/${letter}/${language}/${person}.html`)
          )
        )
        for (const [letter] of supportSamples) asked.push(`/dev/mail/${letter}/en/plain.html`)
        assert.sameMembers([...frames(page.text)], asked)
        const bare = [...page.text.matchAll(/<iframe[^>]*\ssandbox\s[^>]*>/g)]
        assert.strictEqual(bare.length, asked.length)
      })
  )

  it.effect("each frame is a whole mail under the policy of the inbox: no script, nothing remote, sandboxed", () =>
    Effect.gen(function* () {
      const page = yield* ask("GET", "/dev/mail")
      for (const url of frames(page.text)) {
        const mail = yield* ask("GET", url)
        assert.strictEqual(mail.status, 200, url)
        assert.strictEqual(mail.headers.get("content-type"), "text/html; charset=utf-8")
        assert.strictEqual(
          mail.headers.get("content-security-policy"),
          "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        )
        assert.strictEqual(mail.headers.get("cache-control"), "no-store")
        assert.include(mail.text, url.includes("/ms/") ? `<html lang="ms-MY">` : `<html lang="en-GB">`)
        assert.notMatch(mail.text, /<(?:script|img|b)\b/i, url)
        if (url.endsWith("/hostile.html")) assert.include(mail.text, "&lt;script&gt;")
        if (url.endsWith("/rtl.html")) assert.include(mail.text, `<span dir="auto">${people.rtl}</span>`)
      }
    })
  )

  it.effect("a text stands beside each mail to a customer with its septets, and none is longer than one segment", () =>
    Effect.gen(function* () {
      const page = yield* ask("GET", "/dev/mail")
      const counts = [...page.text.matchAll(/SMS, (\S+) of 160 septets/g)].map(([, count]) => Number(count))
      assert.strictEqual(counts.length, frames(page.text).length - supportSamples.length)
      for (const count of counts) assert.isTrue(count > 40 && count <= oneSegment, `${count}`)
    })
  )

  it.effect("the page itself runs no script, loads its style sheet only, and shows markup in a name as text", () =>
    Effect.gen(function* () {
      const page = yield* ask("GET", "/dev/mail")
      assert.match(
        page.headers.get("content-security-policy") ?? "",
        /^default-src 'none'; style-src 'self'; frame-src/
      )
      assert.notMatch(page.text, /<script|<b\b|style="/i)
      assert.include(page.text, "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;")
      const [, sheet = ""] = page.text.match(/<link rel="stylesheet" href="([^"]+)"/) ?? []
      const style = yield* ask("GET", sheet)
      assert.deepStrictEqual([style.status, style.headers.get("content-type")], [200, "text/css; charset=utf-8"])
    })
  )

  it.effect("what is not in it is told plainly, whatever the names are", () =>
    Effect.gen(function* () {
      for (const path of [
        "changed/th/plain.html",
        "changed/en/eve.html",
        "nothing/en/plain.html",
        "__proto__/en/plain.html",
        "changed/constructor/plain.html",
        "changed/en/toString.html",
        "changed/en/plain",
        "case/ms/plain.html",
        "alert/en/rtl.html"
      ]) {
        assert.strictEqual((yield* ask("GET", `/dev/mail/${path}`)).status, 404, path)
      }
    })
  )
})
