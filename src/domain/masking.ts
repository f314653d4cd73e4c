import type { MethodId } from "./ids.ts"

const first = (text: string): string => {
  const [character] = text
  return character ?? ""
}

/** `alex@customer.example` → `a•••@c•••.example`: enough to recognise, too little to write to (S-41). */
export const maskEmail = (address: string): string => {
  const at = address.lastIndexOf("@")
  const domain = address.slice(at + 1)
  const dot = domain.lastIndexOf(".")
  const ending = dot > 0 ? domain.slice(dot) : ""
  return `${first(address.slice(0, Math.max(at, 0)))}•••@${first(domain)}•••${ending}`
}

/** `+60125550143` → `••• ••43`. */
export const maskPhone = (number: string): string => `••• ••${number.slice(-2)}`

/** The same in the GSM-7 alphabet, for texts: `**43`. */
export const maskPhoneForText = (number: string): string => `**${number.slice(-2)}`

/** Masks the destination of a method. */
export const maskDestination = (method: MethodId, destination: string): string =>
  method === "EMAIL" ? maskEmail(destination) : maskPhone(destination)
