import { handOver } from "./handOver.js"

await handOver("src/main.ts")
