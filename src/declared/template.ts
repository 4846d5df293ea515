/**
 * Templates: text with `{name}` in it, parsed when the file is loaded. A template never decides how a value is written:
 * whoever fills one in encodes each value for the place where it stands.
 */
import type { Json } from '../domain/json.ts';
import { didYouMean } from '../policy/problem.ts';
import type { Money } from '../policy/kinds/money.ts';
import { amountInWords } from '../policy/kinds/money.ts';
import type { Pointer } from './json-pointer.ts';
import { readPointer } from './json-pointer.ts';
import type { Named, Scope, Values } from './scope.ts';
import { ETAG } from './scope.ts';

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string; readonly part: MoneyPart | null; readonly of: Named }
  | { readonly kind: 'answer'; readonly pointer: Pointer };

export type ValuePiece = Piece & { readonly kind: 'value' };
export type Template = readonly Piece[];

const MONEY_PARTS = ['minor', 'currency', 'decimal'] as const;
type MoneyPart = (typeof MONEY_PARTS)[number];

export type TemplateReading =
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'broken'; readonly message: string; readonly suggestion?: string };

type Broken = TemplateReading & { readonly kind: 'broken' };

/** `answer`: whether `{answer:/pointer}` may stand there. */
export function parseTemplate(text: string, scope: Scope, answer = false): TemplateReading {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: whole, 1: inner = '', index } of text.matchAll(/\{([^{}]*)\}/g)) {
    const piece = readPlaceholder(inner, scope, answer);
    if (piece.kind === 'broken') return piece;
    if (index > from) pieces.push({ kind: 'text', text: text.slice(from, index) });
    pieces.push(piece);
    from = index + whole.length;
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) });
  if (pieces.some((piece) => piece.kind === 'text' && /[{}]/.test(piece.text)))
    return broken('a brace stands here that belongs to no placeholder', 'placeholders are written {name}');
  return { kind: 'template', template: pieces };
}

function readPlaceholder(inner: string, scope: Scope, answer: boolean): Piece | Broken {
  if (answer && inner.startsWith('answer:')) {
    const pointer = readPointer(inner.slice('answer:'.length));
    return pointer === undefined
      ? broken(`"${inner.slice(0, 80)}" is no place in the answer`, 'write it like {answer:/id}')
      : { kind: 'answer', pointer };
  }
  const whole = scope.get(inner);
  if (whole !== undefined) return { kind: 'value', name: inner, part: null, of: whole };
  return amountPart(inner, scope) ?? (answer ? answerMeant(inner) : undefined) ?? unknownName(inner, scope);
}

/** `price.minor`; undefined for what is not of an amount. */
function amountPart(inner: string, scope: Scope): Piece | Broken | undefined {
  const [, name = '', part = ''] = /^([^.]*)\.(.*)$/.exec(inner) ?? [];
  const of = scope.get(name);
  if (of?.kind !== 'money') return undefined;
  const known = MONEY_PARTS.find((one) => one === part);
  return !of.list && known !== undefined
    ? { kind: 'value', name, part: known, of }
    : broken(`an amount has no "${part.slice(0, 40)}"`, `known: ${MONEY_PARTS.join(', ')}`);
}

/** `answer.id` for `answer:/id`; undefined for what speaks of no answer. */
function answerMeant(inner: string): Broken | undefined {
  const [whole, place = ''] = /^answer(?:[./[]([\w.[\]/-]{0,80}))?$/.exec(inner) ?? [];
  if (whole === undefined) return undefined;
  const steps = place.split(/[^\w-]+/).filter((step) => step !== '');
  const meant = steps.length === 0 ? 'id' : steps.join('/');
  return broken(`"${whole}" is no place in the answer`, `write it like {answer:/${meant}}`);
}

function unknownName(inner: string, scope: Scope): Broken {
  const names = [...scope.keys()];
  const hint = names.length === 0 ? 'the tool has no arguments' : `known: ${names.join(', ')}`;
  return broken(`there is no "${inner.slice(0, 80)}" to put here`, didYouMean(inner, names) ?? hint);
}

function broken(message: string, suggestion: string): Broken {
  return { kind: 'broken', message, suggestion };
}

export function valuesIn(template: Template): readonly ValuePiece[] {
  return template.filter((piece) => piece.kind === 'value');
}

/** The only piece, if it is a value: it is then written whole, and left out where the value is not given. */
export function loneValue(template: Template): ValuePiece | undefined {
  const [first] = template;
  return template.length === 1 && first?.kind === 'value' ? first : undefined;
}

/** What a piece stands for; undefined where it is not given. */
export function valueOf({ name, part }: ValuePiece, values: Values): Json | undefined {
  const value = values.get(name);
  if (value === undefined || part === null) return value;
  const amount = asMoney(value);
  return part === 'decimal' ? (amountInWords(amount).split(' ')[0] ?? '') : amount[part];
}

/** The same as text, as a URL, a header or a form holds it: amounts as `12.50 EUR`, numbers as JSON writes them. */
export function plainText(piece: ValuePiece, values: Values): string | undefined {
  const value = valueOf(piece, values);
  if (value === undefined) return undefined;
  return piece.of.kind === 'money' && piece.part === null ? amountInWords(asMoney(value)) : textOf(value);
}

/** As JSON writes it, texts without their quotes. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Values of that kind are canonical: the kind made them. */
export function asMoney(value: Json): Money {
  return value as unknown as Money;
}

/** The text of a template; `write` says how a value is written where it stands. */
export function joined(template: Template, write: (piece: Exclude<Piece, { kind: 'text' }>) => string): string {
  return template.map((piece) => (piece.kind === 'text' ? piece.text : write(piece))).join('');
}

/** Every value as it is; what is not given as nothing. */
export function joinedPlain(template: Template, values: Values): string {
  return joined(template, (piece) => (piece.kind === 'value' ? (plainText(piece, values) ?? '') : ''));
}

export function isEtag({ name }: ValuePiece): boolean {
  return name === ETAG;
}
