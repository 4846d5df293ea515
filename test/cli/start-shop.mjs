// Starts an instance's demo shop as `up` does, tells of each process at once and of the outcome at the end, in lines of
// JSON. node start-shop.mjs '{"state":…,"env":…,"toolsFile":…,"demo":…}'
import { startShop } from '../../dist/cli/instance-shop.js';

const { state, env, toolsFile, demo } = JSON.parse(process.argv[2]);
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const said = [];
const household = {
  state,
  env,
  signal: new AbortController().signal,
  record: (process_) => tell({ process: process_ }),
  tellPort: (what, wanted, got) => void (wanted === got || said.push(`${what}: ${got}`)),
};
const part = await startShop(household, { toolsFile, home: state, demo, report: (line) => void said.push(line) });
// The shop stays; its handle must not keep this process.
process.stdout.write(`${JSON.stringify({ part, said })}\n`, () => process.exit(0));
