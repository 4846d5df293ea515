/** Profiles: what they are granted, themselves and by those they extend. */
import type { Complain } from './matchers/matcher.ts';
import type { Profile } from './policy.ts';
import type { PolicySchema } from './policy-schema.ts';
import { didYouMean } from './problem.ts';

type Profiles = PolicySchema['profiles'];

export function compileProfiles(file: Profiles, complain: Complain): ReadonlyMap<string, Profile> {
  const names = Object.keys(file);
  for (const [name, { grant, extends: parent, within }] of Object.entries(file)) {
    if (grant === undefined && parent === undefined)
      complain(['profiles', name], `the profile "${name}" has neither grant nor extends`, 'say "grant: []" for none');
    for (const [key, other] of [
      ['extends', parent],
      ['within', within],
    ] as const) {
      if (other === undefined) continue;
      if (!Object.hasOwn(file, other))
        complain(['profiles', name, key], `there is no profile "${other}"`, didYouMean(other, names));
      else if (other === name) complain(['profiles', name, key], 'a profile cannot name itself here');
    }
  }
  return new Map(names.map((name) => [name, profileOf(name, file, complain)]));
}

function profileOf(name: string, file: Profiles, complain: Complain): Profile {
  const line = lineOf(name, file, complain);
  return {
    name,
    names: new Set(line),
    grant: new Set(line.flatMap((one) => file[one]?.grant ?? [])),
    startable: file[name]?.startable ?? false,
    within: [...new Set(line.flatMap((one) => file[one]?.within ?? []))].filter((other) => other !== name),
  };
}

/** The profile and those it extends, nearest first; a circle is complained of and cut. */
function lineOf(name: string, file: Profiles, complain: Complain): readonly string[] {
  const line: string[] = [];
  for (let at: string | undefined = name; at !== undefined && Object.hasOwn(file, at); at = file[at]?.extends) {
    if (line.includes(at)) {
      // Said once, at the profile that closes the circle.
      if (at === name && name !== file[name]?.extends)
        complain(['profiles', name, 'extends'], `the profiles extend each other: ${[...line, at].join(' → ')}`);
      return line;
    }
    line.push(at);
  }
  return line;
}
