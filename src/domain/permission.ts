/** The capability classes that a profile may grant (design.md section 3). */
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

export type Permission = (typeof PERMISSIONS)[number];
