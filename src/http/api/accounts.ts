import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { deleteAccount } from "../../account/deleteAccount.ts"
import { importAccount } from "../../account/importAccount.ts"
import { signIn } from "../../account/signIn.ts"
import { readAccount } from "../../account/status.ts"
import { stepUp } from "../../account/stepUp.ts"
import { Account } from "../../domain/TwoFactor.ts"
import { Api } from "../contract/Api.ts"
import { called, posted } from "../requestCaller.ts"

const created = HttpServerResponse.schemaJson(Account)

/** Import, reading, deleting, signing in and stepping up. */
export const layer = HttpApiBuilder.group(Api, "accounts", (handlers) =>
  handlers.handleAll({
    register: Effect.fnUntraced(function* ({ params, payload }) {
      const imported = yield* called(importAccount({ ...payload, ...params }))
      return imported.created ? yield* Effect.orDie(created(imported.account, { status: 201 })) : imported.account
    }),
    read: ({ params }) => called(readAccount(params.accountId)),
    remove: ({ params }) => called(deleteAccount(params.accountId)),
    signIn: (given) => posted(given, signIn({ ...given.payload, ...given.params })),
    stepUp: (given) => posted(given, stepUp(given.params))
  })
)
