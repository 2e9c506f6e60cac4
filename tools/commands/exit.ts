/** How a command ends. */

/** Exit codes. */
export enum Exit {
  Well = 0,
  /** What was looked at is wrong. */
  Wrong = 1,
  /** It could not be looked at: wrong usage, a file that is not there, a failed build. */
  Impossible = 2,
}

/** Something that the user can put right; its message says how. */
export class UserError extends Error {}
