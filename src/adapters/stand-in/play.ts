/** Scenarios as data: goals that are known by their words, each played against the real results of its tool calls. */
import type { AnsweredCall, Reply, Scenario } from './scenario.ts';
import { say } from './scenario.ts';

/** What a part of the play sees: the words that matched, and its own tool calls with what came of them. */
export interface Scene {
  readonly match: RegExpMatchArray;
  readonly calls: readonly AnsweredCall[];
}

export interface Goal {
  /** Shown to those who ask for something that is not in the play. */
  readonly name: string;
  readonly match: RegExp;
  readonly steps: (scene: Scene) => Reply;
}

export interface Play {
  readonly name: string;
  readonly goals: readonly Goal[];
}

/** Plays every goal that the session’s goal names, in the order of the words; the texts are said together at the end. */
export function scenarioOf(play: Play): Scenario {
  return ({ goal, calls }) => {
    const parts = partsIn(goal, play.goals);
    if (parts.length === 0) return offScript(play);
    const texts: string[] = [];
    let rest = calls;
    for (const { match, steps } of parts) {
      const { reply, left } = playPart(match, steps, rest);
      if (asks(reply)) return reply;
      texts.push(reply.text ?? '');
      rest = left;
    }
    return say(texts.join('\n'));
  };
}

interface Part {
  readonly match: RegExpMatchArray;
  readonly steps: Goal['steps'];
}

/** The first goal of the list that fits a place wins it: the particular ones stand before the general. */
function partsIn(text: string, goals: readonly Goal[]): readonly Part[] {
  const parts: Part[] = [];
  for (const { match: pattern, steps } of goals) {
    const match = text.match(pattern);
    if (match !== null && !parts.some((part) => overlap(part.match, match))) parts.push({ match, steps });
  }
  return parts.toSorted((one, other) => (one.match.index ?? 0) - (other.match.index ?? 0));
}

function overlap(one: RegExpMatchArray, other: RegExpMatchArray): boolean {
  const [from, start] = [one.index ?? 0, other.index ?? 0];
  return from < start + other[0].length && start < from + one[0].length;
}

/** Plays from the start against the answered calls, until the part asks for one that has not been made or is done. */
function playPart(
  match: RegExpMatchArray,
  steps: Goal['steps'],
  answered: readonly AnsweredCall[],
): { readonly reply: Reply; readonly left: readonly AnsweredCall[] } {
  let made = 0;
  for (;;) {
    const reply = steps({ match, calls: answered.slice(0, made) });
    const asked = reply.calls?.length ?? 0;
    if (asked === 0 || made + asked > answered.length) return { reply, left: answered.slice(made) };
    made += asked;
  }
}

function asks({ calls }: Reply): boolean {
  return calls !== undefined && calls.length > 0;
}

function offScript({ name, goals }: Play): Reply {
  const known = goals.map((goal) => `“${goal.name}”`).join(', ');
  return say(
    `No model is thinking here: I only play the script “${name}”, and it knows these goals: ${known}. With ANTHROPIC_API_KEY set, Claude answers.`,
  );
}
