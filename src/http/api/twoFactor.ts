import { HttpApiBuilder } from "effect/http-api"
import { changeMethod } from "../../account/changeMethod.ts"
import { disable } from "../../account/disable.ts"
import { liftReportBySupport } from "../../account/lift.ts"
import { cancelReset, requestReset } from "../../account/reset.ts"
import { setUp } from "../../account/setUp.ts"
import { readTwoFactor } from "../../account/status.ts"
import { Api } from "../contract/Api.ts"
import { called, posted } from "../requestCaller.ts"

/** How an account is protected, and changing it. */
export const layer = HttpApiBuilder.group(Api, "twoFactor", (handlers) =>
  handlers.handleAll({
    status: ({ params }) => called(readTwoFactor(params.accountId)),
    disable: (given) => posted(given, disable({ ...given.payload, ...given.params })),
    setup: (given) => posted(given, setUp({ ...given.payload, ...given.params })),
    change: (given) => posted(given, changeMethod({ ...given.payload, ...given.params })),
    requestReset: (given) => posted(given, requestReset({ ...given.payload, ...given.params }), "support"),
    cancelReset: ({ params }) => called(cancelReset(params.accountId), "support"),
    liftReport: ({ params }) => called(liftReportBySupport(params.accountId), "support")
  })
)
