import { handOver } from "./handOver.js"

await handOver("test/simulation/main.ts", { dev: true })
