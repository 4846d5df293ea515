/** Rules as types: of which arguments a rule may speak follows from the tools that it names. */
import type { Json } from '../../domain/json.ts';
import type { ToolShape } from '../tool-shape.ts';
import type { MatchersOf, OneOrMore } from './matcher-types.ts';

export type Tools = readonly ToolShape[];
export type ToolNames<T extends Tools> = T[number]['name'];

/** What a rule or a sum says under `tool`; kept as it stands, so that the rest can follow from it. */
export type Naming = string | readonly string[];
export type NamesIn<N> = N extends readonly (infer Name)[] ? Name : N;

/** The tool of this name; of one whose type does not tell its name any may be meant. */
export type ToolNamed<T extends Tools, Name> = T[number] extends infer Tool
  ? Tool extends ToolShape
    ? Name extends Tool['name']
      ? Tool
      : never
    : never
  : never;

/** A duration like `30m`, `4h`, `2d`. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

export interface ApprovalDefinition {
  /** People or groups of approvers.yaml. */
  readonly by: readonly string[];
  readonly expires?: Duration;
  readonly quorum?: 1;
}

interface RuleWords<Profile extends string> {
  readonly id: string;
  readonly profiles?: readonly Profile[];
  readonly why?: string;
}

/** For every tool: a denial that says nothing of arguments. */
interface DenialOfAll<Profile extends string> extends RuleWords<Profile> {
  readonly deny: { readonly [argument: string]: never };
}

interface RuleAbout<Tool extends ToolShape, Profile extends string> extends RuleWords<Profile> {
  readonly allow?: MatchersOf<Tool['arguments'], 'opens'>;
  readonly ask?: MatchersOf<Tool['arguments'], 'opens'>;
  readonly deny?: MatchersOf<Tool['arguments'], 'closes'>;
  readonly except?: OneOrMore<MatchersOf<Tool['arguments'], 'closes'>>;
  readonly approval?: ApprovalDefinition;
  readonly examples?: { readonly [Kind in 'match' | 'noMatch' | 'invalid']?: readonly Example<Tool>[] };
}

type Example<Tool extends ToolShape> = Tool extends ToolShape
  ? { readonly [Name in keyof Tool['arguments']]?: Json }
  : never;

/** A wrong name is said of the name alone: whatever stands beside it is not looked at. */
export interface Misnamed<Names extends string> {
  readonly tool: OneOrMore<Names>;
  readonly [key: string]: unknown;
}

export type RuleDefinition<T extends Tools, N, Profile extends string> =
  NamesIn<N> extends ToolNames<T> | '*'
    ? { readonly tool: N } & ('*' extends NamesIn<N>
        ? DenialOfAll<Profile>
        : RuleAbout<ToolNamed<T, NamesIn<N>>, Profile>)
    : Misnamed<ToolNames<T> | '*'>;
