/** The play: each step is checked in the world. */
import { print, styled } from '../terminal.ts';
import type { Stage } from './demo-stage.ts';
import { messageShown, wasDenied } from './demo-stage.ts';
import { playEveryday } from './play-everyday.ts';
import { watchShop } from './shop-watch.ts';

export async function playDemo(stage: Stage): Promise<void> {
  await readsAndIsKeptInside(stage);
  const unanswered = await asksReception(stage);
  await mailsAlice(stage);
  await mailsStranger(stage);
  await deletesDrafts(stage);
  await changesNote(stage);
  await putsBack(stage);
  if (stage.instance.shop === undefined) stage.check('the demo shop was started', false);
  else await playEveryday(stage, watchShop(stage.instance.shop));
  await expires(stage, unanswered);
  await survivesKill(stage);
}

async function readsAndIsKeptInside(stage: Stage): Promise<void> {
  stage.step('It reads a note (allowed), and a path outside the workspace (denied, and explained)');
  const result = await stage.result(await stage.start('Read the meeting notes and tell me how they begin'));
  const read = result.actions.find(({ tool }) => tool === 'read_file');
  stage.check('the note was read', read?.outcome === 'done' && result.text.includes('Meeting of Thursday'));
  stage.check('the path outside was denied', wasDenied(result, 'read_file') && result.text.includes('..'));
}

async function asksReception(stage: Stage): Promise<string> {
  stage.step('It asks to mail the reception; nobody will answer (looked at again near the end)');
  const session = await stage.start('Mail a visitor announcement to the reception');
  const request = await stage.request(session);
  print(`   waits until ${request.expiresAt}`);
  return session;
}

async function mailsAlice(stage: Stage): Promise<void> {
  stage.step('It mails a known contact: an exact preview, a signed approval, one delivery');
  const session = await stage.start('Mail the meeting notes to Alice');
  const before = (await stage.mails()).length;
  const request = await stage.request(session);
  stage.check('nothing was sent before the approval', (await stage.mails()).length === before);
  const decision = await stage.answer(request, 'approve');
  await stage.result(session);
  const arrived = (await stage.mails())
    .filter(({ to }) => to.includes('alice@partner.example'))
    .slice(0, (await stage.mails()).length - before);
  if (decision === 'deny') return stage.check('you denied it: nothing arrived', arrived.length === 0);
  stage.check(
    'it arrived once, at Alice only',
    arrived.length === 1 && arrived[0]?.to.join() === 'alice@partner.example',
  );
  stage.check('byte for byte as it was shown', arrived[0]?.source === messageShown(request));
}

async function mailsStranger(stage: Stage): Promise<void> {
  stage.step('It tries to mail a stranger: denied by the policy, nobody is bothered');
  const before = (await stage.mails()).length;
  const result = await stage.result(await stage.start('Mail the meeting notes to the stranger Mallory'));
  stage.check('the mail was denied', wasDenied(result, 'send_email') && result.text.includes('mail-known'));
  stage.check('nothing arrived anywhere', (await stage.mails()).length === before);
}

async function deletesDrafts(stage: Stage): Promise<void> {
  stage.step('It asks to delete files: they are shown, and denied with a reason');
  const session = await stage.start('Delete the old drafts');
  const request = await stage.request(session);
  const drafts = ['drafts/garden-plan-1.md', 'drafts/invitation-2025.md'];
  stage.check(
    'each file was shown with its first lines',
    drafts.every((path) => request.preview.some(({ label, text }) => label.includes(path) && text.includes('# Old'))),
  );
  const decision = await stage.answer(request, 'deny', 'We still need the invitation');
  const result = await stage.result(session);
  const there = drafts.every((path) => stage.file(path) !== undefined);
  if (decision === 'approve')
    return stage.check(
      'you approved it: the files are gone',
      drafts.every((path) => stage.file(path) === undefined),
    );
  stage.check('the files are still there', there);
  stage.check('the agent was told why', wasDenied(result, 'delete_files'));
}

async function changesNote(stage: Stage): Promise<void> {
  stage.step('It changes a note: the difference is shown, and only that is written');
  const session = await stage.start('Add a line to my ideas');
  const before = stage.file('notes/ideas.md');
  const request = await stage.request(session);
  stage.check('nothing was written before the approval', stage.file('notes/ideas.md') === before);
  stage.check(
    'the line was shown as added',
    request.preview.some(({ text }) => text.includes('+- A bench')),
  );
  const decision = await stage.answer(request, 'approve');
  await stage.result(session);
  const isThere = stage.file('notes/ideas.md')?.includes('- A bench') === true;
  if (decision === 'approve') stage.check('the line stands in the note', isThere);
  else stage.check('you denied it: the note is as it was', stage.file('notes/ideas.md') === before);
}

async function putsBack(stage: Stage): Promise<void> {
  stage.step('It deletes a draft with your approval, and "countersign undo" puts it back');
  const session = await stage.start('Delete the garden plan');
  const path = 'drafts/garden-plan-1.md';
  const before = stage.file(path);
  const decision = await stage.answer(await stage.request(session), 'approve');
  await stage.result(session);
  if (decision === 'deny') return stage.check('you denied it: the draft is there', stage.file(path) === before);
  stage.check('the draft is gone', stage.file(path) === undefined);
  await stage.result(await stage.undo(session));
  stage.check('it is back, byte for byte', before !== undefined && stage.file(path) === before);
}

async function expires(stage: Stage, session: string): Promise<void> {
  stage.step('The question to which nobody answered expires, which denies it');
  const result = await stage.result(session);
  stage.check('it was denied by silence', wasDenied(result, 'send_email') && result.text.includes('silence is denial'));
  stage.check(
    'nothing ever arrived at the reception',
    (await stage.mails()).every(({ to }) => !to.includes('reception@example.com')),
  );
}

async function survivesKill(stage: Stage): Promise<void> {
  stage.step('The worker process is killed (SIGKILL) while a request waits, and started again');
  const session = await stage.start('Mail the meeting notes to Bob');
  const before = (await stage.mails()).filter(({ to }) => to.includes('bob@example.com')).length;
  const request = await stage.request(session);
  stage.instance.killWorker();
  print(`   ${styled('red', 'worker killed')}; the request is safe in the session's history`);
  await stage.instance.startWorker();
  print('   worker started again');
  const again = await stage.request(session);
  stage.check(
    'the very request of before the kill still waits',
    again.id === request.id && again.digest === request.digest,
  );
  const decision = await stage.answer(again, 'approve');
  await stage.result(session);
  const arrived = (await stage.mails()).filter(({ to }) => to.includes('bob@example.com')).length - before;
  stage.check(
    decision === 'approve' ? 'it was carried out once' : 'you denied it: nothing arrived',
    arrived === (decision === 'approve' ? 1 : 0),
  );
}
