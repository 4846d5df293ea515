/** How many decisions a second "countersign policy explain --calls" makes: the whole program, less its start. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { policyText, webRule } from './policy-decision.mjs';

const BIN = fileURLToPath(new URL('../bin/countersign.js', import.meta.url));
const LINES = 40_000;

function call(number) {
  const host = number % 3 === 0 ? 'other.example' : `h${number % 200}.example`;
  return JSON.stringify({ tool: 'http_request', input: { url: `https://${host}/v1/items/${number}`, method: 'GET' } });
}

/** Seconds of one run over `lines` calls. */
function timed(folder, lines) {
  const calls = join(folder, 'calls.jsonl');
  writeFileSync(calls, Array.from({ length: lines }, (_, number) => `${call(number)}\n`).join(''));
  const started = process.hrtime.bigint();
  const args = [BIN, 'policy', 'explain', join(folder, 'policy.yaml'), '--calls', calls, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { maxBuffer: 1 << 30, encoding: 'utf8' });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const answers = stdout.split('\n').length - 1;
  if (status !== 0 || answers !== lines) throw new Error(`exit ${status}, ${answers} answers: ${stderr.slice(0, 500)}`);
  return seconds;
}

export function measure(print) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    writeFileSync(join(folder, 'policy.yaml'), policyText(webRule));
    const runs = [1, 2, 3].map(() => ({ start: timed(folder, 1), whole: timed(folder, LINES) }));
    const rates = runs.map(({ start, whole }) => (LINES - 1) / (whole - start)).toSorted((a, b) => a - b);
    print(`policy explain --calls, 200 rules, ${LINES} lines (goal: 10,000 decisions a second)`);
    print(`  ${Math.round(rates[1])} decisions a second (three runs: ${rates.map(Math.round).join(', ')})`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
