import { ConfigError, readConfig } from '../config.ts';
import { migrate, migrationStatus, rollback } from './migrate.ts';

const USAGE = 'migrate | rollback [steps] | status';

const [command, argument] = process.argv.slice(2);
try {
  const { databaseUrl, databaseDirectUrl } = readConfig(process.env);
  // As at the start: a pooler does not carry the lock.
  await run(databaseDirectUrl ?? databaseUrl);
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).message}\n`);
  process.exitCode = 1;
}

async function run(url: string): Promise<void> {
  switch (command) {
    case 'migrate':
      return print(await migrate(url), 'applied', 'Nothing to apply.');
    case 'rollback':
      return print(await rollback(url, steps(argument)), 'taken back', 'Nothing to take back.');
    case 'status':
      for (const { name, applied } of await migrationStatus(url))
        process.stdout.write(`${applied ? 'applied' : 'missing'}  ${name}\n`);
      return;
    default:
      throw new Error(`Usage: ${USAGE}`);
  }
}

function print(names: string[], what: string, nothing: string): void {
  process.stdout.write(
    names.length === 0 ? `${nothing}\n` : names.map((name) => `${what}  ${name}\n`).join(''),
  );
}

function steps(text: string | undefined): number {
  const count = Number(text ?? 1);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`Usage: ${USAGE}; steps is a whole number from 1`);
  return count;
}
