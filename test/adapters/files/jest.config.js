// The races of the file tools, whole: `npm run test:races`. Without the set-up of the other tests, which starts a server
// and by which no COUNTERSIGN_ variable of the shell reaches a test. COUNTERSIGN_SWAPS is how often names are swapped at
// least, and ten times how often each tool acts.
import base from '../../../jest.config.js';

const { globalSetup: _setup, globalTeardown: _teardown, roots: _roots, ...rest } = base;

export default {
  ...rest,
  rootDir: '../../..',
  roots: ['<rootDir>/test/adapters/files'],
  testMatch: ['**/*races.test.ts', '**/*races.long.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
