import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { SEARCH_ATTRIBUTES } from '../../src/client/namespace.ts';
import { ROLES } from '../../src/domain/role.ts';
import { readConfig } from '../../src/worker/config.ts';

/** What the tests look at; every other key of a service must be in KNOWN_KEYS, so that none slips past them. */
const Service = z.looseObject({
  image: z.string().optional(),
  user: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string().nullable()).default({}),
  secrets: z
    .array(z.union([z.string(), z.strictObject({ source: z.string(), target: z.string() })]))
    .default([])
    .transform((list) => list.map((one) => (typeof one === 'string' ? { source: one, target: one } : one))),
  volumes: z
    .array(
      z.union([
        z.string().transform((text) => {
          const [source = '', target = '', mode] = text.split(':');
          return { source, target, read_only: mode === 'ro' };
        }),
        z.looseObject({ source: z.string(), target: z.string(), read_only: z.boolean().default(false) }),
      ]),
    )
    .default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
});
type Service = z.output<typeof Service>;

const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.strictObject({ internal: z.literal(true).optional() })),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

const KNOWN_KEYS =
  `build cap_drop command depends_on entrypoint environment healthcheck image logging mem_limit networks
  pids_limit ports read_only restart secrets security_opt shm_size stop_grace_period tmpfs user volumes`.split(/\s+/);

const text = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');
const override = ['!override'].flatMap((tag) => [
  { tag, collection: 'seq' as const },
  { tag, collection: 'map' as const },
]);
const compose = Compose.parse(parse(text('docker-compose.yml'), { merge: true }));
const smtpText = text('deploy/compose.smtp.yml');
const smtp = Compose.parse(parse(smtpText, { merge: true, customTags: override }));

const services = Object.entries(compose.services);
const workers = services.filter(([name]) => name.startsWith('worker-'));
const service = (name: string): Service => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
};
/** As Compose does without a .env: the default after ":-". */
const filled = (value: string): string => value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
const named = (wanted: (one: Service) => boolean): readonly string[] =>
  services.filter(([, one]) => wanted(one)).map(([name]) => name);
const onNetwork = (network: string): readonly string[] => named(({ networks }) => networks.includes(network));
const law = { source: './.countersign/deploy/law', target: '/etc/countersign', read_only: true };
const MIN_ENV = [
  ...['COUNTERSIGN_APPROVERS', 'COUNTERSIGN_POLICY', 'COUNTERSIGN_TOOLS'],
  ...['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'],
];

describe('docker-compose.yml: what is reachable', () => {
  test('every published port is bound to 127.0.0.1, and no setting can change that', () => {
    const ports = services.flatMap(([, one]) => one.ports);
    expect(ports).toHaveLength(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
  });

  test('the database publishes no port, and only Temporal and its schema job share a network with it', () => {
    expect(service('postgres').ports).toEqual([]);
    expect(service('postgres').networks).toEqual(['database']);
    expect(onNetwork('database')).toEqual(['postgres', 'temporal-schema', 'temporal']);
    expect(compose.networks['database']).toEqual({ internal: true });
  });

  test('only the mail worker shares a network with the mail catcher', () => {
    expect(onNetwork('mail')).toEqual(['mailpit', 'worker-mail']);
    expect(onNetwork('mail-page')).toEqual(['mailpit']);
    expect(compose.networks['mail']).toEqual({ internal: true });
  });

  test('only the model and the web worker have a way out, each on a network of its own', () => {
    const open = Object.entries(compose.networks).flatMap(([name, { internal }]) => (internal === true ? [] : [name]));
    expect(open).toEqual(['console', 'mail-page', 'model-egress', 'web-egress']);
    expect(workers.filter(([, one]) => one.networks.some((name) => open.includes(name))).map(([name]) => name)).toEqual(
      ['worker-model', 'worker-web'],
    );
    expect(onNetwork('model-egress')).toEqual(['worker-model']);
    expect(onNetwork('web-egress')).toEqual(['worker-web']);
    expect(onNetwork('console')).toEqual(['temporal', 'temporal-ui']);
  });
});

describe('docker-compose.yml: who gets what (S10, S12)', () => {
  test('each role is run by exactly one worker, and each worker runs exactly one role', () => {
    expect(workers.map(([, one]) => one.command)).toEqual(
      ROLES.map((role) => ['node', 'bin/countersign.js', 'worker', '--roles', role]),
    );
  });

  test.each([
    ['worker-workflow', ['COUNTERSIGN_MODEL']],
    ['worker-model', ['ANTHROPIC_BASE_URL']],
    ['worker-files', ['COUNTERSIGN_WORKSPACE']],
    [
      'worker-mail',
      [
        ...['COUNTERSIGN_MAIL_FROM', 'COUNTERSIGN_MAIL_INSIDE', 'COUNTERSIGN_MAIL_KNOWN'],
        ...['COUNTERSIGN_SMTP_HOST', 'COUNTERSIGN_SMTP_PORT', 'COUNTERSIGN_WORKSPACE'],
      ],
    ],
    ['worker-web', ['COUNTERSIGN_SECRETS_DIR', 'COUNTERSIGN_WEB_PROXY']],
  ])('%s has no setting of another role', (name, own) => {
    expect(Object.keys(service(name).environment).toSorted()).toEqual([...MIN_ENV, ...own].toSorted());
  });

  test.each(ROLES)('what the worker %s is given is complete for its role', (role) => {
    const { environment, secrets } = service(`worker-${role}`);
    const env: Record<string, string> = Object.fromEntries(secrets.map(({ target }) => [target, 'secret']));
    for (const [name, value] of Object.entries(environment)) if (value !== null) env[name] = filled(value);
    expect(readConfig([role], env).roles).toEqual([role]);
    // The mail worker has the workspace too, for reading: that it may not write it, its mount says.
    const others = (['model', 'files', 'mail'] as const).filter((other) => other !== role);
    for (const other of others.filter((one) => role !== 'mail' || one !== 'files'))
      expect(() => readConfig([other], env)).toThrow(`for the role ${other}`);
  });

  test('each secret is mounted into the services that need it and into no other', () => {
    const holders = Object.fromEntries(
      Object.keys(compose.secrets).map((secret) => [
        secret,
        named(({ secrets }) => secrets.some(({ source }) => source === secret)),
      ]),
    );
    expect(holders).toEqual({
      postgres_password: ['postgres'],
      temporal_db_password: ['postgres', 'temporal-schema', 'temporal'],
      anthropic_api_key: ['worker-model'],
    });
  });

  test('no secret stands in the compose files, in .env.example or in a container’s description', () => {
    for (const { file } of [...Object.values(compose.secrets), ...Object.values(smtp.secrets)])
      expect(file).toMatch(/^\.\/\.countersign\/deploy\/secrets\/[a-z_]+$/);
    expect(text('.gitignore').split('\n')).toContain('.countersign/');
    const variables = [...services, ...Object.entries(smtp.services)].flatMap(([, one]) =>
      Object.keys(one.environment),
    );
    expect(variables.filter((name) => /pass|pwd|key|token|secret/i.test(name))).toEqual([
      'POSTGRES_PASSWORD_FILE',
      // A folder, mounted into the one worker that needs it.
      'COUNTERSIGN_SECRETS_DIR',
    ]);
    expect(text('.env.example')).not.toMatch(/^#? ?\w*(PASSWORD|PWD|KEY|TOKEN|SECRET)\w*=/m);
  });

  test('a worker’s entry point takes exactly the secrets that a compose file mounts', () => {
    const taken = /^for name in (.*); do$/m.exec(text('deploy/worker-entrypoint.sh'))?.[1]?.split(' ');
    const mounted = [...workers, ...Object.entries(smtp.services)].flatMap(([, one]) =>
      one.secrets.map(({ target }) => target),
    );
    expect(taken).toEqual(mounted);
  });

  test('policy, approver directory and declared tools come read-only, as a directory, from outside the workspace', () => {
    const mounts = Object.fromEntries(
      workers.map(([name, { volumes }]) => [
        name,
        volumes.map(({ source, target, read_only }) => ({ source, target, read_only })),
      ]),
    );
    const workspace = { source: './.countersign/deploy/workspace', target: '/workspace', read_only: false };
    const record = { source: './.countersign/deploy/mail', target: '/var/lib/countersign', read_only: false };
    const webSecrets = {
      source: './.countersign/deploy/web-secrets',
      target: service('worker-web').environment['COUNTERSIGN_SECRETS_DIR'],
      read_only: true,
    };
    expect(mounts).toEqual({
      'worker-workflow': [law],
      'worker-model': [],
      'worker-files': [law, workspace],
      'worker-mail': [law, { ...workspace, read_only: true }, record],
      'worker-web': [law, webSecrets],
    });
    for (const [, { environment }] of workers) {
      expect(environment['COUNTERSIGN_POLICY']).toBe('/etc/countersign/policy.yaml');
      expect(environment['COUNTERSIGN_APPROVERS']).toBe('/etc/countersign/approvers.yaml');
      expect(environment['COUNTERSIGN_TOOLS']).toBe('/etc/countersign/tools.yaml');
    }
  });

  test('nothing from the host can be written but the workspace, by the files worker, the record of recipients, and the database', () => {
    const writable = services.flatMap(([name, { volumes }]) =>
      volumes.flatMap(({ source, read_only }) => (read_only ? [] : [`${name} ${source}`])),
    );
    expect(writable).toEqual([
      'postgres postgres-data',
      'worker-files ./.countersign/deploy/workspace',
      'worker-mail ./.countersign/deploy/mail',
    ]);
  });
});

describe('docker-compose.yml: what a container may do', () => {
  test.each(services)(
    '%s is not root, has no capability, gains no privilege and cannot write to its image',
    (_, one) => {
      expect(filled(one.user ?? '')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect(one).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect(one).toMatchObject({ pids_limit: expect.any(Number), mem_limit: expect.any(String) });
    },
  );

  test('no service has a key these tests do not know: not privileged, cap_add, devices, pid, ipc or network_mode', () => {
    expect(services.flatMap(([, one]) => Object.keys(one)).filter((key) => !KNOWN_KEYS.includes(key))).toEqual([]);
  });

  test('nobody sees the Docker socket, the keys of approvers or the whole state directory', () => {
    const sources = services.flatMap(([, { volumes }]) => volumes.map(({ source }) => source));
    for (const source of sources)
      expect(source).toMatch(
        /^(postgres-data|\.\/deploy\/[\w.-]+|\.\/\.countersign\/deploy\/(law|workspace|mail|web-secrets))$/,
      );
  });

  test('every image is an exact version, and none is the deprecated auto-setup', () => {
    const images = services.map(([, { image }]) => image ?? '');
    for (const image of images) expect(image).toMatch(/^[a-z/-]+:v?\d+\.\d+(\.\d+)?(-bookworm)?$/);
    expect(images.filter((image) => image.includes('auto-setup'))).toEqual([]);
    const temporal = images.filter((image) => /^temporalio\/(server|admin-tools):/.test(image));
    expect(new Set(temporal.map((image) => image.split(':')[1])).size).toBe(1);
  });
});

describe('docker-compose.yml: the order of start', () => {
  test('every service that stays up has a health check, and a worker’s asks Temporal about its own role', () => {
    const oneShot = ['temporal-schema', 'temporal-namespace'];
    expect(named(({ healthcheck }) => healthcheck === undefined)).toEqual(oneShot);
    for (const role of ROLES)
      expect(service(`worker-${role}`).healthcheck?.test).toEqual(['CMD', 'node', 'deploy/worker-health.mjs', role]);
  });

  test('nothing starts before what it needs: healthy where it stays up, done where it ends', () => {
    const edges = services.flatMap(([name, { depends_on }]) =>
      Object.entries(depends_on).map(([on, { condition }]) => `${name} > ${on} ${condition}`),
    );
    expect(edges).toEqual([
      'temporal-schema > postgres service_healthy',
      'temporal > temporal-schema service_completed_successfully',
      'temporal-namespace > temporal service_healthy',
      'temporal-ui > temporal service_healthy',
      ...['workflow', 'model', 'files'].map(
        (role) => `worker-${role} > temporal-namespace service_completed_successfully`,
      ),
      'worker-mail > temporal-namespace service_completed_successfully',
      'worker-mail > mailpit service_healthy',
      'worker-web > temporal-namespace service_completed_successfully',
    ]);
  });

  test('the set-up job registers exactly the search attributes that the workflow upserts', () => {
    const added = [...text('deploy/temporal-namespace.sh').matchAll(/^retry add_attribute (\w+) (\w+)$/gm)];
    expect(Object.fromEntries(added.map(([, name, type]) => [name, type]))).toEqual(SEARCH_ATTRIBUTES);
  });
});

describe('deploy/compose.smtp.yml', () => {
  test('a real mail server is reached by the mail worker alone, which then no longer reaches the catcher', () => {
    expect(Object.keys(smtp.services)).toEqual(['worker-mail', 'mailpit']);
    expect(smtpText).toContain('networks: !override');
    expect(smtpText).toContain('depends_on: !override');
    const { networks, secrets, depends_on } = smtp.services['worker-mail'] ?? service('none');
    expect(networks).toEqual(['control', 'mail-egress']);
    expect(secrets).toEqual([{ source: 'smtp_password', target: 'COUNTERSIGN_SMTP_PASSWORD' }]);
    expect(Object.keys(depends_on)).toEqual(['temporal-namespace']);
  });
});
