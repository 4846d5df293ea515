/** Reads one template of the file, and complains of what it says and of what cannot stand in its place. */
import { mentionsSecret } from '../domain/secret-placeholder.ts';
import type { Complain } from '../policy/matchers/matcher.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { Scope } from './scope.ts';
import type { Template, TemplateReading, ValuePiece } from './template.ts';
import { isEtag, loneValue, parseTemplate, valuesIn } from './template.ts';

/** What all compilers of a tool's parts are given. */
export interface Compiling {
  readonly scope: Scope;
  readonly complain: Complain;
  /** Noted for each name that decides what is sent or whether it is. */
  readonly use: (name: string) => void;
}

const NO_SECRET = 'a secret never stands here; name it in a header, like authorization: Bearer {{secret:name}}';

/** An empty one where it is broken; then there is a complaint. */
export function compileTemplate(text: string, at: Path, { scope, complain }: Compiling, answer = false): Template {
  const reading: TemplateReading = mentionsSecret(text)
    ? { kind: 'broken', message: NO_SECRET }
    : parseTemplate(text, scope, answer);
  if (reading.kind === 'template') return reading.template;
  complain(at, reading.message, reading.suggestion);
  return [];
}

/** One whose values go to the server. */
export function compileSent(text: string, at: Path, compiling: Compiling, listsAlone = false): Template {
  const template = compileTemplate(text, at, compiling);
  const lone = loneValue(template);
  for (const piece of valuesIn(template)) {
    compiling.use(piece.name);
    complainOfPlace(piece, at, { isLone: piece === lone, listsAlone }, compiling);
  }
  return template;
}

function complainOfPlace(
  piece: ValuePiece,
  at: Path,
  { isLone, listsAlone }: { readonly isLone: boolean; readonly listsAlone: boolean },
  { complain }: Compiling,
): void {
  const { name, of } = piece;
  if (isEtag(piece)) {
    complain(at, '{prepare.etag} is for the header if-match alone');
    return;
  }
  if (of.list && !(isLone && listsAlone)) complain(at, `"${name}" is a list, which stands alone as a value of "json"`);
  if (of.optional && !isLone)
    complain(at, `"${name}" may be left out, and then this would be half a text`, 'let the placeholder stand alone');
}
