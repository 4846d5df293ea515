/** The question what became of an action that ended unknown, and an answer to it. */
import type { ApprovalRequest } from '../../src/domain/request.ts';
import type { Session, Signer } from './harness.ts';
import { until, verdict } from './harness.ts';

/** The question what became of an action; after a lost worker it comes late: when the first try can no longer act. */
export function questionOf(session: Session, callId?: string): Promise<ApprovalRequest> {
  return until(async () => {
    const { waiting } = await session.state();
    const questions = waiting.filter(({ question }) => question?.kind === 'unknown');
    return callId === undefined ? questions[0] : questions.find((each) => each.callId === callId);
  }, 90_000);
}

/** Answers the question what became of an action by leaving it unknown. */
export async function leave(session: Session, signer: Signer): Promise<void> {
  const asked = await questionOf(session);
  await session.update(verdict(asked, 'deny', signer));
}
