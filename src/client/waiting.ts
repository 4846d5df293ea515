import type { ApprovalRequest } from '../domain/request.ts';

/** What waits for a person, and what could not be asked: silence is not "nothing waits". */
export interface Waiting {
  /** Those that expire first on top. */
  readonly requests: readonly ApprovalRequest[];
  /** Ids of running sessions for which no worker answered. */
  readonly silent: readonly string[];
  /** True where more sessions may wait than were asked. */
  readonly isCut: boolean;
}
