// `npm run fuzz`: the fuzz targets alone, without the server that the whole run starts and without its rule that no
// COUNTERSIGN_ variable of the shell reaches a test. COUNTERSIGN_FUZZ_CASES is how many cases each property gets (50000
// here, a few hundred in the whole run); COUNTERSIGN_FUZZ_SEED repeats a run, with the seed that a failure prints.
import whole from '../../jest.config.js';

const { globalSetup: _setup, globalTeardown: _teardown, ...rest } = whole;

export default { ...rest, rootDir: '../..', roots: ['<rootDir>/test/fuzz'], testTimeout: 3_600_000 };
