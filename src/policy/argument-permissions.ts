/** Arguments that need a permission of their own: a profile that is not granted it may not give them, whatever rules say. */
import type { Clause, Profile } from './policy.ts';
import type { ToolShape } from './tool-shape.ts';

type Granted = Pick<Profile, 'grant'>;

/** The arguments of the tool that this profile may not give, with the permission that each needs. */
export function withheldArguments({ arguments: all }: ToolShape, { grant }: Granted): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(all).flatMap(([name, { permission }]) =>
      permission === null || grant.has(permission) ? [] : [[name, permission] as const],
    ),
  );
}

/** False for a part that wants such an argument given: it speaks of no action of this profile, nor stops any. */
export function speaksTo({ matchers, optional }: Clause, tool: ToolShape, profile: Granted): boolean {
  const withheld = withheldArguments(tool, profile);
  return ![...matchers.keys()].some(
    (name) => withheld.has(name) && !optional.has(name) && tool.arguments[name]?.default === null,
  );
}
