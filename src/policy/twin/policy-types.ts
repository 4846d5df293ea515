/** The whole file as a type. Names that the file itself gives (profiles, labels) are inferred where they are given. */
import type { Json } from '../../domain/json.ts';
import type { Permission } from '../../domain/permission.ts';
import type { LimitsDefinition } from './limit-types.ts';
import type { Amount, OneOrMore } from './matcher-types.ts';
import type { ApprovalDefinition, Naming, RuleDefinition, ToolNames, Tools } from './rule-types.ts';

interface ProfileDefinition<Profile extends string> {
  readonly grant?: readonly Permission[];
  readonly extends?: Profile;
  readonly within?: Profile;
  readonly startable?: boolean;
}

/** US dollars per million tokens. */
interface PricesDefinition {
  readonly asOf: `${number}-${number}-${number}`;
  readonly input: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
  readonly output: number;
}

/** Those that the file adds, and those that the tools have. */
type KnownLabel<T extends Tools, Label extends string> = NoInfer<Label> | LabelOf<T[number]>;

type LabelOf<Tool> = Tool extends { readonly labels?: readonly (infer Label extends string)[] } ? Label : never;

interface FlowRuleDefinition<T extends Tools, Profile extends string, Label extends string> {
  readonly id: string;
  readonly when: readonly Label[];
  readonly tool: OneOrMore<ToolNames<T>>;
  readonly profiles?: readonly Profile[];
  readonly then: 'ask' | 'deny';
  readonly why?: string;
  readonly approval?: ApprovalDefinition;
}

interface FlowsDefinition<T extends Tools, Profile extends string, Label extends string> {
  readonly labels?: { readonly [Name in Label]?: readonly ToolNames<T>[] };
  readonly rules: readonly FlowRuleDefinition<T, Profile, KnownLabel<T, Label>>[];
}

interface TestDefinition<T extends Tools, Profile extends string, Label extends string> {
  readonly name: string;
  readonly profile?: Profile;
  /** Any input: what a tool would refuse is worth a test too. */
  readonly call: { readonly tool: ToolNames<T>; readonly input: { readonly [argument: string]: Json } };
  readonly seen?: readonly Label[];
  readonly spent?: {
    readonly actions?: { readonly [Name in ToolNames<T>]?: number };
    readonly sameAction?: number;
    readonly sums?: { readonly [id: string]: Amount | number };
  };
  readonly expect:
    | 'allow'
    | 'ask'
    | 'deny'
    | 'invalid'
    | { readonly allow: string }
    | { readonly ask: string }
    | { readonly deny: string };
}

/** What the type takes from the file: its profiles, what its rules and sums name as tools, and its labels. */
export interface PolicyDefinition<
  T extends Tools,
  Profile extends string,
  Rules extends readonly Naming[],
  Sums extends readonly Naming[],
  Label extends string,
> {
  readonly $schema?: string;
  readonly version: 1;
  readonly profiles: { readonly [Name in Profile]: ProfileDefinition<NoInfer<Profile>> };
  readonly defaultProfile?: NoInfer<Profile>;
  readonly rules: { readonly [Index in keyof Rules]: RuleDefinition<T, Rules[Index], NoInfer<Profile>> };
  readonly approval?: ApprovalDefinition;
  readonly limits?: LimitsDefinition<T, Sums>;
  readonly prices?: { readonly [model: string]: PricesDefinition };
  readonly flows?: FlowsDefinition<T, NoInfer<Profile>, Label>;
  readonly tests?: readonly TestDefinition<T, NoInfer<Profile>, KnownLabel<T, Label>>[];
}
