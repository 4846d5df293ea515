/**
 * What the types of a definition say, for those who write without them (JavaScript, a cast): a word that is not known is
 * refused in words, where the tool is made and not where it first acts (S2).
 */
import { isToolName } from '../domain/activity-name.ts';
import { isRecord } from '../domain/json.ts';
import { PERMISSIONS } from '../domain/permission.ts';
import { ROLES } from '../domain/role.ts';

/** Of a definition, every field that is looked at: of no type, since whoever casts may give anything. */
type Given = Readonly<
  Record<
    | 'name'
    | 'permission'
    | 'role'
    | 'arguments'
    | 'needs'
    | 'labels'
    | 'timeoutMs'
    | 'effect'
    | 'summary'
    | 'prepare'
    | 'perform',
    unknown
  >
>;

const TOOL_ROLES: readonly unknown[] = ROLES.filter((role) => role !== 'workflow' && role !== 'model');

/** Throws for the first field that is not what it must be, with what to write there. */
export function checkDefinition(given: Given): void {
  const { name } = given;
  if (typeof name !== 'string' || !isToolName(name))
    throw new Error(`"${String(name)}" cannot name a tool: use snake_case, at most 64 characters, no reserved name.`);
  const problem = problemOf(given);
  if (problem !== undefined) throw new Error(`The tool "${name}" cannot be made: ${problem}.`);
}

function problemOf(given: Given): string | undefined {
  const { permission, role, effect, timeoutMs } = given;
  if (!(PERMISSIONS as readonly unknown[]).includes(permission))
    return `its permission is none of ${PERMISSIONS.join(', ')}`;
  if (!TOOL_ROLES.includes(role)) return `its role is none of ${TOOL_ROLES.join(', ')}`;
  if (effect !== 'read' && effect !== 'once' && typeof effect !== 'function')
    return 'its effect is neither "read" nor "once", nor a function that says which of them';
  if (!Number.isSafeInteger(timeoutMs) || Number(timeoutMs) <= 0)
    return 'its timeoutMs is no positive whole number of milliseconds';
  for (const field of ['needs', 'labels'] as const)
    if (!isListOfText(given[field])) return `its ${field} is no list of texts`;
  if (!isArgumentMap(given.arguments))
    return 'its arguments are no map from names to arguments, as one, listOf, optional and the like make them';
  for (const field of ['summary', 'prepare', 'perform'] as const)
    if (typeof given[field] !== 'function') return `its ${field} is no function`;
  return undefined;
}

function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isArgumentMap(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((one) => isRecord(one) && isRecord(one['schema']));
}
