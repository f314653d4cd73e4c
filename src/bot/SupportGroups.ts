import { Cache, Context, Effect, Layer, Schema } from "effect"
import type { SlackUser } from "../domain/slack.ts"
import { SlackApi } from "./SlackApi.ts"

/** How long who is in a group is remembered: so long a member who was removed may still use the support words. */
const remembered = "2 minutes"

const Members = Schema.Struct({ users: Schema.Array(Schema.String) })

/** Who may use the support words and buttons: members of the configured user groups, linked or not, and nobody else. */
export class SupportGroups extends Context.Service<
  SupportGroups,
  {
    /** Whether somebody is a member. Nobody is while Slack does not tell. */
    hasMember(user: SlackUser): Effect.Effect<boolean>
  }
>()("rekey/SupportGroups") {
  static readonly layerOf = (groups: ReadonlyArray<string>): Layer.Layer<SupportGroups, never, SlackApi> =>
    Layer.effect(
      SupportGroups,
      Effect.gen(function* () {
        const api = yield* SlackApi
        const members = yield* Cache.make({
          capacity: 100,
          timeToLive: remembered,
          lookup: (group: string) =>
            api.call("usergroups.users.list", { usergroup: group }).pipe(
              Effect.flatMap((answer) => Effect.orDie(Schema.decodeUnknownEffect(Members)(answer))),
              Effect.map(({ users }) => new Set(users))
            )
        })
        const isIn = (group: string, { user }: SlackUser) =>
          Cache.get(members, group).pipe(
            Effect.map((users) => users.has(user)),
            // asked again at once the next time: what failed is not remembered
            Effect.tapError(() => Cache.invalidate(members, group)),
            Effect.catchTag("SlackFault", ({ reason }) =>
              Effect.as(Effect.logWarning("Slack does not tell who is in a support group", { group, reason }), false)
            )
          )
        return SupportGroups.of({
          hasMember: Effect.fn("SupportGroups.hasMember")((user) =>
            Effect.map(
              Effect.forEach(groups, (group) => isIn(group, user), { concurrency: "unbounded" }),
              (found) => found.includes(true)
            )
          )
        })
      })
    )
}
