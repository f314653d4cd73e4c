/** First match wins: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari. */
const browsers = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bSafari\//, "Safari"]
] as const

const systems = [
  [/\b(?:iPhone|iPod)\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"]
] as const

const nameIn = (userAgent: string, names: ReadonlyArray<readonly [RegExp, string]>): string | null =>
  names.find(([mark]) => mark.test(userAgent))?.[1] ?? null

/** A browser and its system, roughly. Names of ours only: nothing of what the portal sent is repeated. */
export interface Browser {
  readonly browser: string | null
  readonly system: string | null
}

/** Which browser it was, as far as its user agent tells. */
export const browserOf = (userAgent: string | undefined): Browser => {
  const start = (userAgent ?? "").slice(0, 512)
  return { browser: nameIn(start, browsers), system: nameIn(start, systems) }
}
