/** Histories by hand: a few words per event, in the form that `readEvents` gives. */
import type { HistoryEvent } from '../../src/client/history-event.ts';
import type { ApprovalRequest } from '../../src/domain/request.ts';

export const START = Date.parse('2026-11-24T12:00:00.000Z');

/** The `second`-th second of the story. */
export function at(second: number): string {
  return new Date(START + second * 1000).toISOString();
}

export const decision = { kind: 'allow', rule: 'notes', why: 'fine', policySha: 'ab'.repeat(32) } as const;

export function outcome(kind: string, text: string, more: object = {}): unknown {
  const evidence = kind === 'done' ? { evidence: {} } : {};
  return { kind, text, actionKey: 'k', decision, ...evidence, ...more };
}

export function opened(): unknown {
  const tool = { version: 'v', description: '', inputSchema: {}, queue: 'q', timeoutMs: 1, maxAttempts: 1 };
  const tools = [
    { ...tool, name: 'read_file', onlyReads: true },
    { ...tool, name: 'send_email', onlyReads: false },
  ];
  const limits = { turns: 1 };
  const rest = { heartbeatTimeoutMs: 1, searchAttributes: false };
  return { policySha: 'ab'.repeat(32), profile: 'assistant', system: 's', model: 'm', tools, limits, ...rest };
}

export function request(callId: string, more: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: `run-1/${callId}/1`,
    digest: 'd'.repeat(64),
    namespace: 'default',
    workflowId: 'session-mail-x7k2',
    chainId: 'run-1',
    callId,
    tool: 'send_email',
    toolVersion: 'v',
    profile: 'assistant',
    arguments: {},
    facts: {},
    summary: 'alice@partner.example',
    preview: [{ label: 'Message', text: 'Hello' }],
    rule: 'mail-known',
    ruleSha: 'r',
    why: 'asks',
    mayAnswer: ['alice'],
    quorum: 1,
    requestedAt: at(2),
    expiresAt: at(100),
    ...more,
  };
}

export const asks = (callId: string, more: Partial<ApprovalRequest> = {}): unknown => ({
  kind: 'approvalNeeded',
  request: request(callId, more),
  actionKey: 'k',
});

/** Writes events one second apart and numbers them. */
export class Story {
  readonly events: HistoryEvent[] = [];
  #second = 0;

  started(input: object = { goal: 'mail the notes' }): this {
    return this.#add({ kind: 'started', at: this.#tick(), runId: 'run-1', input, identity: 'cli@host' });
  }

  opened(result: unknown = opened()): this {
    return this.pass(1, 'openSession', 'open', result);
  }

  scheduled(eventId: number, type: string, activityId: string, input: object = { input: {} }): this {
    return this.#add({ kind: 'scheduled', at: this.#tick(), eventId, activityId, type, input });
  }

  begun(scheduledId: number, attempt = 1): this {
    return this.#add({ kind: 'begun', at: this.#tick(), scheduledId, attempt, identity: 'worker' });
  }

  completed(scheduledId: number, result: unknown): this {
    return this.#add({ kind: 'completed', at: this.#tick(), scheduledId, result });
  }

  failed(scheduledId: number, more: Partial<HistoryEvent & { kind: 'failed' }>): this {
    const failure = { why: 'broke', how: 'failed', type: '', marked: false } as const;
    return this.#add({ kind: 'failed', at: this.#tick(), scheduledId, ...failure, ...more });
  }

  /** Scheduled, begun once, completed. */
  pass(eventId: number, type: string, activityId: string, result: unknown, input: object = { input: {} }): this {
    return this.scheduled(eventId, type, activityId, input).begun(eventId).completed(eventId, result);
  }

  signal(payload: unknown, name = 'decideApproval', second = this.#second): this {
    this.#second = second;
    return this.#add({ kind: 'signal', at: this.#tick(), name, payload, identity: 'webui' });
  }

  update(updateId: string, payload: unknown, refusal: string | null | undefined): this {
    this.#add({ kind: 'update', at: this.#tick(), updateId, name: 'decideApproval', payload, identity: '' });
    return refusal === undefined ? this : this.#add({ kind: 'updateAnswered', at: this.#tick(), updateId, refusal });
  }

  timerFired(second: number): this {
    this.#second = second;
    return this.#add({ kind: 'timerFired', at: this.#tick() });
  }

  cancelAsked(): this {
    return this.#add({ kind: 'cancelAsked', at: this.#tick(), identity: 'cli@host' });
  }

  reset(ofRun: string, runId = 'run-2'): this {
    return this.#add({ kind: 'reset', at: this.#tick(), ofRun, runId });
  }

  ended(how: (HistoryEvent & { kind: 'ended' })['how'], result?: unknown, why = ''): this {
    return this.#add({ kind: 'ended', at: this.#tick(), how, result, why });
  }

  #tick(): string {
    const now = at(this.#second);
    this.#second += 1;
    return now;
  }

  #add(event: HistoryEvent): this {
    this.events.push(event);
    return this;
  }
}
