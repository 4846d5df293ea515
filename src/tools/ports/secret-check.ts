/** Tells whether secrets can be had. Their values stay where requests are written (S10). */
export interface SecretCheck {
  /** What is wrong with the secret of this name, never its value; undefined if nothing is. Never throws. */
  problemOf(name: string): Promise<string | undefined>;
}
