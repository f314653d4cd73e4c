// All that the pages do in a browser. Without it they say and do the same, a little less at once.
"use strict"

// The way from the portal: one press less.
for (const form of document.querySelectorAll("form[data-press]")) form.requestSubmit()

// How long until a code may be asked for again.
const unit = (seconds) => {
  const [value, name] = seconds < 60 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"]
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit: name,
    unitDisplay: "long"
  }).format(value)
}
for (const button of document.querySelectorAll("button[data-wait]")) {
  const hint = document.getElementById(button.getAttribute("aria-describedby"))
  const sentence = hint.textContent
  const began = performance.now()
  const [counted] = sentence.match(/\d+[^.]*/) ?? [""]
  const end = began + Number(button.dataset.seconds) * 1000
  const tick = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000)
    if (seconds > 0) {
      hint.textContent = sentence.replace(counted, unit(seconds))
      setTimeout(tick, 1000)
      return
    }
    button.removeAttribute("aria-disabled")
    hint.hidden = true
  }
  tick()
}

// Where the message is. The line speaks only when it says something new.
for (const part of document.querySelectorAll("[data-live]")) {
  const line = part.querySelector("[data-line]")
  const slow = part.querySelector("[data-slow]")
  const events = new EventSource(part.dataset.live)
  events.addEventListener("message", ({ data }) => {
    const { text, isSlow, isFinal } = JSON.parse(data)
    if (line.textContent !== text) line.textContent = text
    slow.hidden = !isSlow
    if (isFinal) events.close()
  })
}
