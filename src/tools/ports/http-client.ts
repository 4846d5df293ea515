/** A request as it will be sent. URL and headers must be canonical (kinds `url` and `headers`). */
export interface HttpCall {
  readonly method: string;
  readonly url: string;
  /** As canonical headers are: one that authenticates names a secret, which the client puts in. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What a server answered, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded text without the secrets of the call; a page of HTML as readable text. */
  readonly body: string;
  readonly bytes: number;
}

/** `notSent` is proven (no byte of the request reached the server); `unknown` is everything that is not. */
export type HttpExchange =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'notSent'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** Web calls to public addresses, and to the private origins that COUNTERSIGN_PRIVATE_ORIGINS names. */
export interface HttpClient {
  /** One exchange: redirects are answers, proxies of the environment are ignored. Never throws. */
  exchange(call: HttpCall, signal: AbortSignal): Promise<HttpExchange>;
}
