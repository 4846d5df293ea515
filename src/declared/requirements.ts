/** What must hold between arguments and what was looked up, or nobody is asked: exact, in minor units. */
import type { Json } from '../domain/json.ts';
import { amountInWords, MAX_MINOR, parseAmount } from '../policy/kinds/money.ts';
import { didYouMean } from '../policy/problem.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { Compiling } from './compile-template.ts';
import type { Named, Scope, Values } from './scope.ts';
import { asMoney, textOf } from './template.ts';
import type { Operand, Requirement as Declared } from './tools-schema.ts';
import { quoted } from './words.ts';

export interface Requirement {
  readonly field: string;
  readonly relation: 'equals' | 'atMost';
  readonly operand: Compared;
}

type Compared =
  | { readonly kind: 'product'; readonly of: readonly [string, string] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'value'; readonly value: Json };

export function compileRequirements(
  requirements: readonly Declared[],
  at: Path,
  compiling: Compiling,
): readonly Requirement[] {
  return requirements.flatMap(({ field, equals, atMost }, index) => {
    const place = [...at, index];
    const relation = equals === undefined ? 'atMost' : 'equals';
    const operand = equals ?? atMost;
    if (operand === undefined || (equals !== undefined && atMost !== undefined)) {
      compiling.complain(place, 'a requirement has "equals" or "atMost", one of the two');
      return [];
    }
    const compared = compileOperand({ field, operand, relation }, place, compiling);
    return compared === undefined ? [] : [{ field, relation, operand: compared }];
  });
}

interface Written {
  readonly field: string;
  readonly relation: Requirement['relation'];
  readonly operand: Operand;
}

/** Undefined where the two cannot be compared; then there is a complaint. */
function compileOperand({ field, operand, relation }: Written, at: Path, compiling: Compiling): Compared | undefined {
  const left = namedOne(field, [...at, 'field'], compiling);
  const place = [...at, relation];
  if (left === undefined) return undefined;
  if (relation === 'atMost' && left.kind !== 'money' && left.kind !== 'number')
    return complained(compiling, place, `"${field}" is ${left.kind}, and only amounts and numbers are at most another`);
  if ('field' in operand) {
    const right = namedOne(operand.field, place, compiling);
    if (right === undefined) return undefined;
    return right.kind === left.kind
      ? { kind: 'name', name: operand.field }
      : complained(compiling, place, `"${field}" is ${left.kind}, and "${operand.field}" is ${right.kind}`);
  }
  if ('product' in operand) return compileProduct(left, operand.product, place, compiling);
  const value = literalOf(left, operand.value);
  return value === undefined
    ? complained(compiling, place, `"${field}" is ${left.kind}, and this is no such value`)
    : { kind: 'value', value };
}

function compileProduct(left: Named, names: readonly string[], at: Path, compiling: Compiling): Compared | undefined {
  const [one = '', other = ''] = names;
  const factors = [namedOne(one, at, compiling), namedOne(other, at, compiling)];
  if (factors.includes(undefined)) return undefined;
  const amounts = factors.filter((factor) => factor?.kind === 'money').length;
  const numbers = factors.filter((factor) => factor?.kind === 'number' && factor.whole).length;
  if (amounts + numbers !== 2 || amounts === 2)
    return complained(compiling, at, 'a product is of an amount and a whole number, or of two whole numbers');
  return left.kind === (amounts === 1 ? 'money' : 'number')
    ? { kind: 'product', of: [one, other] }
    : complained(compiling, at, `what is compared with this product is ${left.kind}`);
}

function complained({ complain }: Compiling, at: Path, message: string): undefined {
  complain(at, message);
  return undefined;
}

function namedOne(name: string, at: Path, compiling: Compiling): Named | undefined {
  const { scope, complain } = compiling;
  const named = scope.get(name);
  if (named !== undefined && !named.list) {
    compiling.use(name);
    return named;
  }
  if (named !== undefined) return complained(compiling, at, `"${name}" is a list, which is not compared`);
  const hint = didYouMean(name, [...scope.keys()]);
  complain(
    at,
    `there is no argument and no field "${name.slice(0, 64)}"`,
    hint ?? `known: ${[...scope.keys()].join(', ')}`,
  );
  return undefined;
}

function literalOf({ kind }: Named, value: string | number | boolean): Json | undefined {
  if (kind === 'money') {
    const amount = parseAmount(String(value));
    return amount.kind === 'canonical' ? { ...amount.value } : undefined;
  }
  const type = kind === 'number' ? 'number' : kind === 'flag' ? 'boolean' : 'string';
  return typeof value === type ? value : undefined;
}

/**
 * What does not hold, in words; undefined if all of it does. The model is told before anybody answers: so what was looked
 * up is named and never said.
 */
export function problemOfValues(
  requirements: readonly Requirement[],
  scope: Scope,
  values: Values,
): string | undefined {
  for (const { field, relation, operand } of requirements) {
    const left = values.get(field);
    const right = comparedWith(operand, values);
    if (left === undefined || right === undefined)
      return `"${field}" cannot be compared: a value is not there or too large`;
    if (holds(left, relation, right)) continue;
    const wanted = relation === 'equals' ? 'must be' : 'must be at most';
    const is = isArgument(field, scope) ? `"${field}" is ${said(left)}, and` : `"${field}"`;
    return `${is} ${wanted} ${operandInWords(operand, scope, right)}`;
  }
  return undefined;
}

function comparedWith(operand: Compared, values: Values): Json | undefined {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'name') return values.get(operand.name);
  const [one, other] = operand.of.map((name) => values.get(name));
  if (one === undefined || other === undefined) return undefined;
  const amount = typeof one === 'number' ? other : one;
  const product = minorOf(one) * minorOf(other);
  if (!Number.isSafeInteger(product) || product < 0) return undefined;
  if (typeof amount === 'number') return product;
  return product > MAX_MINOR ? undefined : { minor: product, currency: asMoney(amount).currency };
}

function minorOf(value: Json): number {
  return typeof value === 'number' ? value : asMoney(value).minor;
}

function holds(left: Json, relation: Requirement['relation'], right: Json): boolean {
  if (typeof left !== 'object' || typeof right !== 'object')
    return relation === 'equals' ? left === right : Number(left) <= Number(right);
  const [one, other] = [asMoney(left), asMoney(right)];
  if (one.currency !== other.currency) return false;
  return relation === 'equals' ? one.minor === other.minor : one.minor <= other.minor;
}

function isArgument(name: string, scope: Scope): boolean {
  return scope.get(name)?.origin === 'argument';
}

function operandInWords(operand: Compared, scope: Scope, value: Json): string {
  if (operand.kind === 'value') return said(value);
  if (operand.kind === 'product') return operand.of.map((name) => `"${name}"`).join(' × ');
  return isArgument(operand.name, scope) ? `"${operand.name}" (${said(value)})` : `"${operand.name}"`;
}

/** The kinds that can be compared are amounts, numbers, flags and texts. */
function said(value: Json): string {
  if (typeof value === 'object') return amountInWords(asMoney(value));
  return typeof value === 'string' ? quoted(value) : textOf(value);
}
