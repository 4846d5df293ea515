// Writes docs/api.md: what src/index.ts exports, under its headings, as the compiler declares it and with the docstrings
// of the sources. Reads the declaration files in dist/, where every declaration begins and ends at the first column.
// (typedoc does not take TypeScript 7; these files say all that a reader needs.)
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format } from 'prettier';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Of longer values than this (the list of all tools) the object types within are told as what they all extend. */
const LONGEST_VALUE = 12;

/** Headings (`// # Tools`) and what is exported under each, in the order of src/index.ts. */
function publicNames() {
  const sections = [];
  const pattern = /^\/\/ # (.+)$|^export (?:type )?\{([^}]+)\} from '\.\/(.+)\.ts';$/gm;
  for (const [, heading, names, module] of readFileSync(join(root, 'src/index.ts'), 'utf8').matchAll(pattern)) {
    if (heading !== undefined) sections.push({ heading, entries: [] });
    else {
      const found = names.split(',').map((name) => name.trim());
      for (const name of found.filter((one) => one !== '')) sections.at(-1).entries.push({ name, module });
    }
  }
  return sections;
}

/** Docstring and text of each exported declaration of a declaration file. */
function declarationsOf(module) {
  const found = new Map();
  let doc = [];
  let body = [];
  for (const line of readFileSync(join(root, 'dist', `${module}.d.ts`), 'utf8').split('\n')) {
    if (body.length === 0 && /^( \*|\/\*\*)/.test(line)) {
      doc = line.startsWith('/**') ? [line] : [...doc, line];
      continue;
    }
    if (body.length === 0 && !/^export (declare |interface |type )/.test(line)) {
      doc = [];
      continue;
    }
    body.push(line);
    if (!/^\S.*;$|^\}$/.test(line)) continue;
    const [, name] = /^export (?:declare )?(?:function|const|class|interface|type) (\w+)/.exec(body[0]);
    const earlier = found.get(name);
    found.set(name, {
      doc: earlier?.doc ?? wordsOf(doc),
      text: [...(earlier ? [earlier.text] : []), ...body].join('\n'),
    });
    doc = [];
    body = [];
  }
  return found;
}

/** The text of a docstring, without its stars. */
function wordsOf(doc) {
  return doc
    .join('\n')
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .replaceAll(/^ \* ?/gm, '')
    .trim();
}

function entryOf({ name, module }, problems) {
  const declared = declarationsOf(module).get(name);
  if (declared === undefined) throw new Error(`dist/${module}.d.ts does not declare "${name}": is dist/ up to date?`);
  if (declared.doc === '') problems.push(`${name} (src/${module}.ts) has no docstring.`);
  // Where the compiler found a type is nothing that a reader could import it from.
  const whole = declared.text.replace(/^export (declare )?/gm, '').replaceAll(/\bimport\("[^"]+"\)\./g, '');
  const isLong = whole.startsWith('const') && whole.split('\n').length > LONGEST_VALUE;
  const text = isLong ? whole.replaceAll(/\{[^{}]*\}/g, 'ArgumentMap') : whole;
  return [`### ${name}`, declared.doc, '```ts', text, '```'].join('\n\n').replace('```ts\n\n', '```ts\n');
}

export async function apiReference() {
  const problems = [];
  const sections = publicNames().map(({ heading, entries }) =>
    [`## ${heading}`, ...entries.map((entry) => entryOf(entry, problems))].join('\n\n'),
  );
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const head = readFileSync(join(root, 'src/index.ts'), 'utf8').match(/\/\*\*[\s\S]*?\*\//)[0];
  const about = wordsOf([head]);
  const said = '<!-- Written by "npm run docs:api" from the docstrings in src; change those. -->';
  const options = { parser: 'markdown', printWidth: 120, singleQuote: true };
  return format([said, '# API', about, ...sections, ''].join('\n\n'), options);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = await apiReference();
  if (process.argv.includes('--print')) process.stdout.write(text);
  else writeFileSync(join(root, 'docs/api.md'), text);
}
