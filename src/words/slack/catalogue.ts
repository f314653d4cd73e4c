import { type Language, languageOf } from "../catalogue.ts"
import { en } from "./en.ts"
import { ms } from "./ms.ts"
import type { SlackWords } from "./SlackWords.ts"

const languages = { en, ms } as const satisfies Record<Language, SlackWords>

/** The words of the bot for a BCP 47 locale. */
export const slackWords = (locale: string | null): SlackWords => languages[languageOf(locale)]
