import type { AttachableFiles } from './ports/attachable-files.ts';
import type { HttpClient } from './ports/http-client.ts';
import type { KnownRecipients } from './ports/known-recipients.ts';
import type { Mailer } from './ports/mailer.ts';
import type { SecretCheck } from './ports/secret-check.ts';
import type { WorkspaceChanges } from './ports/workspace-changes.ts';
import type { WorkspaceFiles } from './ports/workspace-files.ts';

/** What tools may touch the world through; a worker role provides only its own (S10). */
export interface WorldPorts {
  readonly files: WorkspaceFiles;
  readonly changes: WorkspaceChanges;
  readonly mailer: Mailer;
  readonly attachable: AttachableFiles;
  readonly knownRecipients: KnownRecipients;
  readonly http: HttpClient;
  readonly secrets: SecretCheck;
}

/**
 * What a tool names in `needs`. A worker has the ports of its roles: `files` and `changes` with `files`; `mailer`,
 * `attachable` and `knownRecipients` with `mail`; `http` and `secrets` with `web`.
 */
export type PortName = keyof WorldPorts;
