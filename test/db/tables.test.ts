import { toSnakeCase } from 'drizzle-orm/casing';
import { type PgTable, getTableConfig as postgresConfig } from 'drizzle-orm/pg-core';
import { type SQLiteTable, getTableConfig as sqliteConfig } from 'drizzle-orm/sqlite-core';
import { expect, test } from 'vitest';
import { postgresTables } from '../../src/db/postgres.ts';
import { sqliteTables } from '../../src/db/sqlite.ts';
import { newId } from '../../src/domain/id.ts';
import { onBothDatabases, type TestDatabase } from '../support/databases.ts';

interface Shape {
  columns: Record<string, { type: string; required: boolean }>;
  indexes: Record<string, { unique: boolean; columns: string[]; where: string }>;
  checks: string[];
  foreignKeys: string[];
}

/** What tables.ts says, per table. */
function declared(dialect: TestDatabase['dialect']): Record<string, Shape> {
  const tables = dialect === 'postgres' ? postgresTables : sqliteTables;
  return Object.fromEntries(
    Object.values(tables).map((table) => {
      const config =
        dialect === 'postgres'
          ? postgresConfig(table as PgTable)
          : (sqliteConfig(table as unknown as SQLiteTable) as never as ReturnType<typeof postgresConfig>);
      const nameOf = (column: { name: string }) => toSnakeCase(column.name);
      const shape: Shape = {
        columns: Object.fromEntries(
          config.columns.map((column) => [
            nameOf(column),
            {
              type: column.getSQLType().replace('timestamp (3)', 'timestamp(3)'),
              required: column.notNull || config.primaryKeys.some(({ columns }) => columns.includes(column)),
            },
          ]),
        ),
        indexes: Object.fromEntries(
          config.indexes.map(({ config: index }) => [
            index.name,
            {
              unique: Boolean(index.unique),
              columns: index.columns.map((column) => nameOf(column as { name: string })),
              where: textOf(index.where),
            },
          ]),
        ),
        checks: config.checks.map(({ name }) => name).sort(),
        foreignKeys: config.foreignKeys
          .map((key) => {
            const { columns, foreignTable } = key.reference();
            const target =
              dialect === 'postgres'
                ? postgresConfig(foreignTable).name
                : sqliteConfig(foreignTable as never).name;
            return `${columns.map(nameOf)} -> ${target} ${key.onDelete ?? 'no action'}`;
          })
          .sort(),
      };
      return [config.name, shape];
    }),
  );
}

function textOf(where: unknown): string {
  const chunks = (where as { queryChunks?: { value?: string[] }[] } | undefined)?.queryChunks ?? [];
  return normal(chunks.map(({ value }) => value?.join('') ?? '').join(''));
}

/** A condition without the casts and brackets that PostgreSQL adds. */
function normal(condition: string): string {
  return condition.replaceAll(/::text|[()]/g, '').trim();
}

/** What the migrations made. */
async function actual({ dialect, raw }: TestDatabase): Promise<Record<string, Shape>> {
  const result: Record<string, Shape> = {};
  for (const table of Object.keys(declared(dialect))) {
    result[table] = dialect === 'sqlite' ? await actualSqlite(raw, table) : await actualPostgres(raw, table);
  }
  return result;
}

async function actualSqlite(raw: TestDatabase['raw'], table: string): Promise<Shape> {
  const columns = await raw(
    `SELECT name, lower(type) AS type, "notnull" AS required, pk FROM pragma_table_info('${table}')`,
  );
  const indexes =
    await raw(`SELECT i.name, i."unique", (SELECT group_concat(name) FROM pragma_index_info(i.name)) AS columns, m.sql
    FROM pragma_index_list('${table}') i JOIN sqlite_master m ON m.name = i.name WHERE i.origin = 'c' AND i.name NOT LIKE '%_unique'`);
  const [{ sql } = {}] = await raw(
    `SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '${table}'`,
  );
  const keys = await raw(
    `SELECT "from", "table", lower(on_delete) AS on_delete FROM pragma_foreign_key_list('${table}')`,
  );
  return {
    columns: Object.fromEntries(
      columns.map(({ name, type, required, pk }) => [
        name,
        { type: String(type), required: Boolean(required) || Boolean(pk) },
      ]),
    ),
    indexes: Object.fromEntries(
      indexes.map(({ name, unique, columns: of, sql: text }) => [
        name,
        {
          unique: Boolean(unique),
          columns: String(of).split(','),
          where: normal(String(text).split(' WHERE ')[1] ?? ''),
        },
      ]),
    ),
    checks: [...String(sql).matchAll(/CONSTRAINT "(\w+)" CHECK/g)].map(([, name]) => String(name)).sort(),
    foreignKeys: keys.map((key) => `${key.from} -> ${key.table} ${key.on_delete}`).sort(),
  };
}

async function actualPostgres(raw: TestDatabase['raw'], table: string): Promise<Shape> {
  const columns =
    await raw(`SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required
    FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped`);
  const indexes =
    await raw(`SELECT c.relname AS name, indisunique AS unique, pg_get_expr(indpred, indrelid) AS condition,
      ARRAY(SELECT a.attname::text FROM unnest(indkey) WITH ORDINALITY k(num, place) JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = k.num ORDER BY place) AS columns
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = '${table}'::regclass
      AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))`);
  const constraints = await raw(
    `SELECT conname, contype, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = '${table}'::regclass`,
  );
  return {
    columns: Object.fromEntries(
      columns.map(({ name, type, required }) => [name, { type: String(type), required: Boolean(required) }]),
    ),
    indexes: Object.fromEntries(
      indexes.map(({ name, unique, condition, columns: of }) => [
        name,
        { unique: Boolean(unique), columns: of as string[], where: normal(String(condition ?? '')) },
      ]),
    ),
    checks: constraints
      .filter(({ contype }) => contype === 'c')
      .map(({ conname }) => String(conname))
      .sort(),
    foreignKeys: constraints
      .filter(({ contype }) => contype === 'f')
      .map(({ definition }) => {
        const [, from, target, rest] = /FOREIGN KEY \((.+)\) REFERENCES (\w+)\(\w+\)(.*)/.exec(
          String(definition),
        ) as RegExpExecArray;
        return `${from} -> ${target} ${/ON DELETE (.+)/.exec(rest as string)?.[1]?.toLowerCase() ?? 'no action'}`;
      })
      .sort(),
  };
}

onBothDatabases('the tables', (open) => {
  test('of the database are those of the code: columns, indexes, checks, foreign keys', async () => {
    const [code, database] = [declared(open().dialect), await actual(open())];
    expect(Object.keys(code).length).toBeGreaterThan(10);
    for (const table of Object.keys(code)) expect(database[table], table).toEqual(code[table]);
  });

  test('refuse what the checks rule out', async () => {
    const { store, raw } = open();
    const { buildScene, mondayAt, book } = await import('../support/builders.ts');
    const scene = await buildScene(store);
    const { id } = await book(scene, scene.cast.customer, mondayAt('10:00'));
    const broken = [
      `UPDATE users SET role = 'king' WHERE id = '${scene.cast.customer.id}'`,
      `UPDATE services SET capacity = 0 WHERE id = '${scene.service.id}'`,
      `UPDATE services SET check_in = 'maybe' WHERE id = '${scene.service.id}'`,
      `UPDATE services SET duration_minutes = 0 WHERE id = '${scene.service.id}'`,
      `UPDATE opening_rules SET weekday = 8 WHERE service_id = '${scene.service.id}'`,
      `UPDATE opening_rules SET opens = '18:00' WHERE service_id = '${scene.service.id}'`,
      `UPDATE reservations SET status = 'cancelled' WHERE id = '${id}'`,
      `UPDATE reservations SET ends_at = time_slot WHERE id = '${id}'`,
      `UPDATE reservations SET party = 0 WHERE id = '${id}'`,
      `UPDATE reservations SET service_id = '${newId()}' WHERE id = '${id}'`,
      `DELETE FROM services WHERE id = '${scene.service.id}'`,
      `DELETE FROM locations WHERE id = '${scene.location.id}'`,
    ];
    for (const statement of broken) await expect(raw(statement), statement).rejects.toThrow();
  });

  test('forget an erased account, but not its reservations', async () => {
    const { store, raw } = open();
    const { buildScene, mondayAt, book, reservationsOf, eventsOf } = await import('../support/builders.ts');
    const scene = await buildScene(store);
    await book(scene, scene.cast.customer, mondayAt('10:00'));
    await raw(`DELETE FROM users WHERE id = '${scene.cast.customer.id}'`);
    expect(await reservationsOf(store, scene.service)).toMatchObject([{ userId: null, status: 'confirmed' }]);
    expect(await eventsOf(store, scene.service)).toMatchObject([{ verb: 'book', actorId: null }]);
  });
});
