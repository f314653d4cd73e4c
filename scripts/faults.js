import { handOver } from "./handOver.js"

await handOver("test/faults/run.ts", { dev: true })
