import { handOver } from "./handOver.js"

await handOver("src/config.ts")
