import {
  AlreadyDisabled,
  AlreadyEnabled,
  ChallengeClosed,
  CodeExpired,
  CodeIncorrect,
  GrantInvalid,
  IdempotencyConflict,
  IdempotencyInProgress,
  LinkOver,
  ManagedHere,
  MethodSuspended,
  MethodUnavailable,
  NotEnabled,
  NotFound,
  PasswordIncorrect,
  ProtectionReported,
  RateLimited,
  ResendTooSoon,
  SameMethod,
  StepUpRequired,
  TooManyAttempts,
  Unavailable,
  ValidationFailed
} from "./refusals.ts"

const replays = [IdempotencyConflict, IdempotencyInProgress] as const
const passwordChecked = [NotFound, RateLimited, Unavailable, PasswordIncorrect] as const

/** What each operation may answer instead of doing what was asked: its errors in the API and in the actor's replies. */
export const refusalsOf = {
  signIn: [...replays, ...passwordChecked, MethodSuspended],
  stepUp: [...replays, NotFound, RateLimited, Unavailable, NotEnabled, MethodSuspended],
  setUp: [
    ...replays,
    ...passwordChecked,
    ValidationFailed,
    AlreadyEnabled,
    MethodUnavailable,
    MethodSuspended,
    ProtectionReported
  ],
  changeMethod: [
    ...replays,
    ...passwordChecked,
    ValidationFailed,
    NotEnabled,
    SameMethod,
    MethodUnavailable,
    MethodSuspended,
    ProtectionReported,
    StepUpRequired,
    GrantInvalid
  ],
  disable: [
    ...replays,
    ...passwordChecked,
    AlreadyDisabled,
    MethodSuspended,
    ProtectionReported,
    StepUpRequired,
    GrantInvalid
  ],
  verify: [
    ...replays,
    NotFound,
    RateLimited,
    Unavailable,
    ValidationFailed,
    MethodSuspended,
    ProtectionReported,
    CodeExpired,
    ChallengeClosed,
    CodeIncorrect,
    TooManyAttempts
  ],
  resend: [
    ...replays,
    NotFound,
    RateLimited,
    Unavailable,
    MethodSuspended,
    ProtectionReported,
    ChallengeClosed,
    ResendTooSoon
  ],
  linkPortal: [...replays, NotFound, Unavailable, ValidationFailed, GrantInvalid],
  openSession: [...replays, NotFound, Unavailable],
  cancel: [NotFound, Unavailable, ChallengeClosed],
  report: [...replays, NotFound, Unavailable, LinkOver],
  turnBackOn: [...replays, ...passwordChecked, LinkOver, AlreadyEnabled, MethodUnavailable, MethodSuspended],
  goBack: [...replays, ...passwordChecked, LinkOver, NotEnabled, MethodUnavailable, MethodSuspended],
  lift: [...replays, ...passwordChecked, NotEnabled, MethodSuspended, StepUpRequired, GrantInvalid],
  liftBySupport: [NotFound, Unavailable],
  requestReset: [...replays, NotFound, Unavailable, AlreadyDisabled],
  stopReset: [...replays, NotFound, Unavailable, LinkOver],
  cancelReset: [NotFound, Unavailable],
  executeReset: [...replays, NotFound, Unavailable, AlreadyDisabled],
  linkSlack: [...replays, NotFound, Unavailable, RateLimited],
  unlinkSlack: [...replays, NotFound, Unavailable],
  closeChallenges: [...replays, NotFound, Unavailable],
  closeCase: [NotFound, Unavailable],
  importAccount: [ValidationFailed, ManagedHere, RateLimited, Unavailable],
  deleteAccount: [NotFound, Unavailable]
} as const

/** The refusals of one operation. */
export type RefusalOf<Operation extends keyof typeof refusalsOf> = InstanceType<(typeof refusalsOf)[Operation][number]>

/** Any refusal that an operation may answer with. */
export type Refusal = RefusalOf<keyof typeof refusalsOf>

/** Whether an answer is a refusal: refusals are the only errors among answers. */
export const refused = (answer: unknown): answer is Refusal => answer instanceof Error
