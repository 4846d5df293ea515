/**
 * Samples that no single rule suggests: what one rule says of the end of a path (`**` + `/.env`) beneath the folders
 * that another names, and the paths of one below the origins of another. There denials and exceptions bite.
 */
import type { Json } from '../../domain/json.ts';
import { isRecord } from '../../domain/json.ts';
import type { KindName } from '../kinds/kind.ts';
import { textsOf } from './texts-of.ts';
import { globSamples } from './url-samples.ts';

/** At most so many of each side are crossed. */
const SIDE = 24;

/** Elements for an argument of which the rules say these things. */
export function crossedSamples(kind: KindName, specs: readonly Json[]): readonly string[] {
  const parts = specs.flatMap(mapsIn);
  const said = (key: string): readonly string[] => parts.flatMap((part) => textsOf(part, key));
  if (kind === 'path')
    return cross(said('under'), [...said('glob').flatMap(tailsOf), ...said('extension').map(fileOf)], '/');
  if (kind === 'url') return cross(said('origin'), said('path').flatMap(globSamples), '');
  return [];
}

/** The matcher itself, and those within it. */
function mapsIn(spec: Json): readonly Json[] {
  if (Array.isArray(spec)) return (spec as readonly Json[]).flatMap(mapsIn);
  if (!isRecord(spec)) return [];
  return [spec as Json, ...Object.values(spec as Readonly<Record<string, Json>>).flatMap(mapsIn)];
}

function tailsOf(glob: string): readonly string[] {
  return glob.startsWith('**/') ? globSamples(glob.slice('**/'.length)) : [];
}

function fileOf(extension: string): string {
  return `file.${extension.replace(/^\./, '')}`;
}

function cross(starts: readonly string[], ends: readonly string[], between: string): readonly string[] {
  const [some, others] = [starts, ends].map((side) => [...new Set(side)].slice(0, SIDE));
  return (some ?? []).flatMap((start) => (others ?? []).map((end) => `${start.replace(/\/$/, '')}${between}${end}`));
}
