/** A policy file read as a tree, as a document and as a policy. */
import type { Json } from '../../src/domain/json.ts';
import { canonicalDocument } from '../../src/policy/canonical-document.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { PolicyDocument } from '../../src/policy/policy-schema.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { readYaml } from '../../src/policy/yaml-source.ts';
import { sampleTools } from './policy-samples.ts';

export function documentOf(text: string): PolicyDocument {
  const reading = canonicalDocument(text);
  if (reading.kind === 'broken') throw new Error(JSON.stringify(reading.problems));
  return reading.document;
}

export function treeOf(text: string): Json {
  const source = readYaml(text);
  if (source.kind === 'broken') throw new Error(`${JSON.stringify(source.problems)}\n${text}`);
  return source.value;
}

export function policyOf(text: string, shapes: readonly ToolShape[] = sampleTools): Policy | undefined {
  const reading = parsePolicy(text, shapes);
  return reading.kind === 'policy' ? reading.policy : undefined;
}
