import type { Permission } from '../domain/permission.ts';
import type { ArgumentShapes } from './kinds/argument.ts';

/** What the policy has to know of a tool; every `Tool` is one. */
export interface ToolShape {
  readonly name: string;
  readonly description?: string;
  readonly permission: Permission;
  readonly arguments: ArgumentShapes;
  /** What its results are marked with (`untrusted`, `private`), for rules about flows. */
  readonly labels?: readonly string[];
}
