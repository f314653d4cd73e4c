import { stat } from "node:fs/promises"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Redacted } from "effect"
import { PasswordQueueFull, PasswordVerifier } from "../../src/services/PasswordVerifier.ts"

const live = { memoryKib: 19_456, passes: 2, lanes: 1 }
const cheap = { memoryKib: 64, passes: 1, lanes: 1 }
/** Three threads, of which two stay free: one check at a time. */
const oneAtATime = PasswordVerifier.layer(cheap, 3)

const password = Redacted.make("harbor-demo-2026")
const bcryptOfUU = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"

const composed = Redacted.make("l\u00e8tmein")
const decomposed = Redacted.make("le\u0300tmein")
const djangoOfComposed = "pbkdf2_sha256$30000$seasalt2$a75qzbogeVhNFeMqhdgyyoqGKpIzYUo651sq57RERew="
/** base64(SHA-1("le\u0300tmein" + "salt") + "salt"): made by software that does not normalise. */
const sshaOfDecomposed = "{SSHA}XbqbjeJFkyqQ9us3YYBafmd6kvZzYWx0"

describe("PasswordVerifier", () => {
  it.live("S-78: a hash is argon2id at the live cost, fits its password and no other, and is not stale", () =>
    Effect.gen(function* () {
      const passwords = yield* PasswordVerifier
      const hash = yield* passwords.hash(password)
      assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
      assert.notStrictEqual(yield* passwords.hash(password), hash)
      assert.deepStrictEqual(yield* passwords.verify(hash, password), { right: true, stale: false })
      const wrong = yield* passwords.verify(hash, Redacted.make("harbor-demo-2027"))
      assert.deepStrictEqual(wrong, { right: false, stale: false })
    }).pipe(Effect.provide(PasswordVerifier.layer(live)))
  )

  it.live("S-78: the whole of 1024 code points counts, the last one too", () =>
    Effect.gen(function* () {
      const passwords = yield* PasswordVerifier
      const hash = yield* passwords.hash(Redacted.make("𝒜".repeat(1024)))
      assert.isTrue((yield* passwords.verify(hash, Redacted.make("𝒜".repeat(1024)))).right)
      assert.isFalse((yield* passwords.verify(hash, Redacted.make(`${"𝒜".repeat(1023)}ℬ`))).right)
      assert.isFalse((yield* passwords.verify(hash, Redacted.make("𝒜".repeat(1023)))).right)
    }).pipe(Effect.provide(oneAtATime))
  )

  it.live("S-78: the two Unicode spellings of a password are one password", () =>
    Effect.gen(function* () {
      const passwords = yield* PasswordVerifier
      const hash = yield* passwords.hash(decomposed)
      for (const spelling of [composed, decomposed]) {
        assert.isTrue((yield* passwords.verify(hash, spelling)).right)
        assert.isTrue((yield* passwords.verify(djangoOfComposed, spelling)).right)
      }
      // other software did not normalise: there the form that was typed then still fits
      assert.isTrue((yield* passwords.verify(sshaOfDecomposed, decomposed)).right)
      assert.isFalse((yield* passwords.verify(sshaOfDecomposed, composed)).right)
    }).pipe(Effect.provide(oneAtATime))
  )

  const staleOnes = [
    ["less memory", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc", "password"],
    ["argon2i", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA", "password"],
    ["argon2 1.0", "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ", "password"],
    [
      "a short salt",
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
      "password"
    ],
    ["bcrypt", bcryptOfUU, "U*U"],
    ["phpass", "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", "test12345"]
  ] as const
  for (const [what, stored, fitting] of staleOnes) {
    it.live(`S-78: ${what}: right, and to be renewed; what is renewed is not stale`, () =>
      Effect.gen(function* () {
        const passwords = yield* PasswordVerifier
        const typed = Redacted.make(fitting)
        assert.deepStrictEqual(yield* passwords.verify(stored, typed), { right: true, stale: true })
        const renewed = yield* passwords.hash(typed)
        assert.deepStrictEqual(yield* passwords.verify(renewed, typed), { right: true, stale: false })
      }).pipe(Effect.provide(PasswordVerifier.layer(live)))
    )
  }

  it.live("S-78: each of memory, passes and lanes makes a hash stale when it was lower; higher ones stay", () =>
    Effect.gen(function* () {
      const stored = yield* PasswordVerifier.use((passwords) => passwords.hash(password)).pipe(
        Effect.provide(PasswordVerifier.layer({ memoryKib: 128, passes: 2, lanes: 2 }))
      )
      const costs = [
        [{ memoryKib: 128, passes: 2, lanes: 2 }, false],
        [{ memoryKib: 129, passes: 2, lanes: 2 }, true],
        [{ memoryKib: 128, passes: 3, lanes: 2 }, true],
        [{ memoryKib: 128, passes: 2, lanes: 3 }, true],
        [{ memoryKib: 127, passes: 1, lanes: 1 }, false]
      ] as const
      for (const [cost, stale] of costs) {
        const verdict = yield* PasswordVerifier.use((passwords) => passwords.verify(stored, password)).pipe(
          Effect.provide(PasswordVerifier.layer(cost))
        )
        assert.deepStrictEqual(verdict, { right: true, stale })
      }
    })
  )

  it.live("S-40: nobody's password costs what somebody's costs, and waits in the same queue", () =>
    Effect.gen(function* () {
      const passwords = yield* PasswordVerifier
      const hash = yield* passwords.hash(password)
      const cpuOf = Effect.fnUntraced(function* (work: Effect.Effect<unknown, PasswordQueueFull>) {
        const before = process.cpuUsage()
        yield* Effect.repeat(work, { times: 9 })
        const used = process.cpuUsage(before)
        return used.user + used.system
      })
      const somebody = yield* cpuOf(passwords.verify(hash, Redacted.make("wrong")))
      const nobody = yield* cpuOf(passwords.verifyNobody(Redacted.make("wrong")))
      assert.isAbove(nobody / somebody, 0.5)
      assert.isBelow(nobody / somebody, 2)
      assert.isUndefined(yield* passwords.verifyNobody(password))
    }).pipe(Effect.provide(PasswordVerifier.layer(live)))
  )

  it.live("64 checks wait, the next is refused before hashing, and an interrupted one makes room", () =>
    Effect.gen(function* () {
      const passwords = yield* PasswordVerifier
      const check = passwords.verify(bcryptOfUU, password)
      const fork = Effect.forkChild(check, { startImmediately: true })
      const running = yield* fork
      assert.strictEqual(yield* passwords.waiting, 0)
      const waiters = yield* Effect.forEach(Array.from({ length: 64 }), () => fork)
      assert.strictEqual(yield* passwords.waiting, 64)

      const refused = [check, passwords.hash(password), passwords.verifyNobody(password)]
      for (const one of refused) assert.deepStrictEqual(yield* Effect.flip(one), new PasswordQueueFull())
      assert.strictEqual(yield* passwords.waiting, 64)

      const [impatient, ...patient] = waiters
      assert.isDefined(impatient)
      yield* Fiber.interrupt(impatient)
      assert.strictEqual(yield* passwords.waiting, 63)
      const late = yield* fork
      assert.strictEqual(yield* passwords.waiting, 64)

      for (const fiber of [running, ...patient, late]) assert.isFalse((yield* Fiber.join(fiber)).right)
      assert.strictEqual(yield* passwords.waiting, 0)
      assert.isTrue((yield* passwords.verify(bcryptOfUU, Redacted.make("U*U"))).right)
    }).pipe(Effect.provide(oneAtATime))
  )

  it.live("an interrupted check that has begun keeps its place until its thread is free", () =>
    Effect.gen(function* () {
      const passwords = yield* PasswordVerifier
      const running = yield* Effect.forkChild(passwords.verify(bcryptOfUU, password), { startImmediately: true })
      const interruption = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
      const next = yield* Effect.forkChild(passwords.verify(bcryptOfUU, password), { startImmediately: true })
      assert.strictEqual(yield* passwords.waiting, 1)
      yield* Fiber.join(interruption)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(running)))
      assert.isFalse((yield* Fiber.join(next)).right)
    }).pipe(Effect.provide(oneAtATime))
  )

  const pools = [
    [2, 1],
    [3, 1],
    [4, 2]
  ] as const
  for (const [threads, atOnce] of pools) {
    it.live(`a pool of ${threads} threads hashes ${atOnce} at once at most`, () =>
      Effect.gen(function* () {
        const passwords = yield* PasswordVerifier
        const fork = Effect.forkChild(passwords.hash(password), { startImmediately: true })
        const fibers = yield* Effect.forEach(Array.from({ length: 6 }), () => fork)
        assert.isAtLeast(yield* passwords.waiting, 6 - atOnce)
        yield* Effect.forEach(fibers, Fiber.join)
      }).pipe(Effect.provide(PasswordVerifier.layer(live, threads)))
    )
  }

  const slowOnes = [
    ["argon2id", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"],
    ["bcrypt", `$2b$09$${".".repeat(53)}`],
    ["scrypt", `$scrypt$ln=14,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$${"A".repeat(43)}`],
    ["Django", `pbkdf2_sha256$100000$seasalt2$${"A".repeat(43)}=`],
    ["phpass", `$P$F${".".repeat(30)}`],
    ["sha512-crypt", `$6$rounds=40000$saltsalt$${".".repeat(86)}`]
  ] as const
  for (const [name, stored] of slowOnes) {
    it.live(`S-78: 16 ${name} checks leave the event loop and the files to others`, () =>
      Effect.gen(function* () {
        const passwords = yield* PasswordVerifier
        yield* passwords.verify(stored, password) // whatever is loaded or started once
        let done = 0
        const check = passwords.verify(stored, password).pipe(Effect.tap(() => Effect.sync(() => done++)))
        const all = process.cpuUsage()
        const loop = process.threadCpuUsage()
        const fork = Effect.forkChild(check, { startImmediately: true })
        const checks = yield* Effect.forEach(Array.from({ length: 16 }), () => fork)
        yield* Effect.promise(() => stat(import.meta.dirname))
        assert.isBelow(done, 8)
        yield* Effect.forEach(checks, Fiber.join)
        // processor time, which a busy machine does not change: next to all of it was spent on other threads
        const loopUsed = process.threadCpuUsage(loop)
        const allUsed = process.cpuUsage(all)
        assert.isBelow((loopUsed.user + loopUsed.system) / (allUsed.user + allUsed.system), 0.25)
      }).pipe(Effect.provide(PasswordVerifier.layer(cheap)))
    )
  }

  it.live("a stored text of no known format is a defect that does not quote it", () =>
    Effect.gen(function* () {
      const passwords = yield* PasswordVerifier
      const exit = yield* Effect.exit(passwords.verify("not-a-hash-at-all", password))
      assert.isTrue(Exit.hasDies(exit))
      assert.notInclude(String(exit), "not-a-hash-at-all")
      assert.strictEqual(yield* passwords.waiting, 0)
    }).pipe(Effect.provide(oneAtATime))
  )
})
