import { handOver } from "./handOver.js"

await handOver("src/slackManifest.ts")
