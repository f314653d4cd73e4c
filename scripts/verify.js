import { handOver } from "./handOver.js"

await handOver("src/verify.ts")
