/** Files for the JSON Schema: as values, as text, and whether they load. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { Json } from '../../src/domain/json.ts';
import { policyJsonSchema } from '../../src/policy/json-schema/policy-json-schema.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { readYaml } from '../../src/policy/yaml-source.ts';
import { sampleTools } from './policy-samples.ts';

export function validatorFor(shapes: readonly ToolShape[]): ValidateFunction {
  // Strict: an unknown keyword, a typing error in the schema itself, is one.
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, formats: { date: true } });
  return ajv.compile(policyJsonSchema(shapes));
}

export const isValid = validatorFor(sampleTools);

export function valueOf(text: string): Json {
  const source = readYaml(text);
  if (source.kind === 'broken') throw new Error(JSON.stringify(source.problems));
  return source.value;
}

export function file(rules: readonly string[], more = ''): string {
  return [
    'version: 1',
    'profiles: { all: { grant: [read_files, delete_data, send_email, make_api_calls, run_code, publish], startable: true } }',
    'approval: { by: [owner] }',
    more,
    `rules: [${rules.join(', ')}]`,
  ].join('\n');
}

export function loads(text: string): boolean {
  return parsePolicy(text, sampleTools).kind === 'policy';
}
