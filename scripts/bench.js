import { handOver } from "./handOver.js"

await handOver("bench/main.ts", { dev: true })
