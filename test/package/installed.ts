/**
 * Countersign as a package that another one depends on: what `npm pack` makes, unpacked into an empty folder, with the
 * dependencies that it declares beside it and no others. So it needs no registry, and a forgotten dependency fails.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');
const run = promisify(execFile);

export interface Installed {
  readonly folder: string;
  /** Runs a program of Node in the folder, with nothing in its environment but `env`. Throws what it said if it fails. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** What the compiler says; empty if nothing. */
  compile(): Promise<string>;
  remove(): void;
}

/** `example`: a folder of examples/ that is copied there, as its README says. */
export async function installPackage(example: string): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
  try {
    cpSync(join(ROOT, 'examples', example), folder, { recursive: true });
    rmSync(join(folder, 'dist'), { recursive: true, force: true });
    await unpack(folder);
    linkDependencies(join(folder, 'node_modules'));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const node: Installed['node'] = async (args, env = {}) => {
    const { stdout } = await run(process.execPath, args, { cwd: folder, env: { PATH: process.env['PATH'], ...env } });
    return stdout;
  };
  return {
    folder,
    node,
    compile: () =>
      node(['node_modules/typescript/bin/tsc', '-p', '.', '--pretty', 'false']).catch(
        ({ stdout }: { readonly stdout?: string }) => stdout ?? 'tsc did not run',
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function unpack(folder: string): Promise<void> {
  // Compiles what has changed since the last time, like `npm run package`.
  await run(process.execPath, [join(ROOT, 'bin', 'countersign.js'), '--version']);
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT });
  const tarball = stdout.trim().split('\n').at(-1) ?? '';
  await run('tar', ['-xzf', tarball], { cwd: folder });
  mkdirSync(join(folder, 'node_modules'));
  renameSync(join(folder, 'package'), join(folder, 'node_modules', 'countersign'));
}

function linkDependencies(modules: string): void {
  const file = readFileSync(join(modules, 'countersign', 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(file) as { readonly dependencies: Readonly<Record<string, string>> };
  for (const name of [...Object.keys(dependencies), 'typescript', '@types/node']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
}
