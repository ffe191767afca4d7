import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';
import { isPostgres, sqliteFile } from '../src/database-url.ts';
import { projectRoot } from '../src/root.ts';

const SECRET = 'x'.repeat(32);
const PRODUCTION = { NODE_ENV: 'production', BASE_URL: 'https://queue.example', AUTH_SECRET: SECRET };

function problemsOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
}

test('an empty environment gives the defaults', () => {
  const { trustedProxies, ...config } = readConfig({});
  expect(config).toEqual({
    nodeEnv: 'development',
    production: false,
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: 'file:data/now-serving.db',
    databaseDirectUrl: undefined,
    demo: true,
    baseUrl: 'http://localhost:3000',
    authSecret: expect.stringMatching(/.{32}/),
    admin: undefined,
    metricsToken: undefined,
    smtpUrl: undefined,
    mailFrom: 'Now Serving <no-reply@localhost>',
    logLevel: 'info',
    poolSize: 8,
    shutdownSeconds: 10,
    databaseWaitSeconds: 30,
  });
  expect(trustedProxies.ranges).toEqual([]);
});

test('an empty value counts as unset, and an unknown variable is ignored', () => {
  const empty = Object.fromEntries(
    [
      'PORT',
      'HOST',
      'DATABASE_URL',
      'DEMO',
      'NODE_ENV',
      'BASE_URL',
      'AUTH_SECRET',
      'TRUSTED_PROXIES',
      'ADMIN_EMAIL',
    ].map((name) => [name, '']),
  );
  const config = readConfig({
    ...empty,
    ADMIN_PASSWORD: '',
    LOG_LEVEL: '',
    POOL_SIZE: '',
    NO_SUCH_THING: 'x',
  });
  expect(config).toMatchObject({ port: 3000, host: '127.0.0.1', demo: true, admin: undefined, poolSize: 8 });
});

describe('whole numbers', () => {
  const cases: [string, keyof ReturnType<typeof readConfig>, number, number][] = [
    ['PORT', 'port', 0, 65_535],
    ['POOL_SIZE', 'poolSize', 1, 100],
    ['SHUTDOWN_SECONDS', 'shutdownSeconds', 0, 600],
    ['DATABASE_WAIT_SECONDS', 'databaseWaitSeconds', 0, 3600],
  ];
  test.each(cases)('%s has its bounds', (name, key, min, max) => {
    expect(readConfig({ [name]: String(min) })[key]).toBe(min);
    expect(readConfig({ [name]: String(max) })[key]).toBe(max);
    for (const bad of [
      String(min - 1),
      String(max + 1),
      'abc',
      '1.5',
      '1e3',
      '0x10',
      '1 0',
      ' ',
      '99999999999',
    ]) {
      expect(problemsOf({ [name]: bad }), bad).toBe(
        `${name}: must be a number from ${min} to ${max}, got ${JSON.stringify(bad)}`,
      );
    }
  });
});

describe('DATABASE_URL', () => {
  test.each([
    ['file:data/x.db', join(projectRoot, 'data/x.db')],
    ['file:/var/lib/x.db', '/var/lib/x.db'],
    ['file:///var/lib/a%20b.db', '/var/lib/a b.db'],
    ['file:x', join(projectRoot, 'x')],
  ])('%s is a SQLite file', (url, file) => {
    expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
    expect([isPostgres(url), sqliteFile(url)]).toEqual([false, file]);
  });

  test.each(['postgres://u:p@db:5432/x', 'postgresql://db/x?sslmode=require', 'postgres:///x?host=/run/pg'])(
    '%s is PostgreSQL',
    (url) => {
      expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
      expect(isPostgres(url)).toBe(true);
    },
  );

  test.each([
    'file::memory:',
    'file::memory:?cache=shared',
    ':memory:',
    'file:',
    'file:data/',
    'file:x.db?mode=memory',
    'file://host/x.db',
    'mysql://u:hunter2@db/x',
    'data/x.db',
    'postgres://',
    'postgres:hunter2',
  ])('%s is refused, and not repeated', (url) => {
    expect(problemsOf({ DATABASE_URL: url })).toBe(
      'DATABASE_URL: must be postgres://…, postgresql://… or file:… with the path of a file',
    );
  });

  test('DATABASE_DIRECT_URL goes with PostgreSQL only', () => {
    const direct = 'postgres://u:hunter2@db/x';
    expect(
      readConfig({ DATABASE_URL: 'postgres://pooler/x', DATABASE_DIRECT_URL: direct }).databaseDirectUrl,
    ).toBe(direct);
    expect(problemsOf({ DATABASE_DIRECT_URL: direct })).toBe(
      'DATABASE_DIRECT_URL: needs a DATABASE_URL of PostgreSQL',
    );
    expect(problemsOf({ DATABASE_URL: 'postgres://db/x', DATABASE_DIRECT_URL: 'file:x' })).toBe(
      'DATABASE_DIRECT_URL: must be postgres://… or postgresql://…',
    );
  });
});

describe('DEMO', () => {
  test.each([
    [{}, true],
    [{ DEMO: '0' }, false],
    [{ DEMO: '1' }, true],
    [PRODUCTION, false],
    [{ ...PRODUCTION, DEMO: '1' }, true],
    [{ ...PRODUCTION, DEMO: '0' }, false],
    [{ NODE_ENV: 'test' }, true],
  ])('%o gives %s', (env, demo) => {
    expect(readConfig(env as Record<string, string>).demo).toBe(demo);
  });

  test('takes nothing but 0 and 1', () => {
    expect(problemsOf({ DEMO: 'yes' })).toBe('DEMO: must be 0 or 1, got "yes"');
  });
});

describe('production', () => {
  test('needs BASE_URL and AUTH_SECRET', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toBe(
      'BASE_URL: is required when NODE_ENV is production\nAUTH_SECRET: is required when NODE_ENV is production',
    );
    expect(readConfig(PRODUCTION)).toMatchObject({
      production: true,
      baseUrl: 'https://queue.example',
      authSecret: SECRET,
    });
  });

  test('refuses the development secret', () => {
    expect(problemsOf({ ...PRODUCTION, AUTH_SECRET: readConfig({}).authSecret })).toBe(
      'AUTH_SECRET: must not be the development secret',
    );
  });

  test('is spelled out: a near miss is refused, not taken for development', () => {
    expect(problemsOf({ NODE_ENV: 'prod' })).toBe(
      'NODE_ENV: must be development, test or production, got "prod"',
    );
  });
});

describe('BASE_URL', () => {
  test.each([
    ['https://queue.example', 'https://queue.example'],
    ['https://queue.example/', 'https://queue.example'],
    ['http://Queue.Example:8080', 'http://queue.example:8080'],
    ['https://queue.example:443', 'https://queue.example'],
  ])('%s becomes %s', (given, origin) => {
    expect(readConfig({ BASE_URL: given }).baseUrl).toBe(origin);
  });

  test.each([
    'queue.example',
    'ftp://queue.example',
    'https://queue.example/app',
    'https://q.example/?a',
    'https://q.example#x',
    'https://u:p@q.example',
    'http:q.example',
    'https://',
  ])('%s is refused', (given) => {
    expect(problemsOf({ BASE_URL: given })).toBe(
      `BASE_URL: must be an http:// or https:// address without a path, got ${JSON.stringify(given)}`,
    );
  });

  test('follows PORT, and gives the sender of mail its host', () => {
    expect(readConfig({ PORT: '8080' }).baseUrl).toBe('http://localhost:8080');
    expect(readConfig(PRODUCTION).mailFrom).toBe('Now Serving <no-reply@queue.example>');
  });
});

describe('secrets', () => {
  test.each([
    ['AUTH_SECRET', 'hunter2'.padEnd(31, '.'), 'must have at least 32 characters'],
    ['METRICS_TOKEN', 'hunter2'.padEnd(15, '.'), 'must have at least 16 characters'],
    ['METRICS_TOKEN', 'hunter2 with a space in it', 'must have no spaces and only ASCII characters'],
    ['SMTP_URL', 'http://u:hunter2@mail.example', 'must be smtp://… or smtps://…'],
    ['SMTP_URL', 'smtp://', 'must be smtp://… or smtps://…'],
  ])('a bad %s is named, but not shown', (name, value, message) => {
    expect(problemsOf({ [name]: value })).toBe(`${name}: ${message}`);
  });

  test('are taken at their shortest', () => {
    expect(readConfig({ AUTH_SECRET: SECRET }).authSecret).toBe(SECRET);
    expect(readConfig({ METRICS_TOKEN: 'x'.repeat(16) }).metricsToken).toBe('x'.repeat(16));
  });

  test.each(['smtp://mail.example', 'smtps://u:p@mail.example:465'])('%s is a mail server', (url) => {
    expect(readConfig({ SMTP_URL: url }).smtpUrl).toBe(url);
  });
});

describe('ADMIN_EMAIL and ADMIN_PASSWORD', () => {
  test('come together', () => {
    expect(readConfig({ ADMIN_EMAIL: ' Boss@Queue.example ', ADMIN_PASSWORD: '0123456789' }).admin).toEqual({
      email: 'boss@queue.example',
      password: '0123456789',
    });
    expect(problemsOf({ ADMIN_EMAIL: 'boss@queue.example' })).toBe(
      'ADMIN_PASSWORD: is required with ADMIN_EMAIL',
    );
    expect(problemsOf({ ADMIN_PASSWORD: '0123456789' })).toBe('ADMIN_EMAIL: is required with ADMIN_PASSWORD');
  });

  test('are checked; the password is not shown', () => {
    expect(problemsOf({ ADMIN_EMAIL: 'boss', ADMIN_PASSWORD: 'hunter2..' })).toBe(
      'ADMIN_EMAIL: must be an e-mail address, got "boss"\nADMIN_PASSWORD: must have at least 10 characters',
    );
    const admin = { ADMIN_EMAIL: 'boss@queue.example', ADMIN_PASSWORD: 'x'.repeat(128) };
    expect(readConfig(admin).admin?.password).toHaveLength(128);
    expect(problemsOf({ ...admin, ADMIN_PASSWORD: 'x'.repeat(129) })).toBe(
      'ADMIN_PASSWORD: must have at most 128 characters',
    );
  });
});

describe('MAIL_FROM', () => {
  test.each(['queue@town.example', 'The Town Hall <queue@town.example>'])('%s is a sender', (from) => {
    expect(readConfig({ MAIL_FROM: from }).mailFrom).toBe(from);
  });
  test.each(['town hall', 'Town <town>', 'a@b.example\r\nBcc: c@d.example', 'Town\n <a@b.example>'])(
    '%j is refused',
    (from) => {
      expect(problemsOf({ MAIL_FROM: from })).toBe(
        `MAIL_FROM: must be an e-mail address, or Name <address>, got ${JSON.stringify(from)}`,
      );
    },
  );
});

test('HOST and LOG_LEVEL', () => {
  expect(readConfig({ HOST: '::', LOG_LEVEL: 'silent' })).toMatchObject({ host: '::', logLevel: 'silent' });
  expect(problemsOf({ HOST: 'http://x' })).toBe('HOST: must be an address or a host name, got "http://x"');
  expect(problemsOf({ LOG_LEVEL: 'loud' })).toBe(
    'LOG_LEVEL: must be trace, debug, info, warn, error, fatal or silent, got "loud"',
  );
});

describe('TRUSTED_PROXIES', () => {
  const { trustedProxies } = readConfig({ TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7 2001:db8::/32,::1' });

  test.each([
    '10.0.0.0',
    '10.255.255.255',
    '192.0.2.7',
    '2001:db8::1',
    '::1',
    '::ffff:10.1.2.3',
    '2001:db8::1%eth0',
  ])('trusts %s', (address) => {
    expect(trustedProxies.isTrusted(address)).toBe(true);
  });
  test.each([
    '11.0.0.0',
    '9.255.255.255',
    '192.0.2.8',
    '2001:db9::1',
    '::2',
    '::ffff:11.1.2.3',
    '',
    'unknown',
    '10.0.0.1, 1.2.3.4',
    '10.0.0.1:80',
  ])('does not trust %j', (address) => {
    expect(trustedProxies.isTrusted(address)).toBe(false);
  });

  test('trusts nobody by default', () => {
    expect(readConfig({}).trustedProxies.isTrusted('127.0.0.1')).toBe(false);
  });

  test.each([
    '10.0.0.0/33',
    '::/129',
    'proxy.example',
    '10.0.0',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    'fe80::1%eth0',
  ])('%s is refused', (range) => {
    expect(problemsOf({ TRUSTED_PROXIES: `127.0.0.1 ${range}` })).toBe(
      `TRUSTED_PROXIES: must be IP addresses or CIDR ranges, got ${JSON.stringify(range)}`,
    );
  });
});

test('every bad value is named at once, each on one short line', () => {
  const problems = problemsOf({
    PORT: 'a\nb',
    HOST: `${'x'.repeat(200)} `,
    DEMO: '2',
    NODE_ENV: 'production',
  }).split('\n');
  expect(problems).toEqual([
    'PORT: must be a number from 0 to 65535, got "a\\nb"',
    `HOST: must be an address or a host name, got "${'x'.repeat(60)}…"`,
    'DEMO: must be 0 or 1, got "2"',
    'BASE_URL: is required when NODE_ENV is production',
    'AUTH_SECRET: is required when NODE_ENV is production',
  ]);
});
