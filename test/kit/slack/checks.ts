/** Yields a sentence for each fault of a value; the path names where it is. */
export type Check = (value: unknown, path: string) => Iterable<string>

type Checks = Readonly<Record<string, Check>>

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The object, or the objects of the list; nothing where it is neither. */
export const records = (value: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  (Array.isArray(value) ? value : [value]).filter(isRecord)

/** Whatever it is. */
export const anything: Check = () => []

/** All of these. */
export const together = (...checks: ReadonlyArray<Check>): Check =>
  function* (value, path) {
    for (const check of checks) yield* check(value, path)
  }

/** True or false. */
export const flag: Check = function* (value, path) {
  if (typeof value !== "boolean") yield `${path} is neither true nor false`
}

/** A number of this range. */
export const number = (least: number, most: number): Check =>
  function* (value, path) {
    if (typeof value !== "number" || value < least || value > most)
      yield `${path} is no number from ${least} to ${most}`
  }

/** A text of at least one and at most so many characters. */
export const words = (most: number): Check =>
  function* (value, path) {
    if (typeof value !== "string") yield `${path} is no text`
    else if (value === "") yield `${path} is empty`
    else if (value.length > most) yield `${path} has ${value.length} characters, more than ${most}`
  }

/** An address of at most so many characters. */
export const url = (most: number): Check =>
  together(words(most), function* (value, path) {
    if (typeof value === "string" && value !== "" && !URL.canParse(value)) yield `${path} is no address`
  })

/** One of these texts. */
export const oneOf = (...allowed: ReadonlyArray<string>): Check =>
  function* (value, path) {
    if (typeof value !== "string" || !allowed.includes(value))
      yield `${path} is ${JSON.stringify(value)}, not ${allowed.join(" or ")}`
  }

/** A list of so many items. */
export const list = (least: number, most: number, item: Check): Check =>
  function* (value, path) {
    if (!Array.isArray(value)) {
      yield `${path} is no list`
      return
    }
    if (value.length < least) yield `${path} has ${value.length} items, fewer than ${least}`
    if (value.length > most) yield `${path} has ${value.length} items, more than ${most}`
    for (const [index, member] of value.entries()) yield* item(member, `${path}[${index}]`)
  }

/** An object that has these properties, may have those, and has no others beside its `type`. */
export const shape = (required: Checks, optional: Checks = {}): Check => {
  const checks = { ...optional, ...required }
  return function* (value, path) {
    if (!isRecord(value)) {
      yield `${path} is no object`
      return
    }
    for (const name of Object.keys(required)) {
      if (value[name] === undefined) yield `${path}.${name} is missing`
    }
    for (const [name, member] of Object.entries(value)) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined
      if (check !== undefined && member !== undefined) yield* check(member, `${path}.${name}`)
      else if (member !== undefined && name !== "type") yield `${path}.${name} is not known here`
    }
  }
}

/** One of two properties is there, and not both unless both may be. */
export const onlyOneOf = (one: string, other: string, both?: "both"): Check =>
  function* (value, path) {
    for (const object of records(value)) {
      const found = [one, other].filter((name) => object[name] !== undefined).length
      if (found === 0) yield `${path} has neither ${one} nor ${other}`
      if (found === 2 && both === undefined) yield `${path} has both ${one} and ${other}`
    }
  }

/** The check of its `type`; any other type is a fault. */
export const byType = (checks: Checks): Check =>
  function* (value, path) {
    const type = isRecord(value) ? value["type"] : undefined
    if (typeof type !== "string") yield `${path} has no type`
    else {
      const check = Object.hasOwn(checks, type) ? checks[type] : undefined
      if (check === undefined) yield `${path} has the type "${type}", which is not known here`
      else yield* check(value, path)
    }
  }

/** A text object of one of these types with at most so many characters. */
export const text = (types: ReadonlyArray<"plain_text" | "mrkdwn">, most: number): Check => {
  const kinds = {
    plain_text: shape({ text: words(most) }, { emoji: flag }),
    mrkdwn: shape({ text: words(most) }, { verbatim: flag })
  }
  return byType(Object.fromEntries(types.map((type) => [type, kinds[type]])))
}
