/**
 * What a session deleted and can still be put back, from its story alone (S9). Of what ended unclear it is not known
 * whether anything lies in the trash: it is told too, under the ID that the worker gave it if it came so far.
 */
import { deletionIdOf } from '../contract/deletion-id.ts';
import { asStrings, own, ownString } from '../domain/json.ts';
import type { ScriptedCall } from '../domain/start-input.ts';
import { sha256 } from '../proof/digest.ts';
import type { ActionRow, LogRow } from './log-row.ts';

/** `unclear`: no result tells what it did. `running`: it has not ended. */
export interface Deletion {
  readonly kind: 'done' | 'unclear' | 'running';
  readonly callId: string;
  /** Name of the deletion within the trash. */
  readonly trash: string;
  /** What was deleted, or was to be. */
  readonly paths: readonly string[];
  /** RFC 3339, UTC; null where it was not recorded. */
  readonly until: string | null;
}

/** The actions that put them back. */
export function restoreActions(deletions: readonly Deletion[]): readonly ScriptedCall[] {
  return deletions.map(({ trash, paths }) => ({
    tool: 'restore_files',
    input: { deletion: trash, paths: [...paths] },
  }));
}

/** In order of time. Left out is what surely deleted nothing. */
export function deletionsOf(rows: readonly LogRow[], workflowId: string): readonly Deletion[] {
  return rows.flatMap((row) =>
    row.kind === 'action' && row.tool === 'delete_files' ? deletionOf(row, workflowId) : [],
  );
}

function deletionOf(row: ActionRow, workflowId: string): readonly Deletion[] {
  switch (row.outcome) {
    case 'done':
      return recorded(row) ?? recomputed('unclear', row, workflowId);
    case 'unknown':
      return recomputed('unclear', row, workflowId);
    case 'running':
      return recomputed('running', row, workflowId);
    case 'waiting':
    case 'denied':
    case 'failed':
      return [];
  }
}

function recorded({ callId, evidence }: ActionRow): readonly Deletion[] | undefined {
  const trash = ownString(evidence, 'trash');
  const until = ownString(evidence, 'until');
  const paths = asStrings(own(evidence, 'deleted'));
  if (trash === undefined || until === undefined || paths === undefined) return undefined;
  return paths.length === 0 ? [] : [{ kind: 'done', callId, trash, paths, until }];
}

/** Left out: what no worker was ever given, and an input that names no files, which the tool refuses. */
function recomputed(
  kind: Deletion['kind'],
  { callId, runId, input }: ActionRow,
  workflowId: string,
): readonly Deletion[] {
  const paths = asStrings(own(input, 'paths')) ?? [];
  if (runId === null || paths.length === 0) return [];
  return [{ kind, callId, trash: deletionIdOf({ workflowId, runId, callId }, sha256), paths, until: null }];
}
