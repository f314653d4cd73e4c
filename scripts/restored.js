import { handOver } from "./handOver.js"

await handOver("src/restored.ts")
