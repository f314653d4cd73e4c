import { defineConfig } from "vitest/config"

/** Files run side by side, each in a process and a database of its own; one PostgreSQL serves them all. */
const config = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/kit/postgres.ts"],
    pool: "forks",
    // A fork imports Effect once, not once a file; files share no state but modules, and each has its own database.
    isolate: false,
    fileParallelism: true,
    maxWorkers: 5,
    testTimeout: 20_000,
    hookTimeout: 60_000
  }
})

// oxlint-disable-next-line import/no-default-export -- vitest reads the default export
export default config
