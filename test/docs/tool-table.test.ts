/** docs/policy/tools.md names the tools that there are. `UPDATE_GUIDE=1 npx jest test/docs` writes its tables anew. */
import { expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tools } from '../../src/tools/index.ts';
import { GUIDE } from './guide-page.ts';
import { toolTables } from './tool-table.ts';

const PAGE = join(GUIDE, 'tools.md');
const TABLES = /(?<=<!-- tables -->\n).*?(?=<!-- end of tables -->)/s;

test('the tables of the tools are those of the tools', () => {
  const made = `\n${toolTables(tools)}\n`;
  const page = readFileSync(PAGE, 'utf8');
  if ((process.env['UPDATE_GUIDE'] ?? '') !== '')
    writeFileSync(
      PAGE,
      page.replace(TABLES, () => made),
    );
  expect(TABLES.exec(readFileSync(PAGE, 'utf8'))?.[0]).toBe(made);
});
