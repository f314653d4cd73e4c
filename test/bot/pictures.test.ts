import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import { messageOf } from "../../src/bot/messages/messageOf.ts"
import { Browser } from "../kit/browser.ts"
import { drawn } from "../kit/slack/drawn.ts"
import { aroundIn, samples } from "./sampleMessages.ts"

const pictures = [
  ["slack-guide", "guide_at_the_code", ["Open this step", "The code has not arrived", "I'm stuck", "◐ 9."]],
  ["slack-case", "case", ["C-7F3K", "Claim", "Send guide", "Close"]]
] as const

layer(Browser.layer)("messages in Slack", (it) => {
  for (const [file, name, texts] of pictures) {
    it.effect(`picture of ${name}: what it says and offers is there to see`, () =>
      Effect.gen(function* () {
        const browser = yield* Browser
        const facts = samples("customer-4711")[name]
        const message = messageOf(facts ?? assert.fail(name), aroundIn("en"))
        const page = yield* browser.page({ viewport: { width: 640, height: 200 } })
        yield* Effect.promise(async () => {
          await page.setContent(drawn(message, "Harbor Security").toString())
          const seen = await page.locator("body").innerText()
          for (const text of texts) assert.include(seen, text)
          const folder = process.env["REKEY_PICTURES"]
          if (folder !== undefined) await page.screenshot({ path: join(folder, `${file}.png`), fullPage: true })
        })
      })
    )
  }
})
