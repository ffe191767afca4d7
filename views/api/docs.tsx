import type { Text } from '../text/en.ts';
import {
  type ApiAnswer,
  type ApiDocument,
  type ApiOperation,
  type ApiParameter,
  codesOf,
  resolve,
} from './document.ts';
import { Code, Fields, fieldsOf, nameOf, Prose, refsIn } from './parts.tsx';

interface Props {
  text: Text;
  document: ApiDocument;
}

/** The API description for people. */
export function ApiDocs({ text, document }: Props) {
  const t = text.api;
  const groups = groupsOf(document);
  return (
    <>
      <header>
        <h1>{t.title}</h1>
        <p class="lede">{t.lede}</p>
        <p class="row">
          <a class="button" href="/api/openapi.json">
            {t.download}
          </a>
          <code>{document.servers[0]?.url}</code>
        </p>
      </header>
      <nav aria-label={t.contents} class="row">
        {[t.conventionsTitle, ...groups.map(({ name }) => name), t.objectsTitle, t.errorsTitle].map(
          (name) => (
            <a class="button" href={`#${anchor(name)}`}>
              {name}
            </a>
          ),
        )}
      </nav>
      <Conventions text={text} document={document} />
      {groups.map((group) => (
        <section class="stack" aria-labelledby={anchor(group.name)}>
          <h2 id={anchor(group.name)}>{group.name}</h2>
          <p>{group.description}</p>
          <OperationTable text={text} operations={group.operations} />
          {group.operations.map((operation) => (
            <Operation text={text} document={document} operation={operation} />
          ))}
        </section>
      ))}
      <Objects text={text} document={document} />
      <Errors text={text} document={document} />
    </>
  );
}

function Conventions({ text }: Props) {
  const t = text.api;
  return (
    <section class="stack" aria-labelledby={anchor(t.conventionsTitle)}>
      <h2 id={anchor(t.conventionsTitle)}>{t.conventionsTitle}</h2>
      <div class="split">
        {t.conventions.map(({ title, text: sentences }) => (
          <div class="card">
            <h3>{title}</h3>
            <p>
              <Prose text={sentences} />
            </p>
          </div>
        ))}
      </div>
    </section>
  );
}

interface Placed extends ApiOperation {
  method: string;
  path: string;
}

/** The operations by noun, in the order of the document. */
function groupsOf({ tags, paths }: ApiDocument) {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Placed => ({ ...operation, method, path })),
  );
  return tags.map((tag) => ({
    ...tag,
    operations: all.filter((operation) => operation.tags.includes(tag.name)),
  }));
}

/** What a group can do, each with a link to it. */
function OperationTable({ text, operations }: { text: Text; operations: Placed[] }) {
  const t = text.api;
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">{t.method}</th>
          <th scope="col">{t.path}</th>
          <th scope="col">{t.what}</th>
        </tr>
      </thead>
      <tbody>
        {operations.map(({ operationId, summary, method, path }) => (
          <tr>
            <td>
              <code>
                <b>{method.toUpperCase()}</b>
              </code>
            </td>
            <td>
              <code>{path}</code>
            </td>
            <td>
              <a href={`#${operationId}`}>{summary}</a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Operation({ text, document, operation }: Props & { operation: Placed }) {
  const t = text.api;
  const { operationId, summary, description, method, path } = operation;
  const parameters = (operation.parameters ?? []).map((part) => resolve<ApiParameter>(document, part));
  const body = operation.requestBody?.content['application/json'];
  return (
    <article class="card" aria-labelledby={operationId}>
      <div>
        <h3 id={operationId}>{summary}</h3>
        <p>
          <code>
            <b>{method.toUpperCase()}</b> {path}
          </code>
        </p>
      </div>
      {description.split('\n\n').map((paragraph, index, all) => (
        <p class={index === all.length - 1 ? 'hint' : undefined}>
          <Prose text={paragraph} />
        </p>
      ))}
      {parameters.length > 0 && (
        <details>
          <summary>
            {t.parameters}: {parameters.map(({ name }) => name).join(', ')}
          </summary>
          <Fields
            text={text}
            fields={parameters.map(({ name, required, description: meaning, schema }) => ({
              name,
              required,
              schema: { ...schema, description: meaning },
            }))}
          />
        </details>
      )}
      {body && (
        <details
          open={
            (body.schema.required ?? []).length > 0 && Object.keys(body.schema.properties ?? {}).length < 6
          }
        >
          <summary>{operation.requestBody?.required ? t.body : t.bodyOptional}</summary>
          <Fields text={text} of={body.schema} />
        </details>
      )}
      <Example text={text} document={document} operation={operation} />
      <Refusals text={text} document={document} operation={operation} />
    </article>
  );
}

/** A call with curl, and what is answered. */
function Example({ text, document, operation }: Props & { operation: Placed }) {
  const t = text.api;
  const [status, good] = successOf(document, operation);
  const content = good.content?.['application/json'];
  const names = content ? refsIn(content.schema) : [];
  return (
    <details>
      <summary>
        {t.example}: {t.answer} {status}
      </summary>
      <div class="stack">
        <Code label={`${operation.summary}: ${t.request}`}>{curl(document, operation)}</Code>
        {content ? (
          <Code label={`${operation.summary}: ${t.answer}`}>{JSON.stringify(content.example, null, 2)}</Code>
        ) : (
          <p>
            {status}, {t.noContent}
          </p>
        )}
        {names.length > 0 && (
          <p class="facts">
            {names.map((name) => (
              <a href={`#${nameOf(name)}`}>{name}</a>
            ))}
          </p>
        )}
      </div>
    </details>
  );
}

function Refusals({ text, document, operation }: Props & { operation: Placed }) {
  const refusals = Object.entries(operation.responses)
    .filter(([status]) => Number(status) >= 400)
    .map(([status, part]) => ({ status, codes: codesOf(resolve<ApiAnswer>(document, part)) }));
  return (
    <details>
      <summary>
        {text.api.refusals} {refusals.map(({ status }) => status).join(', ')}
      </summary>
      <dl>
        {refusals.map(({ status, codes }) => (
          <>
            <dt>{status}</dt>
            <dd class="row">
              {codes.map((code) => (
                <a href={`#error-${code}`}>
                  <code>{code}</code>
                </a>
              ))}
            </dd>
          </>
        ))}
      </dl>
    </details>
  );
}

function Objects({ text, document }: Props) {
  const t = text.api;
  return (
    <section class="stack" aria-labelledby={anchor(t.objectsTitle)}>
      <h2 id={anchor(t.objectsTitle)}>{t.objectsTitle}</h2>
      <p>{t.objectsText}</p>
      {Object.entries(document.components.schemas)
        .filter(([name]) => name !== 'Error')
        .map(([name, schema]) => (
          <article class="card" aria-labelledby={nameOf(name)}>
            <h3 id={nameOf(name)}>{name}</h3>
            <p>{schema.description}</p>
            {schema.properties && (
              <details>
                <summary>{Object.keys(schema.properties).slice(0, 4).join(', ')} …</summary>
                <Fields text={text} fields={fieldsOf(schema, false)} />
              </details>
            )}
            <Code label={`${name}: ${t.example}`}>{JSON.stringify(schema.examples?.[0], null, 2)}</Code>
          </article>
        ))}
    </section>
  );
}

/** Every code of an error, once. */
function Errors({ text, document }: Props) {
  const t = text.api;
  const codes = Object.entries(document['x-error-codes']).sort(([, a], [, b]) => a.status - b.status);
  const example = document.components.responses.invalid?.content?.['application/json']?.examples?.invalid;
  return (
    <section class="stack" aria-labelledby={anchor(t.errorsTitle)}>
      <h2 id={anchor(t.errorsTitle)}>{t.errorsTitle}</h2>
      <p>
        <Prose text={t.errorsText} />
      </p>
      <Code label={`${t.errorsTitle}: ${t.example}`}>{JSON.stringify(example?.value, null, 2)}</Code>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t.status}</th>
            <th scope="col">{t.code}</th>
            <th scope="col">{t.meaning}</th>
          </tr>
        </thead>
        <tbody>
          {codes.map(([code, { status, meaning }]) => (
            <tr id={`error-${code}`}>
              <td>{status}</td>
              <td>
                <code>
                  <b>{code}</b>
                </code>
              </td>
              <td>
                <Prose text={meaning} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function successOf(document: ApiDocument, { responses }: ApiOperation): [status: string, answer: ApiAnswer] {
  const [status = '', part = { description: '' }] =
    Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
  return [status, resolve<ApiAnswer>(document, part)];
}

/** The call as one would type it. Logging in writes the file of cookies, everything else sends it. */
function curl(document: ApiDocument, operation: Placed): string {
  const parameters = (operation.parameters ?? []).map((part) => resolve<ApiParameter>(document, part));
  const path = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((text, { name, example }) => text.replace(`{${name}}`, String(example)), operation.path);
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, example }) => `${name}=${example}`)
    .join('&');
  const body = operation.requestBody?.content['application/json'];
  const setsCookie = successOf(document, operation)[1].headers?.['Set-Cookie'] !== undefined;
  const sendsCookie = operation.security.length > 0 || operation.operationId === 'logout';
  const lines = [
    [
      'curl',
      operation.method !== 'get' && `-X ${operation.method.toUpperCase()}`,
      sendsCookie && '-b cookies.txt',
      setsCookie && '-c cookies.txt',
    ],
    ...parameters.filter(isHeader).map(({ name, example }) => [`-H '${name}: ${example}'`]),
    [body && "-H 'Content-Type: application/json'"],
    [body && `-d '${JSON.stringify(body.example)}'`],
    [`'${document.servers[0]?.url}${path}${query && `?${query}`}'`],
  ].map((words) => words.filter(Boolean).join(' '));
  // Short enough for one line, or a line for each part.
  const whole = lines.filter(Boolean);
  return whole.join(whole.length > 2 ? ' \\\n  ' : ' ');
}

function isHeader(parameter: ApiParameter): boolean {
  return parameter.in === 'header';
}

function anchor(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}
