import type { WorkspaceFiles } from './workspace-files.ts';

/** Files of the workspace that a mail may carry: read and nothing else. Without a workspace it refuses and says why. */
export type AttachableFiles = Pick<WorkspaceFiles, 'read'>;
