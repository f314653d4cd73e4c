import type { MethodId } from "../domain/ids.ts"
import { email } from "./email.ts"
import type { Method } from "./Method.ts"
import { sms } from "./sms.ts"

/** Every method, by id. */
export const methods: Readonly<Record<MethodId, Method>> = { SMS: sms, EMAIL: email }
