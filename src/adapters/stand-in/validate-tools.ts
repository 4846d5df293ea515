import { asStrings, isRecord, own, ownString } from '../../domain/json.ts';

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const KEYS: ReadonlySet<string> = new Set(
  'name description input_schema type strict cache_control allowed_callers defer_loading eager_input_streaming input_examples'.split(
    ' ',
  ),
);
const TYPES: ReadonlySet<unknown> = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);

/** What is wrong with the tools of a request. Total. */
export function problemOfTools(tools: unknown): string | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools)) return 'tools: must be a list';
  for (const [index, tool] of tools.entries()) {
    const problem = problemOfTool(tool);
    if (problem !== undefined) return `tools.${index}.${problem}`;
  }
  const names = tools.map((tool) => ownString(tool, 'name'));
  return new Set(names).size === names.length ? undefined : 'tools: tool names must be unique';
}

function problemOfTool(tool: unknown): string | undefined {
  if (!isRecord(tool)) return 'custom: must be an object';
  if (!NAME.test(ownString(tool, 'name') ?? '')) return 'custom.name: must match ^[a-zA-Z0-9_-]{1,128}$';
  const unknown = Object.keys(tool).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return `custom.${unknown}: extra inputs are not permitted`;
  const description = own(tool, 'description');
  if (description !== undefined && typeof description !== 'string') return 'custom.description: must be a text';
  const schema = own(tool, 'input_schema');
  if (own(schema, 'type') !== 'object') return 'custom.input_schema.type: must be "object"';
  return isSchema(schema, 0) ? undefined : 'custom.input_schema: is no valid JSON schema';
}

/** As deep as a schema of ours goes; beyond it nothing is looked at. */
const DEEPEST = 20;

function isSchema(schema: unknown, depth: number): boolean {
  if (typeof schema === 'boolean' || depth > DEEPEST) return true;
  if (!isRecord(schema)) return false;
  const [type, required] = [own(schema, 'type'), own(schema, 'required')];
  const types: readonly unknown[] = Array.isArray(type) ? type : [type ?? 'object'];
  const inner = (key: string): readonly unknown[] => {
    const found = own(schema, key);
    return found === undefined ? [] : Array.isArray(found) ? found : [found];
  };
  const properties = own(schema, 'properties') ?? {};
  return (
    types.every((name) => TYPES.has(name)) &&
    (required === undefined || asStrings(required) !== undefined) &&
    isRecord(properties) &&
    [
      ...Object.values(properties),
      ...['items', 'anyOf', 'oneOf', 'allOf', 'not', 'additionalProperties'].flatMap(inner),
    ].every((part) => isSchema(part, depth + 1))
  );
}
