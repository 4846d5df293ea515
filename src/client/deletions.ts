/** What a session deleted and can still be put back, from its story alone (S9). */
import { asStrings, own, ownString } from '../domain/json.ts';
import type { ScriptedCall } from '../domain/start-input.ts';
import type { ActionRow, LogRow } from './log-row.ts';

/** One deletion that was done: its files lie in the trash of the workspace until then. */
export interface Deletion {
  readonly callId: string;
  /** Name of the deletion within the trash. */
  readonly trash: string;
  readonly paths: readonly string[];
  /** RFC 3339, UTC. */
  readonly until: string;
}

/** The actions that put them back. */
export function restoreActions(deletions: readonly Deletion[]): readonly ScriptedCall[] {
  return deletions.map(({ trash, paths }) => ({
    tool: 'restore_files',
    input: { deletion: trash, paths: [...paths] },
  }));
}

/** In order of time. Rows that say nothing readable of a trash are left out: nothing can be put back from them. */
export function deletionsOf(rows: readonly LogRow[]): readonly Deletion[] {
  return rows.flatMap((row) => (row.kind === 'action' && row.tool === 'delete_files' ? deletionOf(row) : []));
}

function deletionOf({ callId, outcome, evidence }: ActionRow): readonly Deletion[] {
  const trash = ownString(evidence, 'trash');
  const until = ownString(evidence, 'until');
  const paths = asStrings(own(evidence, 'deleted')) ?? [];
  if (outcome !== 'done' || trash === undefined || until === undefined || paths.length === 0) return [];
  return [{ callId, trash, paths, until }];
}
