/** Where the agent's leash may not lie: in what the agent can reach (S12). Links are followed before paths are compared. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** Throws for the first of `paths` that lies in the workspace; undefined ones are not set. */
export function keepOutside(workspace: string, paths: readonly (string | undefined)[]): void {
  const inside = paths.find((path) => path !== undefined && liesIn(workspace, path));
  if (inside === undefined) return;
  throw new Error(
    `${inside} lies in the agent's workspace ${workspace}: the agent could change its own rules or records. Move it out.`,
  );
}

/** The workspace in the secrets' directory is as bad: a file of the agent's would be a secret. */
export function keepApart(workspace: string, secrets: string): void {
  if (!liesIn(workspace, secrets) && !liesIn(secrets, workspace)) return;
  throw new Error(
    `${secrets} and the agent's workspace ${workspace} lie in each other: the agent could read its secrets. Move one out.`,
  );
}

function liesIn(outer: string, path: string): boolean {
  // The first step of the way there: not up, so it lies beneath. A folder may be named "..x".
  const [first] = relative(realpathOf(outer), realpathOf(path)).split(sep);
  return first !== '..';
}

/** Where a path leads; of one that does not exist yet, where it would be. */
function realpathOf(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    return dirname(whole) === whole ? whole : join(realpathOf(dirname(whole)), basename(whole));
  }
}
