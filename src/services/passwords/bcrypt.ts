import { verify } from "@node-rs/bcrypt"
import { Result } from "effect"
import { passwordFormat } from "./PasswordFormat.ts"

const highestCost = 14 // about a second; each step doubles it

// The last character of salt and hash carries 2 and 4 bits only, so not every character can stand there.
const shape = /^\$2[aby]\$(\d{2})\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/

/**
 * Bcrypt as `$2a$`, `$2b$` and `$2y$`. It sees the first 72 bytes only, as did the software that made the hash; with
 * the renewal at the next success the whole password counts.
 */
export const bcrypt = passwordFormat({
  name: "bcrypt",
  claims: (text) => /^\$2[a-z]?\$/.test(text),
  parse: (text) => {
    const [, cost] = shape.exec(text) ?? []
    if (cost === undefined) return Result.fail("The bcrypt hash is not a complete $2a$, $2b$ or $2y$ text.")
    return Number(cost) >= 4 && Number(cost) <= highestCost
      ? Result.succeed(Number(cost))
      : Result.fail("The bcrypt cost may be 4 to 14.")
  },
  check: async (_, password, text) => {
    const fits = await verify(password, text)
    // bcrypt repeats the password with a NUL between: "a" and "a, NUL, a" are the same to it
    return fits && !password.includes(0)
  }
})
