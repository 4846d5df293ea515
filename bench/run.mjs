/**
 * npm run bench [part of an entry’s name]: figures of this machine, now. Compare the ratios, not the microseconds, with
 * another machine’s. No figure decides anything: the exit code says only whether the measuring worked.
 */
import { Bench } from 'tinybench';
import * as calls from './policy-calls.mjs';
import * as decision from './policy-decision.mjs';

const print = (line) => process.stdout.write(`${line}\n`);

async function table({ title, baseline, cases }) {
  const bench = new Bench({ time: 1000, warmupTime: 200 });
  for (const { name, run } of [baseline, ...cases()]) bench.add(name, run);
  await bench.run();
  const rows = bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`${name} did not run: ${result.error ?? result.state}`);
    return { name, median: result.latency.p50 * 1000, p99: result.latency.p99 * 1000 };
  });
  print(title);
  print(`  ${'case'.padEnd(40)}${'median µs'.padStart(12)}${'p99 µs'.padStart(12)}${'ratio'.padStart(10)}`);
  for (const { name, median, p99 } of rows) {
    const ratio = median / rows[0].median;
    print(
      `  ${name.padEnd(40)}${median.toFixed(1).padStart(12)}${p99.toFixed(1).padStart(12)}${ratio.toFixed(1).padStart(10)}`,
    );
  }
}

const ENTRIES = {
  'policy-decision': () => table(decision),
  'policy-calls': () => calls.measure(print),
};

const wanted = process.argv[2] ?? '';
const names = Object.keys(ENTRIES).filter((name) => name.includes(wanted));
if (names.length === 0) {
  print(`There is no entry "${wanted}". There are: ${Object.keys(ENTRIES).join(', ')}.`);
  process.exitCode = 2;
}
for (const name of names) await ENTRIES[name]();
