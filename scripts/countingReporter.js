import { writeFileSync } from "node:fs"

/**
 * Leaves vitest's own counts in the file that TEST_COUNTS_FILE names. What broke outside a test (a file that could not be
 * loaded, a hook, an unhandled rejection) ran no test and still is a failure.
 */
export default class CountingReporter {
  onTestRunEnd(files, unhandledErrors) {
    const states = files.flatMap((file) => [...file.children.allTests()].map((test) => test.result().state))
    const broken = files
      .flatMap((file) => [file, ...file.children.allSuites()])
      .filter((one) => one.errors().length > 0)
    const passed = states.filter((state) => state === "passed").length
    const failed = states.filter((state) => state === "failed").length + broken.length + unhandledErrors.length
    writeFileSync(process.env.TEST_COUNTS_FILE, JSON.stringify({ passed, failed }))
  }
}
