/**
 * Makes a tool of a declaration. `prepare` looks up, checks, and writes the request; `perform` sends that request and no
 * other. Permission, rules, limits, approval, mark and log are the guard's, the same as for a tool in code (S1).
 *
 * 1. A hash of the whole declaration is among the facts: a tool that was changed since a person looked is asked again (S4).
 * 2. The idempotency key is of the call and its arguments, not of what was looked up: a second try after a doubtful one
 *    bears the same key even where a price has changed meanwhile.
 */
import type { Json, JsonObject } from '../domain/json.ts';
import type { ActionPlace, Preparation, Tool } from '../tools/define-tool.ts';
import { defineTool } from '../tools/define-tool.ts';
import { idempotencyKeyOf } from '../tools/idempotency-key.ts';
import type { HttpCall } from '../tools/ports/http-client.ts';
import type { WorldPorts } from '../tools/ports.ts';
import { callParts, problemOfSecrets } from '../tools/web-exchange.ts';
import { fillBody } from './body-template.ts';
import type { DeclaredTool } from './declared-tool.ts';
import { fillHeaders } from './header-templates.ts';
import { lookUpCall, readFields } from './look-up.ts';
import { performCall } from './perform-call.ts';
import type { Filled } from './place.ts';
import { filled, refused } from './place.ts';
import { showParts } from './preview.ts';
import { problemOfValues } from './requirements.ts';
import type { Values } from './scope.ts';
import { ETAG } from './scope.ts';
import { fillUrl } from './url-template.ts';
import { inQuotedWords } from './words.ts';

type Ports = Pick<WorldPorts, 'http' | 'secrets'>;

interface Material {
  readonly call: HttpCall;
  readonly values: Values;
}

const TIMEOUT_MS = 45_000;

export function compileTool(tool: DeclaredTool): Tool {
  const { declaration } = tool;
  return defineTool({
    name: declaration.name,
    description: declaration.description,
    permission: declaration.permission,
    role: 'web',
    arguments: tool.arguments,
    needs: ['http', 'secrets'],
    labels: declaration.labels ?? ['untrusted'],
    timeoutMs: declaration.timeout ?? TIMEOUT_MS,
    effect: tool.effect,
    summary: (args) => inQuotedWords(tool.summary, valuesOf(args)),
    prepare: (args, place, ports, signal) => prepare(tool, { values: valuesOf(args), place, ports, signal }),
    perform: ({ call, values }, { http }, signal) => performCall(tool, { call, values, http, signal }),
  });
}

/** Canonical arguments are JSON; one that is not given has no entry. */
function valuesOf(args: Readonly<Record<string, unknown>>): Values {
  return new Map(Object.entries(args as Readonly<Record<string, Json | undefined>>).filter(isGiven));
}

const isGiven = (entry: [string, Json | undefined]): entry is [string, Json] => entry[1] !== undefined;

interface Preparing {
  readonly values: Values;
  readonly place: ActionPlace;
  readonly ports: Ports;
  readonly signal: AbortSignal;
}

async function prepare(tool: DeclaredTool, preparing: Preparing): Promise<Preparation<Material>> {
  const looked = await lookUp(tool, preparing);
  if (looked.kind === 'refused') return { kind: 'failed', why: looked.why };
  const values: Values = new Map([...looked.value, ...preparing.values]);
  const problem = problemOfValues(tool.lookUp?.requirements ?? [], tool.scope, values);
  if (problem !== undefined) return { kind: 'failed', why: `It was not done: ${problem}.` };
  const made = await requestOf(tool, values, preparing);
  if (made.kind === 'refused') return { kind: 'failed', why: `The request was not made: ${made.why}.` };
  const call = made.value;
  const secret = await problemOfSecrets(call, preparing.ports.secrets);
  if (secret !== undefined) return { kind: 'failed', why: `The request was not made: ${secret}.` };
  return {
    kind: 'ready',
    facts: await factsOf(tool, call, looked.value),
    preview: [...showParts(tool.parts, values, serverOf(tool)), ...callParts(call)],
    summary: inQuotedWords(tool.summary, values),
    material: { call, values },
  };
}

/** What the answer says; nothing where the tool looks nothing up. */
async function lookUp(tool: DeclaredTool, preparing: Preparing): Promise<Filled<Values>> {
  const { lookUp: wanted } = tool;
  if (wanted === undefined) return filled(new Map());
  const notLookedUp = (why: string): Filled<Values> => refused(`${whereOf(tool)} could not be: ${why}.`);
  const { values, ports, signal } = preparing;
  const call = lookUpCall(wanted, values);
  if (call.kind === 'refused') return notLookedUp(call.why);
  const secret = await problemOfSecrets(call.value, ports.secrets);
  if (secret !== undefined) return notLookedUp(secret);
  const exchange = await ports.http.exchange(call.value, signal);
  if (exchange.kind !== 'answered') return notLookedUp(exchange.why);
  const fields = readFields(wanted, exchange.answer);
  return fields.kind === 'refused' ? notLookedUp(fields.why) : fields;
}

/** As declared and without its query: no value of this call stands in it. */
function whereOf({ declaration }: DeclaredTool): string {
  const [url = ''] = (declaration.prepare?.url ?? '').split('?');
  return `What has to be looked up before it (GET ${url})`;
}

async function requestOf(
  { request, declaration }: DeclaredTool,
  values: Values,
  preparing: Preparing,
): Promise<Filled<HttpCall>> {
  const url = fillUrl(request.url, values);
  if (url.kind === 'refused') return url;
  const headers = fillHeaders(request.headers, values);
  if (headers.kind === 'refused') return headers;
  const body = fillBody(request.body, values);
  if (body.kind === 'refused') return body;
  const type = body.value === undefined ? {} : { 'content-type': body.value.type };
  const key =
    request.idempotencyKey === undefined
      ? {}
      : { [request.idempotencyKey]: await keyOf(declaration.name, request.method, preparing) };
  return filled({
    method: request.method,
    url: url.value,
    headers: { ...type, ...headers.value, ...key },
    body: body.value?.text,
  });
}

function keyOf(name: string, method: string, { values, place }: Preparing): Promise<string> {
  const action = JSON.stringify([...values].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return idempotencyKeyOf(place, { method, url: `tool:${name}`, headers: {}, body: action });
}

async function factsOf(
  { declaration, lookUp: wanted }: DeclaredTool,
  call: HttpCall,
  looked: Values,
): Promise<JsonObject> {
  const fields: JsonObject = Object.fromEntries([...looked].filter(([name]) => name !== ETAG));
  return {
    declaration: await sha256(JSON.stringify(declaration)),
    request: `${call.method} ${call.url}`,
    ...(call.body === undefined ? {} : { bodySha: await sha256(call.body) }),
    ...(wanted === undefined ? {} : { lookedUp: fields, lookedUpSha: await sha256(JSON.stringify(fields)) }),
  };
}

async function sha256(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Where the fields come from, as the file names it. */
function serverOf({ lookUp: wanted }: DeclaredTool): string {
  return wanted === undefined ? '' : wanted.url.origin.replace(/^https?:\/\//, '');
}
