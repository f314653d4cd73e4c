import { Cache, Context, Effect, Layer, Schema } from "effect"
import type { SlackUser } from "../domain/slack.ts"
import { SlackApi } from "./SlackApi.ts"

/** How long who is in a group is remembered: so long a member who was removed may still use the support words. */
const remembered = "2 minutes"

const Members = Schema.Struct({ users: Schema.Array(Schema.String) })
const Identity = Schema.Struct({ team_id: Schema.String, enterprise_id: Schema.optional(Schema.NullOr(Schema.String)) })

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
        /** The workspace of the bot: an id of a user is unique in one workspace only, and the groups are those of this one. */
        const home = yield* Effect.cachedWithTTL(
          api
            .call("auth.test")
            .pipe(Effect.flatMap((answer) => Effect.orDie(Schema.decodeUnknownEffect(Identity)(answer)))),
          remembered
        )
        const isHere = ({ team, enterprise }: SlackUser) =>
          home.pipe(
            Effect.map(({ team_id, enterprise_id }) =>
              enterprise_id === undefined || enterprise_id === null ? team === team_id : enterprise === enterprise_id
            ),
            Effect.orElseSucceed(() => false)
          )
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
          hasMember: Effect.fn("SupportGroups.hasMember")(function* (user) {
            if (groups.length === 0 || !(yield* isHere(user))) return false
            const found = yield* Effect.forEach(groups, (group) => isIn(group, user), { concurrency: "unbounded" })
            return found.includes(true)
          })
        })
      })
    )
}
