import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const text = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');
const dockerfile = text('Dockerfile');

describe('the image of the workers', () => {
  const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

  test('every stage is one exact Debian image of the Node version that the project is built for', () => {
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:20\.\d+\.\d+-bookworm-slim$/m);
    expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual(Array(3).fill('${NODE_IMAGE}'));
  });

  test('the worker owns none of its own code, is not root, and the image holds no sources and no development dependencies', () => {
    expect(final).toMatch(/^USER 1000:1000$/m);
    expect(final).not.toMatch(/--chown/);
    expect([...final.matchAll(/^COPY (.*)$/gm)].map(([, what]) => what)).toEqual([
      'package.json ./',
      'bin ./bin',
      '--from=production /app/node_modules ./node_modules',
      '--from=build /app/dist ./dist',
      '--chmod=0755 deploy/worker-entrypoint.sh deploy/worker-health.mjs ./deploy/',
    ]);
    expect(dockerfile).toMatch(/ AS production\n(?:.*\n)*?RUN npm ci --omit=dev$/m);
  });

  test('a container without a role polls no queue', () => {
    expect(final).toContain('CMD ["node", "bin/countersign.js", "worker", "--help"]');
  });

  test('the build sees nothing that it does not name: no .env, no key, no state, no history', () => {
    const lines = text('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    expect(lines.filter((line) => line.startsWith('!')).toSorted()).toEqual(
      [
        '.npmrc',
        'bin',
        'deploy',
        'deploy/worker-entrypoint.sh',
        'deploy/worker-health.mjs',
        'package-lock.json',
        'package.json',
        'src',
        'tsconfig.build.json',
        'tsconfig.json',
      ].map((name) => `!${name}`),
    );
  });
});
