import type { Text } from '../text/en.ts';
import type { ApiSchema } from './document.ts';

export interface Field {
  name: string;
  required: boolean;
  schema: ApiSchema;
}

/** Fields with their type, their bounds and their meaning; those of a list's items too. */
export function Fields({
  text,
  of,
  fields = fieldsOf(of ?? {}),
}: {
  text: Text;
  of?: ApiSchema;
  fields?: Field[];
}) {
  const t = text.api;
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">{t.name}</th>
          <th scope="col">{t.type}</th>
          <th scope="col">{t.meaning}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ name, required, schema }) => (
          <tr>
            <td>
              <code>
                <b>{name}</b>
              </code>
            </td>
            <td class="hint">
              <Type text={text} schema={schema} />
              {required && `, ${t.required}`}
            </td>
            <td>
              <Prose text={schema.description ?? ''} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Text in which backticks mark code. */
export function Prose({ text }: { text: string }) {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>;
}

/** It scrolls on a narrow screen, so it can be reached with the keyboard. */
export function Code({ label, children }: { label: string; children: string }) {
  return (
    <figure aria-label={label}>
      <pre tabindex={0}>
        <code>{children}</code>
      </pre>
    </figure>
  );
}

/** Every field; those of a list's items under the name of the list. Of what is answered, nothing is marked as required. */
export function fieldsOf({ properties = {}, required = [] }: ApiSchema, sent = true): Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    { name, required: sent && required.includes(name), schema },
    ...fieldsOf(schema.items ?? {}, sent).map((item) => ({ ...item, name: `${name}[].${item.name}` })),
  ]);
}

/** A type in a few words: `integer, 1 to 7`, `string (date-time) or null`. */
function Type({ text, schema }: { text: Text; schema: ApiSchema }) {
  const t = text.api;
  const parts = [typeOf(text, schema), boundsOf(text, schema)].filter(Boolean).join(', ');
  const name = schema.$ref && refName(schema.$ref);
  return (
    <>
      {name ? <a href={`#${nameOf(name)}`}>{name}</a> : parts}
      {schema.enum && (
        <>
          {' '}
          {t.oneOf}{' '}
          {schema.enum.map((value, index) => (
            <>
              {index > 0 && ', '}
              <code>{String(value)}</code>
            </>
          ))}
        </>
      )}
      {schema.default !== undefined && (
        <>
          , {t.defaultsTo} <code>{JSON.stringify(schema.default).replaceAll(',', ', ')}</code>
        </>
      )}
    </>
  );
}

function typeOf(text: Text, schema: ApiSchema): string {
  const t = text.api;
  if (schema.anyOf) {
    const kinds = schema.anyOf.map((kind) =>
      [typeOf(text, kind), boundsOf(text, kind)].filter(Boolean).join(', '),
    );
    return kinds.join(` ${t.or} `);
  }
  if (schema.$ref) return refName(schema.$ref);
  if (schema.items) return t.listOf(schema.items.properties ? 'object' : typeOf(text, schema.items));
  const type = Array.isArray(schema.type) ? schema.type.join(` ${t.or} `) : (schema.type ?? '');
  return schema.format ? `${type} (${schema.format})` : type;
}

function boundsOf(text: Text, schema: ApiSchema): string {
  const t = text.api;
  const { minimum, maximum, minLength, maxLength, maxItems } = schema;
  if (maxLength !== undefined) return t.characters(minLength, maxLength);
  if (maxItems !== undefined) return t.items(maxItems);
  // A number without a bound of ours still has that of its type.
  const most = maximum === undefined || maximum >= 2_000_000_000 ? undefined : maximum;
  if (minimum !== undefined && most !== undefined) return t.between(minimum, most);
  if (minimum !== undefined && minimum >= 0) return t.atLeast(minimum);
  return '';
}

/** The names of the objects that a schema is made of. */
export function refsIn(schema: ApiSchema): string[] {
  const found = JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g);
  return [...new Set([...found].map(([, ref = '']) => refName(ref)))];
}

/** The anchor of an object. */
export function nameOf(name: string): string {
  return `object-${name.toLowerCase()}`;
}

function refName(ref: string): string {
  return ref.split('/').at(-1) ?? '';
}
