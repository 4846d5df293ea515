import { z } from 'zod';
import type { Decision } from '../domain/decision.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { Permission } from '../domain/permission.ts';
import type { PreviewPart } from '../domain/request.ts';
import type { Role } from '../domain/role.ts';
import type { ArgumentMap, ArgumentsOf } from '../policy/kinds/argument.ts';
import type { ParsedArguments } from '../policy/kinds/parse-arguments.ts';
import { argumentsSchema, parseArguments } from '../policy/kinds/parse-arguments.ts';
import type { ToolShape } from '../policy/tool-shape.ts';
import { checkDefinition } from './check-definition.ts';
import type { PortName, WorldPorts } from './ports.ts';

/** `read`: a stale late repeat is harmless. `once`: everything else. */
export type Effect = 'read' | 'once';

/** Where an action belongs; all that renderings may be derived from besides the arguments. */
export interface ActionPlace {
  /** The session’s id. */
  readonly workflowId: string;
  /** The run that the action is performed in; a reset makes another. */
  readonly runId: string;
  /** First run id of the session: two sessions of one id differ in it. */
  readonly chainId: string;
  /** `c1`, `c2` and so on: of one call within a run; `c1-2` where a person had `c1` tried again. */
  readonly callId: string;
  /** The call that a person had tried again by this one; else the call itself. For keys that must stay the same. */
  readonly firstCallId: string;
  /** When the request was asked, or for an allowed action when it began. */
  readonly at: Date;
  /** What the policy would say if a tool were called with these canonical arguments, here and now; undefined: left out. */
  readonly judge: (tool: ToolShape, args: Readonly<Record<string, Json | undefined>>) => Decision;
}

/**
 * What `prepare` found out. Prepared again after an approval, it must say the same again: else the person is asked anew.
 * `denied`: a boundary of the tool itself; `failed`: it cannot be done as things stand. `why` is told to the model. Throw
 * only what may pass by itself: see `ToolDefinition.prepare`.
 */
export type Preparation<Material> =
  | {
      readonly kind: 'ready';
      /** Part of the digest: what must still be so when the action is performed. */
      readonly facts: JsonObject;
      /** What a person is shown, at most 64 KB in all; the guard makes characters visible that could deceive. */
      readonly preview: readonly PreviewPart[];
      /** In place of that of the definition, where the particulars are only known now. */
      readonly summary?: string;
      /** All that `perform` will receive, and nothing that is not in what is shown. */
      readonly material: Material;
    }
  | { readonly kind: 'denied'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/**
 * What `perform` did. `done` and `failed` are certain; `notPerformed` only where surely nothing happened: it is tried
 * again as when `prepare` throws. Everything that is not certain is `unknown`, which is never tried again by itself.
 * `text` and `why` are told to the model; `evidence` stands in the log.
 */
export type Performance =
  | { readonly kind: 'done'; readonly text: string; readonly evidence: JsonObject }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'notPerformed'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * A tool: one file. Every field is required: a forgotten one does not compile (S2). `prepare` changes
 * nothing in the world and honours `signal`; `perform` is reached only through the guard (S1).
 */
export interface ToolDefinition<
  A extends ArgumentMap,
  P extends PortName,
  Material,
  Name extends string = string,
  Label extends string = string,
> {
  /** snake_case, at most 64 characters; no name of another tool. */
  readonly name: Name;
  /** What the model is told of it. */
  readonly description: string;
  /** Without it in the profile every call is denied, whatever the rules say; docs/policy/profiles.md says what each is for. */
  readonly permission: Permission;
  /** Whose worker runs it; that worker’s credentials are all it can reach (S10). `web` if it needs no port. */
  readonly role: Exclude<Role, 'workflow' | 'model'>;
  /** What a call may say: anything else is denied. A rule must speak of each that is given, unless it is `free`. */
  readonly arguments: A;
  /** The ports that it is given, and no others. */
  readonly needs: readonly P[];
  /** What its results are marked with: `untrusted` for what strangers write, `private` for what must not get out. */
  readonly labels: readonly Label[];
  /** Start-to-close of one attempt, in ms. */
  readonly timeoutMs: number;
  /** `once` is marked durably before it is performed (S7). Where it depends on the arguments: a function of them. */
  readonly effect: Effect | ((args: ArgumentsOf<A>) => Effect);
  /** The particulars in one line, built by code from canonical values (S11). */
  readonly summary: (args: ArgumentsOf<A>) => string;
  /**
   * Looks and shows; may be called any number of times. If it throws, or takes longer than 60% of COUNTERSIGN_HEARTBEAT_MS
   * (9 s unless set; of `timeoutMs` for a read that nobody is asked about), it is tried again with growing pauses: five
   * attempts in all, ten of a tool that only reads. Then the action has failed, and nothing was done. The words of an
   * error stand in the worker’s log alone: what the model is to know, return as `failed`.
   */
  readonly prepare: (
    args: ArgumentsOf<A>,
    place: ActionPlace,
    ports: Pick<WorldPorts, P>,
    signal: AbortSignal,
  ) => Promise<Preparation<Material>>;
  /**
   * Acts; reached only through the guard, after its last check. If it throws, the action is `unknown`, for it may have
   * happened: people are asked what became of it where the policy says who they are. Only a read that nobody was asked
   * about is tried again, like `prepare`.
   */
  readonly perform: (material: Material, ports: Pick<WorldPorts, P>, signal: AbortSignal) => Promise<Performance>;
}

/** A tool whose own types are closed over, so that tools can stand in one list. Made by `defineTool`, never by hand. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly permission: Permission;
  readonly role: Exclude<Role, 'workflow' | 'model'>;
  readonly arguments: ArgumentMap;
  readonly needs: readonly PortName[];
  readonly labels: readonly string[];
  readonly timeoutMs: number;
  /** True if no arguments make it act: its attempts may be more. */
  readonly onlyReads: boolean;
  /** JSON Schema of the input as the model sees it. */
  readonly inputSchema: JsonObject;
  /** Canonical arguments, or in words why there are none. Total. */
  parse(input: unknown): ParsedArguments;
  /** Of canonical arguments, with the ports given: the steps of one action. */
  open(args: JsonObject, ports: WorldPorts): OpenedAction;
}

/** A tool whose type remembers what a policy may say of it. */
export interface DefinedTool<Name extends string, A extends ArgumentMap, Label extends string> extends Tool {
  readonly name: Name;
  readonly arguments: A;
  readonly labels: readonly Label[];
}

/** One action of a tool, ready to be prepared and, after the guard's last check, performed. */
export interface OpenedAction {
  readonly effect: Effect;
  readonly summary: string;
  prepare(place: ActionPlace, signal: AbortSignal): Promise<PreparedAction>;
}

/** An action that is prepared: what will be shown, and the way on, which only the guard takes. */
export type PreparedAction =
  | {
      readonly kind: 'ready';
      readonly facts: JsonObject;
      readonly preview: readonly PreviewPart[];
      readonly summary?: string;
      perform(signal: AbortSignal): Promise<Performance>;
    }
  | { readonly kind: 'denied'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/**
 * Makes a tool of its definition. Throws in words on a name that is reserved or no tool name. From JavaScript, or by a
 * cast, it throws as well on an unknown permission, role or effect, a `timeoutMs` that is no positive whole number, `needs`
 * or `labels` that are no lists, arguments that are no map, and a step that is no function. Where `effect` is a function,
 * whatever it says but `read` is `once`.
 */
export function defineTool<
  const Name extends string,
  A extends ArgumentMap,
  P extends PortName,
  Material,
  const Label extends string = never,
>(definition: ToolDefinition<A, P, Material, Name, Label>): DefinedTool<Name, A, Label> {
  checkDefinition(definition);
  const schema = argumentsSchema(definition.arguments);
  // The one cast from parsed JSON to the tool's own argument type: `schema` is built from the same map.
  const typed = (args: JsonObject): ArgumentsOf<A> => args as unknown as ArgumentsOf<A>;
  return {
    name: definition.name,
    description: definition.description,
    permission: definition.permission,
    role: definition.role,
    arguments: definition.arguments,
    needs: definition.needs,
    labels: definition.labels,
    timeoutMs: definition.timeoutMs,
    onlyReads: definition.effect === 'read',
    inputSchema: z.toJSONSchema(schema, { io: 'input' }) as JsonObject,
    parse: (input) => parseArguments(schema, input),
    open: (args, ports) => ({
      effect: effectOf(definition.effect, typed(args)),
      summary: definition.summary(typed(args)),
      prepare: async (place, signal) => {
        const prepared = await definition.prepare(typed(args), place, ports, signal);
        if (prepared.kind !== 'ready') return prepared;
        const { material, ...shown } = prepared;
        return { ...shown, perform: (performSignal) => definition.perform(material, ports, performSignal) };
      },
    }),
  };
}

/** Whatever is not exactly a read is marked before it is performed, also what the types do not allow (S7). */
function effectOf<Args>(effect: Effect | ((args: Args) => Effect), args: Args): Effect {
  const said = typeof effect === 'function' ? effect(args) : effect;
  return said === 'read' ? 'read' : 'once';
}
