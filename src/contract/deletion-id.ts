/** Whose deletion it is. All of it stands in the history of its session, whatever became of the action. */
export interface DeletionPlace {
  readonly workflowId: string;
  /** Of the run that did it: after a reset the same call may delete again. */
  readonly runId: string;
  readonly callId: string;
}

/** The deletion’s name in the trash, 16 hexadecimal digits: the worker makes it, and whoever reads the history finds it. */
export function deletionIdOf({ workflowId, runId, callId }: DeletionPlace, sha256: (text: string) => string): string {
  return sha256(JSON.stringify(['countersign trash', workflowId, runId, callId])).slice(0, 16);
}
