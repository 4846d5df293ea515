/** Why the real API would refuse a request, in its own terms. */
export interface Problem {
  readonly status: 400 | 401 | 404 | 413;
  readonly type: 'invalid_request_error' | 'authentication_error' | 'not_found_error' | 'request_too_large';
  readonly message: string;
}

export function invalid(message: string): Problem {
  return { status: 400, type: 'invalid_request_error', message };
}

/** The first problem that one of the checks finds; the checks after it are not run. */
export function firstOf(...checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const found = check();
    if (found !== undefined) return found;
  }
  return undefined;
}
