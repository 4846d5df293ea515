/** The real parts that send_email stands on: mailer, workspace and record of recipients, against a recording server. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createAttachableFiles } from '../../../src/adapters/files/attachable-files.ts';
import { nothingRecorded } from '../../../src/adapters/smtp/known-recipients.ts';
import { createMailer } from '../../../src/adapters/smtp/mailer.ts';
import type { PreparedAction } from '../../../src/tools/define-tool.ts';
import type { WorldPorts } from '../../../src/tools/ports.ts';
import type { Mailer } from '../../../src/tools/ports/mailer.ts';
import type { ScriptedServer } from '../../adapters/smtp/scripted-server.ts';
import { startScriptedServer } from '../../adapters/smtp/scripted-server.ts';
import { temporaryFolder } from '../act.ts';

export const SENDER = 'assistant@house.example';
export type MailPorts = Pick<WorldPorts, 'mailer' | 'attachable' | 'knownRecipients'>;

export function mailerAt(port: number): Mailer {
  return createMailer({ host: '127.0.0.1', port, secure: false, from: SENDER, timeoutMs: 2000 });
}

/** Without a workspace and without a record unless told. */
export function around(mailer: Mailer, more: Partial<MailPorts> = {}): MailPorts {
  return { mailer, attachable: createAttachableFiles(undefined), knownRecipients: nothingRecorded, ...more };
}

export interface House extends MailPorts {
  readonly server: ScriptedServer;
  /** Writes a file of the workspace. */
  write(path: string, content: string | Uint8Array): void;
  readonly workspace: string;
  close(): void;
}

export async function house(more: Partial<MailPorts> = {}): Promise<House> {
  const server = await startScriptedServer();
  const { path: workspace, remove } = temporaryFolder();
  const ports = around(mailerAt(server.port), { attachable: createAttachableFiles(workspace), ...more });
  return {
    ...ports,
    server,
    workspace,
    write: (path, content) => {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), content);
    },
    close: () => {
      server.close();
      remove();
    },
  };
}

export function partOf(prepared: PreparedAction, label: string): string | undefined {
  return prepared.kind === 'ready' ? prepared.preview.find((one) => one.label.startsWith(label))?.text : undefined;
}
