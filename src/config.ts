import { BlockList, isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import { isDatabase, isPostgres } from './database-url.ts';
import { PASSWORD_LENGTH } from './domain/password.ts';

/** What the environment says, checked. Made once, at the start, by `readConfig`. */
export type Config = {
  nodeEnv: 'development' | 'test' | 'production';
  /** `nodeEnv` is `production`. */
  production: boolean;
  /** TCP port; 0 takes a free one. */
  port: number;
  host: string;
  /** As given: `postgres://…`, `postgresql://…` or `file:…`. */
  databaseUrl: string;
  /** A PostgreSQL URL for LISTEN that bypasses a connection pooler. */
  databaseDirectUrl: string | undefined;
  /** An empty database is filled with demo data. */
  demo: boolean;
  /** An origin, without a slash at its end: `https://queue.example`. */
  baseUrl: string;
  authSecret: string;
  trustedProxies: TrustedProxies;
  /** The first administrator, made at the start if the address has no account. */
  admin: { email: string; password: string } | undefined;
  metricsToken: string | undefined;
  smtpUrl: string | undefined;
  mailFrom: string;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** PostgreSQL connections of this process. */
  poolSize: number;
  /** How long requests under way may take after SIGTERM. */
  shutdownSeconds: number;
  /** How long the start waits for the database to answer. */
  databaseWaitSeconds: number;
};

/** The addresses whose `X-Forwarded-For` is believed. */
type TrustedProxies = {
  /** As given: addresses and CIDR ranges. */
  ranges: readonly string[];
  /** False for anything that is no IP address. An IPv4 address may come mapped into IPv6. */
  isTrusted: (address: string) => boolean;
};

/** The environment cannot be used; `message` has one line per bad value, and never a secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

type Environment = Record<string, string | undefined>;

const DEVELOPMENT_SECRET = 'a development secret, known to everybody: never use it in production';

/** Values that may hold a password are named in a message, but never repeated. */
const SECRET = new Set([
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'AUTH_SECRET',
  'ADMIN_PASSWORD',
  'METRICS_TOKEN',
  'SMTP_URL',
]);

const schema = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'], 'must be development, test or production')
    .default('development'),
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z
    .string()
    .regex(/^[^\s/]+$/, 'must be an address or a host name')
    .default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .refine(isDatabase, 'must be postgres://…, postgresql://… or file:… with the path of a file')
    .default('file:data/now-serving.db'),
  DATABASE_DIRECT_URL: z.string().refine(isPostgres, 'must be postgres://… or postgresql://…').optional(),
  DEMO: z.enum(['0', '1'], 'must be 0 or 1').optional(),
  BASE_URL: z.string().refine(isOrigin, 'must be an http:// or https:// address without a path').optional(),
  AUTH_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  TRUSTED_PROXIES: z.string().optional(),
  ADMIN_EMAIL: z.string().trim().toLowerCase().pipe(z.email('must be an e-mail address')).optional(),
  ADMIN_PASSWORD: z
    .string()
    .min(PASSWORD_LENGTH.min, `must have at least ${PASSWORD_LENGTH.min} characters`)
    .max(PASSWORD_LENGTH.max, `must have at most ${PASSWORD_LENGTH.max} characters`)
    .optional(),
  METRICS_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters')
    .regex(/^[\x21-\x7e]*$/, 'must have no spaces and only ASCII characters')
    .optional(),
  SMTP_URL: z.string().refine(isSmtpUrl, 'must be smtp://… or smtps://…').optional(),
  MAIL_FROM: z.string().refine(isMailbox, 'must be an e-mail address, or Name <address>').optional(),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    )
    .default('info'),
  POOL_SIZE: wholeNumber(1, 100).default(8),
  SHUTDOWN_SECONDS: wholeNumber(0, 600).default(10),
  DATABASE_WAIT_SECONDS: wholeNumber(0, 3600).default(30),
});

type Values = z.infer<typeof schema>;

/**
 * Reads the configuration from environment variables (`docs/configuration.md` lists them).
 * An empty value counts as unset, an unknown variable is ignored.
 *
 * @throws {ConfigError} that names every bad value at once
 */
export function readConfig(env: Environment): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  const proxies = parseTrustedProxies(given.TRUSTED_PROXIES ?? '');
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => problem(String(issue.path[0]), issue.message, given)),
    ...proxies.problems,
    ...missing(given),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return toConfig(parsed.data, proxies);
}

function toConfig(values: Values, trustedProxies: TrustedProxies): Config {
  const production = values.NODE_ENV === 'production';
  const baseUrl = values.BASE_URL ? new URL(values.BASE_URL).origin : `http://localhost:${values.PORT}`;
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = values;
  return {
    nodeEnv: values.NODE_ENV,
    production,
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    demo: values.DEMO === '1' || (values.DEMO !== '0' && !production),
    baseUrl,
    authSecret: values.AUTH_SECRET ?? DEVELOPMENT_SECRET,
    trustedProxies: { ranges: trustedProxies.ranges, isTrusted: trustedProxies.isTrusted },
    admin: email && password ? { email, password } : undefined,
    metricsToken: values.METRICS_TOKEN,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM ?? `Now Serving <no-reply@${new URL(baseUrl).hostname}>`,
    logLevel: values.LOG_LEVEL,
    poolSize: values.POOL_SIZE,
    shutdownSeconds: values.SHUTDOWN_SECONDS,
    databaseWaitSeconds: values.DATABASE_WAIT_SECONDS,
  };
}

/** The rules that need two variables; read from the raw values, so that they show beside the others. */
function missing(given: Environment): string[] {
  const problems: string[] = [];
  if (given.NODE_ENV === 'production') {
    for (const name of ['BASE_URL', 'AUTH_SECRET']) {
      if (!given[name]) problems.push(`${name}: is required when NODE_ENV is production`);
    }
    if (given.AUTH_SECRET === DEVELOPMENT_SECRET)
      problems.push('AUTH_SECRET: must not be the development secret');
  }
  if (given.ADMIN_EMAIL && !given.ADMIN_PASSWORD)
    problems.push('ADMIN_PASSWORD: is required with ADMIN_EMAIL');
  if (given.ADMIN_PASSWORD && !given.ADMIN_EMAIL)
    problems.push('ADMIN_EMAIL: is required with ADMIN_PASSWORD');
  if (given.DATABASE_DIRECT_URL && !isPostgres(given.DATABASE_URL ?? '')) {
    problems.push('DATABASE_DIRECT_URL: needs a DATABASE_URL of PostgreSQL');
  }
  return problems;
}

function problem(name: string, message: string, given: Environment): string {
  return SECRET.has(name) ? `${name}: ${message}` : `${name}: ${message}, got ${quote(given[name] ?? '')}`;
}

/** One line, however long or odd the value. */
function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

function wholeNumber(min: number, max: number) {
  const message = `must be a number from ${min} to ${max}`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function isOrigin(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && /^https?:\/\//i.test(text) && url.pathname === '/' && !/[?#@]/.test(text);
}

function isSmtpUrl(text: string): boolean {
  const url = parseUrl(text);
  return /^smtps?:\/\//.test(text) && url !== undefined && url.hostname !== '';
}

function isMailbox(text: string): boolean {
  const address = /^[^<>\r\n]*<([^<>\s]+)>$/.exec(text)?.[1] ?? text;
  return z.email().safeParse(address).success;
}

function parseTrustedProxies(text: string): TrustedProxies & { problems: string[] } {
  const ranges = text.split(/[\s,]+/).filter((range) => range !== '');
  const list = new BlockList();
  const bad = ranges.filter((range) => !addRange(list, range));
  return {
    ranges,
    // The list answers false for what is no address, and knows zones and mapped IPv4.
    isTrusted: (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'),
    problems: bad.map((range) => `TRUSTED_PROXIES: must be IP addresses or CIDR ranges, got ${quote(range)}`),
  };
}

/** @returns false, and changes nothing, when `range` is neither an address nor a CIDR range */
function addRange(list: BlockList, range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0 || rest.length > 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) {
    list.addAddress(address, family);
    return true;
  }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) return false;
  list.addSubnet(address, Number(bits), family);
  return true;
}
