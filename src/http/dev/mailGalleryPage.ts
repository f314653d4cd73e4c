import { html, type Html } from "../../words/html.ts"
import { type Language, languages } from "../../words/catalogue.ts"
import { mailOf } from "../../words/mails/Mail.ts"
import { oneSegment, septets } from "../../words/texts/gsm7.ts"
import { textMessageOf } from "../../words/texts/Text.ts"
import { inboxStyle } from "./inboxPage.ts"
import {
  harbor,
  letters,
  messageOf,
  people,
  type PersonName,
  type SampleName,
  samples,
  sentWith,
  supportLetters,
  type SupportSampleName,
  supportSamples
} from "./sampleLetters.ts"

const languageNames: Record<Language, string> = { en: "English", ms: "Malay" }

const whoIs: Record<PersonName, string> = {
  plain: "a plain name",
  long: "a very long name",
  rtl: "a name from right to left",
  emoji: "emoji and Chinese",
  hostile: "a name that is markup"
}

/** One picture of the gallery. */
export interface Picture {
  readonly letter: SampleName | SupportSampleName
  readonly language: Language
  readonly person: PersonName
}

const known = { ...letters, ...supportLetters }
const isToSupport = (letter: Picture["letter"]): letter is SupportSampleName => Object.hasOwn(supportLetters, letter)

/** Support is written to in English, and by no name. */
const picturesOf = (letter: Picture["letter"]): ReadonlyArray<Picture> =>
  isToSupport(letter)
    ? [{ letter, language: "en", person: "plain" }]
    : (Object.keys(languages) as Array<Language>).flatMap((language) =>
        (Object.keys(people) as Array<PersonName>).map((person) => ({ letter, language, person }))
      )

/** The picture with these names, if there is one. */
export const pictureOf = (letter: string, language: string, person: string): Picture | undefined =>
  Object.hasOwn(known, letter)
    ? picturesOf(letter as Picture["letter"]).find(
        (picture) => picture.language === language && picture.person === person
      )
    : undefined

const messageIn = ({ letter, language, person }: Picture) =>
  messageOf(known[letter], { locale: language, name: people[person] })

/** The mail of a picture, as whoever has that name would get it. */
export const mailIn = (picture: Picture) => mailOf(messageIn(picture), harbor, sentWith(known[picture.letter]))

/** What goes to support goes by mail only. */
const textIn = (picture: Picture): string | null =>
  isToSupport(picture.letter)
    ? null
    : textMessageOf({ ...messageIn(picture), channel: "sms" }, harbor, sentWith(known[picture.letter]))

const textShown = (sms: string): Html =>
  html`<section>
    <h4>SMS, ${septets(sms) ?? "too many"} of ${oneSegment} septets</h4>
    <pre>${sms}</pre>
  </section>`

const entry = (picture: Picture): Html => {
  const { letter, language, person } = picture
  const mail = mailIn(picture)
  const sms = textIn(picture)
  const title = isToSupport(letter) ? "To support" : `${languageNames[language]}, ${whoIs[person]}`
  const bytes = Buffer.byteLength(mail.text) + Buffer.byteLength(mail.html)
  return html`<details>
    <summary>${title}</summary>
    <h3 dir="auto">${mail.subject}</h3>
    <p class="about">${(bytes / 1000).toFixed(1)} kB as text and HTML</p>
    <iframe
      src="/dev/mail/${letter}/${language}/${person}.html"
      title="${`Mail: ${letter}, ${title}`}"
      sandbox
      loading="lazy"
    ></iframe>
    <div class="parts">
      <section>
        <h4>Text part</h4>
        <pre>${mail.text}</pre>
      </section>
      ${sms === null ? "" : textShown(sms)}
    </div>
  </details>`
}

const section = (letter: Picture["letter"]): Html =>
  html`<article id="${letter}">
    <h2>${mailIn({ letter, language: "en", person: "plain" }).subject}</h2>
    <p class="about"><span class="kind">${letter}</span></p>
    ${picturesOf(letter).map(entry)}
  </article>`

const names = [...samples, ...supportSamples].map(([name]) => name)

/** Every letter in every language to people with awkward names, as mail and as text. It needs no script. */
export const mailGalleryPage = (): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Mails</title>
        <link rel="stylesheet" href="/dev/mail.css" />
      </head>
      <body>
        <main>
          <header>
            <h1>Mails</h1>
            <p>
              Every letter that Rekey writes, with made-up facts. What it really sent is in the
              <a href="/dev/inbox">inbox</a>.
            </p>
            <nav aria-label="Letters">
              <ul>
                ${names.map((name) => html`<li><a href="#${name}">${name.replaceAll("_", " ")}</a></li>`)}
              </ul>
            </nav>
          </header>
          ${names.map(section)}
        </main>
      </body>
    </html> `

/** Its style sheet: the inbox's and more room. */
export const mailGalleryStyle = `${inboxStyle}
main { max-width: 70rem }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0 0 1.5rem; padding: 0; list-style: none }
h3 { font-size: 1.05rem; margin: .75rem 0 0; overflow-wrap: anywhere }
h4 { font-size: .95rem; margin: .75rem 0 .25rem }
details { border-top: 1px solid var(--line); padding: .5rem 0 }
summary { min-height: 24px }
iframe { height: 44rem }
.parts { display: flex; flex-wrap: wrap; gap: 0 2rem }
.parts section { flex: 1 1 16rem; min-width: 0 }
.parts section:first-child { flex: 3 1 44rem }
`
