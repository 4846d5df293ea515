import type { Conversation, Reply, Scenario } from './scenario.ts';
import { say } from './scenario.ts';

/** What is answered at one turn: always the same, or made from the conversation. */
export type Step = Reply | ((conversation: Conversation) => Reply);

/** One step a turn; the turn is read from the conversation, so a retried request gets the same answer again. */
export function scriptedScenario(steps: readonly Step[]): Scenario {
  return (conversation) => {
    const step = steps[conversation.turn];
    if (step === undefined) return say('The script is over.');
    return typeof step === 'function' ? step(conversation) : step;
  };
}
