/**
 * One declared tool: its templates, read and checked.
 * 1. Every argument decides what is sent, what is looked up or what must hold: one that does not would be what rules and
 *    limits are about, and what happens would be another thing.
 * 2. A call that acts says which answers mean that it was done.
 */
import { isToolName } from '../domain/activity-name.ts';
import type { Complain } from '../policy/matchers/matcher.ts';
import { didYouMean } from '../policy/problem.ts';
import type { Argument as ToolArgument } from '../policy/kinds/argument.ts';
import { free, listOf, one, optional, optionalListOf } from '../policy/kinds/argument.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { BodyTemplate } from './body-template.ts';
import { compileBody } from './body-template.ts';
import type { Compiling } from './compile-template.ts';
import { compileTemplate } from './compile-template.ts';
import type { HeaderTemplate } from './header-templates.ts';
import { compileHeaders, problemOfName } from './header-templates.ts';
import { isCredentialHeader } from '../domain/secret-placeholder.ts';
import type { LookUp } from './look-up.ts';
import { compileFields, compileLookUp } from './look-up.ts';
import type { Outcome } from './outcome.ts';
import { compileOutcome } from './outcome.ts';
import type { PartTemplate } from './preview.ts';
import { compileParts } from './preview.ts';
import { compileRequirements } from './requirements.ts';
import type { Named, Scope } from './scope.ts';
import { ETAG } from './scope.ts';
import type { Template } from './template.ts';
import type { Argument, Declaration, Field, Request } from './tools-schema.ts';
import type { UrlTemplate } from './url-template.ts';
import { compileUrl } from './url-template.ts';
import { kindOf } from './value-kind.ts';

export interface DeclaredTool {
  readonly declaration: Declaration;
  readonly arguments: Readonly<Record<string, ToolArgument<unknown>>>;
  readonly scope: Scope;
  readonly lookUp: LookUp | undefined;
  readonly request: RequestTemplate;
  readonly summary: Template;
  readonly parts: readonly PartTemplate[];
  readonly outcome: Outcome;
  readonly result: Template | undefined;
  readonly effect: 'read' | 'once';
}

export interface RequestTemplate {
  readonly method: Request['method'];
  readonly url: UrlTemplate;
  readonly headers: readonly HeaderTemplate[];
  readonly body: BodyTemplate;
  /** In lower case. */
  readonly idempotencyKey: string | undefined;
}

/** What is wrong is complained of; then what comes back is not to be used. `taken`: names of other tools. */
export function readDeclaration(
  declaration: Declaration,
  at: Path,
  taken: ReadonlySet<string>,
  complain: Complain,
): DeclaredTool {
  complainOfName(declaration.name, [...at, 'name'], taken, complain);
  const used = new Set<string>();
  const ofArguments = { scope: scopeOf(declaration, false), complain, use: (name: string) => used.add(name) };
  const compiling = { ...ofArguments, scope: scopeOf(declaration, true) };
  const { prepare, request, result } = declaration;
  complainOfDoubles(declaration, at, complain);
  const effect = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'once';
  complainOfEffect(declaration, effect, at, complain);
  const tool: DeclaredTool = {
    declaration,
    arguments: argumentsOf(declaration.arguments, [...at, 'arguments'], complain),
    scope: compiling.scope,
    lookUp:
      prepare === undefined
        ? undefined
        : {
            ...compileLookUp(prepare, [...at, 'prepare'], ofArguments),
            fields: compileFields(prepare.fields ?? {}, [...at, 'prepare', 'fields'], compiling),
            requirements: compileRequirements(prepare.require ?? [], [...at, 'prepare', 'require'], compiling),
          },
    request: compileRequest(request, [...at, 'request'], compiling),
    summary: compileTemplate(declaration.summary, [...at, 'summary'], compiling),
    parts: compileParts(declaration.preview ?? [], [...at, 'preview'], compiling),
    outcome: compileOutcome(declaration.outcome, [...at, 'outcome'], compiling),
    result: result === undefined ? undefined : compileTemplate(result, [...at, 'result'], compiling, true),
    effect,
  };
  for (const name of Object.keys(declaration.arguments).filter((each) => !used.has(each)))
    complain(
      [...at, 'arguments', name],
      `"${name}" decides nothing of what is sent: rules about it would hold nothing`,
      USE_IT,
    );
  return tool;
}

const USE_IT = 'put it into the request or the URL of "prepare", or compare it under "require"';

function complainOfName(name: string, at: Path, taken: ReadonlySet<string>, complain: Complain): void {
  if (!isToolName(name))
    complain(at, `"${name}" cannot name a tool`, 'use snake_case, at most 64 characters, no reserved name');
  else if (taken.has(name)) complain(at, `there is another tool named "${name}"`);
}

function complainOfDoubles({ arguments: named, prepare }: Declaration, at: Path, complain: Complain): void {
  for (const name of Object.keys(prepare?.fields ?? {}).filter((each) => Object.hasOwn(named, each)))
    complain([...at, 'prepare', 'fields', name], `"${name}" is an argument already; give the field another name`);
}

function complainOfEffect(
  { request, outcome }: Declaration,
  effect: 'read' | 'once',
  at: Path,
  complain: Complain,
): void {
  const { method } = request;
  if (effect === 'once' && outcome === undefined)
    complain([...at, 'request'], `a ${method} acts: say under "outcome" which answers mean that it was done`, OUTCOME);
  if (effect === 'once') return;
  for (const key of ['json', 'form', 'idempotencyKey'] as const)
    if (request[key] !== undefined) complain([...at, 'request', key], `a ${method} only reads: it has no "${key}"`);
}

const OUTCOME = 'like outcome: { done: [2xx], failed: [4xx] }';

function compileRequest(request: Request, at: Path, compiling: Compiling): RequestTemplate {
  const headers = compileHeaders(request.headers ?? {}, [...at, 'headers'], compiling);
  const key = request.idempotencyKey?.toLowerCase();
  if (key !== undefined) {
    const taken = headers.some(({ name }) => name === key) || isCredentialHeader(key);
    const problem = problemOfName(key) ?? (taken ? `the header "${key}" has a value already` : undefined);
    if (problem !== undefined)
      compiling.complain([...at, 'idempotencyKey'], problem, didYouMean(key, ['idempotency-key']));
  }
  return {
    method: request.method,
    url: compileUrl(request.url, [...at, 'url'], compiling),
    headers,
    body: compileBody(request, at, compiling),
    idempotencyKey: key,
  };
}

function argumentsOf(
  declared: Readonly<Record<string, Argument>>,
  at: Path,
  complain: Complain,
): Readonly<Record<string, ToolArgument<unknown>>> {
  if (Object.keys(declared).length > MAX_NAMES) complain(at, `a tool has at most ${MAX_NAMES} arguments`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, spec]) => [name, argumentOf(spec, [...at, name], complain)]),
  );
}

const MAX_NAMES = 30;

function argumentOf(spec: Argument, at: Path, complain: Complain): ToolArgument<unknown> {
  const kind = kindOf(spec, at, complain);
  const { list, description } = spec;
  const made: ToolArgument<unknown> =
    list === undefined
      ? one(kind, description)
      : spec.optional === true
        ? optionalListOf(kind, list, description)
        : listOf(kind, list, description);
  const given = spec.optional === true && list === undefined ? optional(made) : made;
  return spec.free === true ? free(given) : given;
}

function scopeOf({ arguments: declared, prepare }: Declaration, afterLookUp: boolean): Scope {
  const scope = new Map<string, Named>();
  if (afterLookUp && prepare !== undefined) {
    for (const [name, field] of Object.entries(prepare.fields ?? {})) scope.set(name, named('field', field, false));
    scope.set(ETAG, { origin: 'field', kind: 'text', list: false, optional: true, whole: false });
  }
  for (const [name, spec] of Object.entries(declared))
    scope.set(name, named('argument', spec, spec.list !== undefined));
  return scope;
}

function named(origin: Named['origin'], spec: Argument | Field, list: boolean): Named {
  const { kind, optional: canMiss = false, decimals = false } = spec;
  return { origin, kind, list, optional: canMiss, whole: kind === 'number' && !decimals };
}
