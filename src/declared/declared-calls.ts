/** Which calls a file of declared tools makes, with their templates as they are written. Total: none of a broken file. */
import { readYaml } from '../policy/yaml-source.ts';
import { ToolsFile } from './tools-schema.ts';

export interface DeclaredCall {
  readonly url: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export function declaredCalls(text: string): readonly DeclaredCall[] {
  const source = readYaml(text);
  if (source.kind === 'broken') return [];
  const parsed = ToolsFile.safeParse(source.value);
  if (!parsed.success) return [];
  return parsed.data.tools
    .flatMap(({ prepare, request }) => (prepare === undefined ? [request] : [prepare, request]))
    .map(({ url, headers = {} }) => ({
      url,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    }));
}
