import { z } from 'zod';
import type { Kind } from './kind.ts';

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** A canonical HTTP method: GET, HEAD, POST, PUT, PATCH or DELETE. */
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** An HTTP method, in upper case as it is sent. */
export const httpMethod: Kind<HttpMethod, 'httpMethod'> = { name: 'httpMethod', schema: z.enum(HTTP_METHODS) };
