/**
 * Under which name and type a file is attached. The name is the last segment of its path and must reach the receiver as
 * it is: one that some mail program or file system would read, cut or save otherwise is refused, not repaired. The type
 * is one of a fixed table and never one that a mail program shows as a page, runs, or answers for its reader.
 */
import { decodeText } from '../../domain/decode-text.ts';

/** By extension in lower case. Not here, so only ever saved: html, svg, xml, js, eml, ics, vcf. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['txt', 'text/plain'],
  ['log', 'text/plain'],
  ['md', 'text/plain'],
  ['csv', 'text/csv'],
  ['json', 'application/json'],
  ['pdf', 'application/pdf'],
  ['zip', 'application/zip'],
  ['gz', 'application/gzip'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['odt', 'application/vnd.oasis.opendocument.text'],
  ['ods', 'application/vnd.oasis.opendocument.spreadsheet'],
]);

export function attachmentType(name: string, bytes: Uint8Array): string {
  const dot = name.lastIndexOf('.');
  const type = (dot < 1 ? undefined : TYPES.get(name.slice(dot + 1).toLowerCase())) ?? 'application/octet-stream';
  if (!type.startsWith('text/')) return type;
  return decodeText(bytes) === undefined ? 'application/octet-stream' : `${type}; charset=utf-8`;
}

/** The last segment of a canonical path. */
export function attachmentName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** In words why a file of this name cannot be attached, or undefined. */
export function attachmentNameProblem(name: string): string | undefined {
  if (/["<>:|?*\\/;]/.test(name))
    return 'some systems would save it under another name (it has one of " < > : | ? * ;)';
  if (name.includes('=?') || /%[0-9a-f]{2}/i.test(name) || name.includes("''")) {
    return 'some mail programs would decode its name to another one ("=?", "%" with two digits, or two apostrophes)';
  }
  if (/^[\s.]|[\s.]$/.test(name) || / {2}/.test(name)) {
    return 'some systems would drop characters of its name (spaces or dots at an end, two spaces)';
  }
  if (/(?! )\s/u.test(name)) return 'its name has white space other than plain spaces';
  return undefined;
}
