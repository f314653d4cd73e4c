import { settingsReference } from "./settings.ts"

process.stdout.write(settingsReference())
