/**
 * One declared tool: its templates, read and checked.
 * 1. Every argument decides what is sent, what is looked up or what must hold: one that does not would be what rules and
 *    limits are about, and what happens would be another thing.
 * 2. A call that acts says which answers mean that it was done.
 */
import { isToolName } from '../domain/activity-name.ts';
import type { Argument as ToolArgument } from '../policy/kinds/argument.ts';
import type { Complain } from '../policy/matchers/matcher.ts';
import { didYouMean } from '../policy/problem.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { BodyTemplate } from './body-template.ts';
import { compileBody } from './body-template.ts';
import type { Compiling } from './compile-template.ts';
import { compileTemplate } from './compile-template.ts';
import { argumentsOf, scopeOf } from './declared-names.ts';
import type { HeaderTemplate } from './header-templates.ts';
import { compileHeaders, problemOfKeyName } from './header-templates.ts';
import type { LookUp } from './look-up.ts';
import { compileLookUp } from './look-up.ts';
import type { Outcome } from './outcome.ts';
import { compileOutcome } from './outcome.ts';
import type { PartTemplate } from './preview.ts';
import { compilePreview } from './preview.ts';
import type { Scope } from './scope.ts';
import { ETAG } from './scope.ts';
import type { Template } from './template.ts';
import type { Declaration, Request } from './tools-schema.ts';
import type { UrlTemplate } from './url-template.ts';
import { compileUrl } from './url-template.ts';

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
  complainOfDoubles(declaration, at, complain);
  const used = new Set<string>();
  const ofArguments = { scope: scopeOf(declaration, false), complain, use: (name: string) => used.add(name) };
  const tool = compileParts(declaration, at, ofArguments, { ...ofArguments, scope: scopeOf(declaration, true) });
  complainOfEffect(declaration, tool.effect, at, complain);
  for (const name of Object.keys(declaration.arguments).filter((each) => !used.has(each)))
    complain(
      [...at, 'arguments', name],
      `"${name}" decides nothing of what is sent: rules about it would hold nothing`,
      USE_IT,
    );
  return tool;
}

function compileParts(declaration: Declaration, at: Path, ofArguments: Compiling, compiling: Compiling): DeclaredTool {
  const { prepare, request, result } = declaration;
  return {
    declaration,
    arguments: argumentsOf(declaration.arguments, [...at, 'arguments'], compiling.complain),
    scope: compiling.scope,
    lookUp:
      prepare === undefined
        ? undefined
        : {
            ...compileLookUp(prepare, [...at, 'prepare'], ofArguments, compiling),
            sendsTag: Object.values(request.headers ?? {}).includes(`{${ETAG}}`),
          },
    request: compileRequest(request, [...at, 'request'], compiling),
    summary: compileTemplate(declaration.summary, [...at, 'summary'], compiling),
    parts: compilePreview(declaration.preview ?? [], [...at, 'preview'], compiling),
    outcome: compileOutcome(declaration.outcome, [...at, 'outcome'], compiling),
    result: result === undefined ? undefined : compileTemplate(result, [...at, 'result'], compiling, true),
    effect: request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'once',
  };
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

const OUTCOME = 'like outcome: { done: [2xx], failed: [400, 404] }';

const KEY = 'name the one that the server reads keys from, like idempotency-key';

function compileRequest(request: Request, at: Path, compiling: Compiling): RequestTemplate {
  const headers = compileHeaders(request.headers ?? {}, [...at, 'headers'], compiling);
  const key = request.idempotencyKey?.toLowerCase();
  if (key !== undefined) {
    const taken = headers.map(({ name }) => name);
    const problem = problemOfKeyName(key, taken);
    if (problem !== undefined)
      compiling.complain([...at, 'idempotencyKey'], problem, didYouMean(key, ['idempotency-key']) ?? KEY);
  }
  return {
    method: request.method,
    url: compileUrl(request.url, [...at, 'url'], compiling),
    headers,
    body: compileBody(request, at, compiling),
    idempotencyKey: key,
  };
}
