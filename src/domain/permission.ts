/** The capability classes that a profile may grant (docs/policy/profiles.md). */
export const PERMISSIONS = [
  'read_files',
  'write_files',
  'delete_data',
  'send_email',
  'make_api_calls',
  'run_code',
  'purchase',
  'publish',
] as const;

/** One of `PERMISSIONS`: what a profile may grant, and what a tool or an argument needs. */
export type Permission = (typeof PERMISSIONS)[number];
