import { assert, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { onTestFinished } from "vitest"

const root = resolve(import.meta.dirname, "..")

interface Exception {
  readonly id: string
  readonly package: string
  readonly reason: string
  readonly until: string
}

interface Advisories {
  readonly compare: (
    report: unknown,
    exceptions: ReadonlyArray<Partial<Exception>>,
    today: string
  ) => { readonly faults: ReadonlyArray<string>; readonly notes: ReadonlyArray<string> }
  readonly isReport: (answer: unknown) => boolean
}

// The scripts are plain JavaScript for whatever Node is there: they have no types of their own.
const { compare, isReport }: Advisories = await import(pathToFileURL(join(root, "scripts/advisories.js")).href)

/** An advisory as `npm audit --json` names it among the causes of a package. */
const cause = (name: string, severity: string, id = "GHSA-aaaa-bbbb-cccc") => ({
  source: 1_100_000,
  name,
  dependency: name,
  title: `a flaw of ${name}`,
  url: `https://github.com/advisories/${id}`,
  severity,
  range: "<2.0.0"
})

/** A report in which the first package has the flaws, and another one has them through it. */
const reportOf = (...via: ReadonlyArray<ReturnType<typeof cause>>) => ({
  auditReportVersion: 2,
  vulnerabilities: {
    nodemailer: { name: "nodemailer", severity: "high", via, effects: ["portal"] },
    portal: { name: "portal", severity: "high", via: ["nodemailer", ...via], effects: [] }
  }
})

const exception: Exception = {
  id: "GHSA-aaaa-bbbb-cccc",
  package: "nodemailer",
  reason: "only with a proxy, and none is set",
  until: "2027-01-31"
}
const today = "2027-01-01"

describe("what an audit makes of advisories", () => {
  for (const [severity, count] of [
    ["info", 0],
    ["low", 0],
    ["moderate", 1],
    ["high", 1],
    ["critical", 1],
    ["never heard of", 1]
  ] as const) {
    it(`one of level ${severity} that is not listed ${count === 0 ? "passes" : "is a fault, once"}`, () => {
      const { faults, notes } = compare(reportOf(cause("nodemailer", severity)), [], today)
      assert.deepStrictEqual([faults.length, notes], [count, []])
      if (count === 1)
        assert.match(faults[0] ?? "", /^GHSA-aaaa-bbbb-cccc \(nodemailer\) is .*: a flaw of nodemailer\./)
    })
  }

  for (const [day, isOver] of [
    ["2027-01-30", false],
    ["2027-01-31", false],
    ["2027-02-01", true]
  ] as const) {
    it(`an exception until 2027-01-31 ${isOver ? "is over" : "holds"} on ${day}`, () => {
      const { faults } = compare(reportOf(cause("nodemailer", "high")), [exception], day)
      assert.strictEqual(faults.length, isOver ? 1 : 0)
      if (isOver) assert.include(faults[0] ?? "", "was good until 2027-01-31")
    })
  }

  it("an exception is for one advisory of one package", () => {
    const others = [
      { ...exception, id: "GHSA-aaaa-bbbb-dddd" },
      { ...exception, package: "smtp-server" }
    ]
    const { faults, notes } = compare(reportOf(cause("nodemailer", "high")), others, today)
    assert.strictEqual(faults.length, 1)
    assert.strictEqual(notes.length, 2)
  })

  it("of several advisories each is looked at by itself", () => {
    const second = cause("nodemailer", "critical", "GHSA-2222-3333-4444")
    const { faults } = compare(reportOf(cause("nodemailer", "high"), second), [exception], today)
    assert.deepStrictEqual([faults.length, faults[0]?.startsWith("GHSA-2222-3333-4444")], [1, true])
  })

  it("an exception that nothing needs any more is a note, not a fault", () => {
    const { faults, notes } = compare({ vulnerabilities: {} }, [exception], today)
    assert.deepStrictEqual([faults.length, notes.length], [0, 1])
  })

  for (const missing of ["id", "package", "reason", "until"] as const) {
    it(`an exception without ${missing} is a fault, whatever it says`, () => {
      const { [missing]: _, ...rest } = exception
      const { faults } = compare(reportOf(cause("nodemailer", "high")), [rest], today)
      assert.lengthOf(faults, 1)
      assert.include(faults[0] ?? "", "audit-exceptions.json")
    })
  }
  for (const until of ["soon", "2027-13-01", "31.01.2027", "2027"]) {
    it(`an exception until ${until} is a fault`, () => {
      assert.lengthOf(compare({ vulnerabilities: {} }, [{ ...exception, until }], today).faults, 1)
    })
  }

  it("the list of this checkout is in order by itself", () => {
    const listed = JSON.parse(readFileSync(join(root, "audit-exceptions.json"), "utf8"))
    assert.deepStrictEqual(compare({ vulnerabilities: {} }, listed, "2000-01-01").faults, [])
  })

  it("an answer without a verdict is no report", () => {
    for (const answer of [undefined, null, "x", {}, { error: { code: "ENOTFOUND" } }, { vulnerabilities: null }])
      assert.isFalse(isReport(answer))
    assert.isTrue(isReport(reportOf()))
  })
})

/** Runs the script with an npm that gives this answer and code; what it was asked with is in the answer's place. */
const audited = async (answer: string, code: number, exceptions: ReadonlyArray<Exception> = []) => {
  const folder = mkdtempSync(join(tmpdir(), "rekey-audit-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(root, "scripts"), join(folder, "scripts"), { recursive: true })
  cpSync(join(root, "package.json"), join(folder, "package.json"))
  writeFileSync(join(folder, "audit-exceptions.json"), JSON.stringify(exceptions))
  writeFileSync(join(folder, "answer"), answer)
  mkdirSync(join(folder, "bin"))
  const npm = join(folder, "bin/npm")
  writeFileSync(
    npm,
    `#!/bin/sh\necho "$*" > "$PWD/asked"\necho "npm warn something" >&2\ncat "$PWD/answer"\nexit ${code}\n`
  )
  chmodSync(npm, 0o755)
  const child = spawn(process.execPath, [join(folder, "scripts/audit.js")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin` }
  })
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text))
  const [ended] = await once(child, "close")
  return {
    code: ended as number,
    lines: output.trimEnd().split("\n"),
    asked: readFileSync(join(folder, "asked"), "utf8")
  }
}

describe("scripts/audit.js", () => {
  it("asks npm for what is delivered, and fails on what is not listed", async () => {
    const report = JSON.stringify(reportOf(cause("nodemailer", "high")))
    const failed = await audited(report, 1)
    assert.strictEqual(failed.code, 1)
    assert.deepStrictEqual([failed.lines.length, failed.lines.at(-1)], [2, "audit: 1 faults, 0 exceptions"])
    assert.match(failed.asked, /^audit --json --omit=dev /)
    const listed = await audited(report, 1, [{ ...exception, until: "9999-12-31" }])
    assert.deepStrictEqual([listed.code, listed.lines], [0, ["audit: 0 faults, 1 exceptions"]])
  })

  it("where there is no verdict it says so in one line and does not fail", async () => {
    for (const [answer, reason] of [
      [`{"message": "405 Method Not Allowed", "statusCode": 405, "error": {"summary": ""}}`, "405"],
      [`{"error": {"code": "ENOTFOUND", "summary": "request failed"}}`, "ENOTFOUND"],
      ["", "1"]
    ] as const) {
      const { code, lines } = await audited(answer, 1)
      assert.deepStrictEqual(
        [code, lines],
        [0, [`audit: the registry has no audits for us (${reason}), so no advisory was looked at`]]
      )
    }
  })
})
