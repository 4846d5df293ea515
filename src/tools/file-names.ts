/** Paths for a person on one line: whatever a file is called, a list of them cannot be read as another list. */

/** What separates or ends names, or begins a quoted one. */
const MISLEADS = /[,;"→]|^\s|\s$/;

/** As it is, or in quotes as in JSON where it could be read as more than one name. */
export function nameOf(path: string): string {
  return MISLEADS.test(path) ? JSON.stringify(path) : path;
}

export function namesOf(paths: readonly string[]): string {
  return paths.map(nameOf).join(', ');
}
