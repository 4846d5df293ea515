/** The approver directory, `approvers.yaml`: people, their public keys, and groups of people. */
import { z } from 'zod';
import type { JsonObject } from '../domain/json.ts';
import type { Complain } from './matchers/matcher.ts';
import type { PolicyProblem } from './problem.ts';
import { didYouMean } from './problem.ts';
import type { FileWords } from './schema-issues.ts';
import { collectProblems, complainOfIssues } from './schema-issues.ts';
import { readYaml } from './yaml-source.ts';

export interface ApproverKey {
  readonly id: string;
  /** Ed25519, raw 32 bytes, base64. */
  readonly public: string;
}

export interface Approver {
  readonly name: string;
  readonly keys: readonly ApproverKey[];
}

export interface ApproverDirectory {
  /** Made by the demo: its private key lies in the checkout. */
  readonly demo: boolean;
  readonly people: ReadonlyMap<string, Approver>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

export type ApproversReading =
  | { readonly kind: 'directory'; readonly directory: ApproverDirectory }
  | { readonly kind: 'broken'; readonly problems: readonly PolicyProblem[] };

const Id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'an id has lower-case letters, digits, dots, hyphens');

const File = z.strictObject({
  version: z.literal(1),
  demo: z.boolean().optional(),
  people: z.record(
    Id,
    z.strictObject({
      name: z.string().min(1).max(200),
      keys: z
        .array(
          z.strictObject({
            id: z.string().min(1).max(100),
            // The last character carries two zero bits: any other would be a second spelling of the same key.
            public: z
              .string()
              .regex(
                /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/,
                'a public key is 32 bytes in base64 (see "countersign keys new")',
              ),
          }),
        )
        .min(1),
    }),
  ),
  groups: z.record(Id, z.array(Id)).optional(),
});

const WORDS: FileWords = {
  schema: z.toJSONSchema(File, { io: 'input' }) as JsonObject,
  notBuiltYet: new Set(),
  shapes: {
    version: '1, the version of the directory',
    people: 'a map, like { ann: { name: Ann Example, keys: [{ id: ann-1, public: … }] } }',
    groups: 'a map, like { office: [ann, ben] }',
  },
  tools: [],
};

/** Reads a directory. Total; one key under two people, or a group that shares a person’s name, is an error. */
export function parseApprovers(text: string): ApproversReading {
  const source = readYaml(text);
  if (source.kind === 'broken') return source;
  const { problems, complain } = collectProblems(source);
  const parsed = File.safeParse(source.value, { reportInput: true });
  if (!parsed.success) {
    complainOfIssues(parsed.error.issues, WORDS, complain);
    return { kind: 'broken', problems };
  }
  const { demo = false, people, groups = {} } = parsed.data;
  complainOfDoubles(people, complain);
  complainOfGroups(people, groups, complain);
  if (problems.length > 0) return { kind: 'broken', problems };
  return {
    kind: 'directory',
    directory: { demo, people: new Map(Object.entries(people)), groups: new Map(Object.entries(groups)) },
  };
}

type People = z.output<typeof File>['people'];

function complainOfGroups(
  people: People,
  groups: Readonly<Record<string, readonly string[]>>,
  complain: Complain,
): void {
  for (const [group, members] of Object.entries(groups)) {
    if (Object.hasOwn(people, group)) complain(['groups', group], `"${group}" names a person and a group`);
    members.forEach((member, index) => {
      if (!Object.hasOwn(people, member))
        complain(['groups', group, index], `there is no person "${member}"`, didYouMean(member, Object.keys(people)));
    });
  }
}

function complainOfDoubles(people: People, complain: Complain): void {
  const owners = new Map<string, string>();
  for (const [person, { keys }] of Object.entries(people)) {
    keys.forEach(({ id, public: text }, index) => {
      for (const mark of [`id ${id}`, `key ${text}`]) {
        const owner = owners.get(mark);
        if (owner !== undefined)
          complain(
            ['people', person, 'keys', index],
            `this key is there twice (also of "${owner}"); people are counted, so each key has one owner`,
          );
        owners.set(mark, person);
      }
    });
  }
}

/** Ids of the people that these names of people and groups mean, sorted; unknown names mean nobody. */
export function personsOf(directory: ApproverDirectory, names: readonly string[]): readonly string[] {
  const persons = names.flatMap((name) => (directory.people.has(name) ? [name] : (directory.groups.get(name) ?? [])));
  return [...new Set(persons)].toSorted();
}

/** Those of `names` that are neither a person nor a group of the directory. */
export function unknownNames(directory: ApproverDirectory, names: readonly string[]): readonly string[] {
  return names.filter((name) => !directory.people.has(name) && !directory.groups.has(name));
}
