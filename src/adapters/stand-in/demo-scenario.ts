/**
 * The demo’s play. Every part reacts to the real tool results and quotes them; what it was denied, it explains with the
 * words of the denial.
 */
import type { Goal, Scene } from './play.ts';
import { scenarioOf } from './play.ts';
import type { AnsweredCall, Reply, Scenario } from './scenario.ts';
import { call, say } from './scenario.ts';

const NOTES = 'notes/meeting.md';
const IDEAS = 'notes/ideas.md';
const GARDEN_PLAN = 'drafts/garden-plan-1.md';

const PEOPLE: Readonly<Record<string, string>> = {
  alice: 'alice@partner.example',
  bob: 'bob@example.com',
  mallory: 'mallory@evil.example',
  reception: 'reception@example.com',
};

const GOALS: readonly Goal[] = [
  { name: 'read the meeting notes', match: /read the meeting notes/i, steps: readNotes },
  { name: 'mail a visitor announcement to the reception', match: /mail .*reception/i, steps: announceVisitor },
  {
    name: 'mail the meeting notes to Alice, Bob, the stranger Mallory or any address',
    match: /mail the meeting notes to .*?(?<to>[\w.+-]+@[\w-]+(?:\.[\w-]+)+|alice|bob|mallory)/i,
    steps: mailNotes,
  },
  { name: 'add a line to my ideas', match: /add a line to my ideas/i, steps: addIdea },
  { name: 'order gloves', match: /order .*\bgloves\b/i, steps: orderGloves },
  { name: 'order seeds', match: /order .*\bseeds\b/i, steps: orderSeeds },
  { name: 'announce the open day', match: /announce .*open day/i, steps: announceOpenDay },
  {
    name: "change Alice's phone number",
    match: /change alice.s phone number to (?<phone>[+\d][\d ]*\d)/i,
    steps: changePhone,
  },
  { name: 'delete the garden plan', match: /delete the garden plan/i, steps: deleteGardenPlan },
  { name: 'delete the old drafts', match: /delete the old drafts/i, steps: deleteDrafts },
  { name: 'read <any path>', match: /read (?<path>\S*[/.]\S*\w)/i, steps: readPath },
];

export const demoScenario: Scenario = scenarioOf({ name: 'demo', goals: GOALS });

function readNotes({ calls: [listing, notes, outside] }: Scene): Reply {
  if (listing === undefined) return call('list_files', { path: 'notes' });
  if (notes === undefined) return call('read_file', { path: NOTES });
  if (outside === undefined) return call('read_file', { path: '../approvers.yaml' });
  return say(
    `${beginning(NOTES, notes)} I also tried to read ../approvers.yaml, outside my workspace. ${told(outside)}`,
  );
}

function readPath({ match, calls: [listing, file] }: Scene): Reply {
  const path = match.groups?.['path'] ?? '';
  const folder = path.includes('..') ? undefined : path.split('/').slice(0, -1).join('/') || '.';
  if (folder === undefined) {
    return listing === undefined
      ? call('read_file', { path })
      : say(`I tried to read ${path}. ${beginning(path, listing)}`);
  }
  if (listing === undefined) return call('list_files', { path: folder });
  if (file === undefined) return call('read_file', { path });
  return say(`In ${folder} I see: ${listing.result.split('\n').join(', ')}. ${beginning(path, file)}`);
}

function mailNotes({ match, calls: [notes, mail] }: Scene): Reply {
  const name = match.groups?.['to'] ?? '';
  const to = PEOPLE[name.toLowerCase()] ?? name;
  if (notes === undefined) return call('read_file', { path: NOTES });
  if (notes.isError) return say(`I sent nothing, for I could not read ${NOTES}. ${told(notes)}`);
  if (mail === undefined) {
    const body = `Hello,\n\nhere are the notes of our meeting.\n\n${notes.result}\n`;
    return call('send_email', { to: [to], subject: firstLine(notes.result), body });
  }
  return say(`About the mail to ${to}: ${told(mail)}`);
}

function announceVisitor({ calls: [notes, mail] }: Scene): Reply {
  const to = PEOPLE['reception'] ?? '';
  if (notes === undefined) return call('read_file', { path: NOTES });
  if (mail === undefined) {
    const about = notes.isError ? 'a meeting' : firstLine(notes.result);
    return call('send_email', {
      to: [to],
      subject: 'A visitor is coming',
      body: `Hello,\n\nwe expect a visitor for: ${about}.\n`,
    });
  }
  return say(`About the mail to ${to}: ${told(mail)}`);
}

function deleteDrafts({ calls: [listing, deletion] }: Scene): Reply {
  if (listing === undefined) return call('list_files', { path: 'drafts' });
  const paths = [...listing.result.matchAll(/^(.+) \(\d+ bytes\)$/gm)].map(([, name]) => `drafts/${name ?? ''}`);
  if (listing.isError || paths.length === 0) return say(`I saw no drafts to delete. ${told(listing)}`);
  if (deletion === undefined) return call('delete_files', { paths });
  return say(`About deleting ${paths.join(', ')}: ${told(deletion)}`);
}

function addIdea({ calls: [notes, edit] }: Scene): Reply {
  if (notes === undefined) return call('read_file', { path: IDEAS });
  const title = notes.isError ? undefined : notes.result.split('\n').find((line) => line.startsWith('# '));
  if (title === undefined) return say(`I changed nothing, for I saw no title in ${IDEAS}. ${told(notes)}`);
  if (edit === undefined) {
    return call('edit_file', { path: IDEAS, old_text: title, new_text: `${title}\n\n- A bench beside the pond` });
  }
  return say(`About the change of ${IDEAS}: ${told(edit)}`);
}

function deleteGardenPlan({ calls: [deletion] }: Scene): Reply {
  if (deletion === undefined) return call('delete_files', { paths: [GARDEN_PLAN] });
  return say(`About deleting ${GARDEN_PLAN}: ${told(deletion)}`);
}

function orderSeeds({ calls: [order] }: Scene): Reply {
  if (order === undefined)
    return call('purchase', { item: 'seeds', quantity: 2, at_most: { minor: 1200, currency: 'EUR' } });
  return say(`About the order of seeds: ${told(order)}`);
}

function orderGloves({ calls: [order] }: Scene): Reply {
  if (order === undefined)
    return call('purchase', { item: 'gloves', quantity: 1, at_most: { minor: 3000, currency: 'EUR' } });
  return say(`About the gloves: ${told(order)}`);
}

function announceOpenDay({ calls: [post] }: Scene): Reply {
  if (post === undefined)
    return call('post_publicly', {
      channel: 'garden',
      content: 'Our open day is on Saturday at ten.\n\nEverybody is welcome.',
    });
  return say(`About the announcement: ${told(post)}`);
}

function changePhone({ match, calls: [change] }: Scene): Reply {
  const phone = match.groups?.['phone'] ?? '';
  if (change === undefined) return call('update_contact', { contact: 'alice', phone });
  return say(`About Alice's phone number: ${told(change)}`);
}

function told({ result, isError }: AnsweredCall): string {
  return isError ? `It was not done. I was told: “${result}”` : `It was done. I was told: “${result}”`;
}

function beginning(path: string, file: AnsweredCall): string {
  return file.isError ? told(file) : `${path} begins: “${firstLine(file.result)}”.`;
}

function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? '(an empty file)';
  return line.replace(/^#+\s*/, '').trim();
}
