import Database from 'better-sqlite3';
import pg from 'pg';

export type Dialect = 'postgres' | 'sqlite';
export type Value = string | number | boolean | Date | null;

/** A database past the program: for what the benches put into it. */
export interface Sql {
  dialect: Dialect;
  rows(statement: string): Promise<Record<string, unknown>[]>;
  insert(table: string, rows: readonly Record<string, Value>[]): Promise<void>;
  close(): Promise<void>;
}

const CHUNK = 500;

export async function openSql(url: string): Promise<Sql> {
  const { rows, dialect, close } = url.startsWith('file:') ? sqlite(url) : await postgres(url);
  return {
    dialect,
    rows,
    close,
    insert: async (table, all) => {
      const names = Object.keys(all[0] ?? {});
      for (let from = 0; from < all.length; from += CHUNK) {
        const tuples = all
          .slice(from, from + CHUNK)
          .map((row) => `(${names.map((name) => literal(dialect, row[name] ?? null)).join(', ')})`);
        await rows(`INSERT INTO ${table} (${names.join(', ')}) VALUES ${tuples.join(', ')}`);
      }
    },
  };
}

export function literal(dialect: Dialect, value: Value): string {
  if (value === null) return 'NULL';
  if (value instanceof Date)
    return dialect === 'sqlite' ? String(value.getTime()) : `'${value.toISOString()}'`;
  if (typeof value === 'boolean' && dialect === 'sqlite') return value ? '1' : '0';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

type Plain = Pick<Sql, 'rows' | 'dialect' | 'close'>;

function sqlite(url: string): Plain {
  const database = new Database(url.slice('file:'.length), { timeout: 10_000 });
  database.pragma('synchronous = OFF');
  return {
    dialect: 'sqlite',
    rows: async (statement) => {
      const prepared = database.prepare(statement);
      if (prepared.reader) return prepared.all() as Record<string, unknown>[];
      prepared.run();
      return [];
    },
    close: async () => {
      database.close();
    },
  };
}

async function postgres(url: string): Promise<Plain> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    dialect: 'postgres',
    rows: async (statement) => (await client.query(statement)).rows,
    close: () => client.end(),
  };
}
