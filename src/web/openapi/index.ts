import type {
  ApiAnswer,
  ApiContent,
  ApiDocument,
  ApiOperation,
  ApiParameter,
  ApiSchema,
  Ref,
} from '../../../views/api/document.ts';
import { en } from '../../../views/text/en.ts';
import { Refusal } from '../../domain/errors.ts';
import { TRANSITIONS, VERBS } from '../../domain/ticket.ts';
import { statusOf } from '../errors.ts';
import { ERROR_CODES, errorSchema } from '../json.ts';
import { accountOperations } from './accounts.ts';
import { deskOperations } from './desks.ts';
import { entryOperations } from './entries.ts';
import type { Code, Group, Operation, OperationRow } from './operation.ts';
import { queueOperations } from './queues.ts';
import { reservationOperations } from './reservations.ts';
import { addDescriptions, addFieldDescriptions, exampleOf, merged, toApiSchema } from './schema.ts';
import { serviceOperations } from './services.ts';

const rows: readonly OperationRow[] = [
  ...accountOperations,
  ...serviceOperations,
  ...reservationOperations,
  ...queueOperations,
  ...deskOperations,
  ...entryOperations,
];

/** Everything that the API does: one row for each route. */
export const OPERATIONS: readonly Operation[] = rows.map((operation) => ({
  ...operation,
  ...textsOf(operation.id),
}));

/** The OpenAPI document of the program at this address. */
export function describeApi(baseUrl: string): ApiDocument {
  const schemas: Record<string, ApiSchema> = {};
  const responses: Record<string, ApiAnswer> = {};
  const paths: ApiDocument['paths'] = {};
  toApiSchema(errorSchema, 'output', schemas);
  for (const operation of OPERATIONS) {
    paths[operation.path] ??= {};
    paths[operation.path]![operation.method] = describe(operation, schemas, responses);
  }
  addDescriptions(schemas);
  const { groups, info, title, conventions } = en.api;
  return {
    openapi: '3.1.1',
    info: {
      title,
      version: '1.0.0',
      description: [info, ...conventions.map((section) => `## ${section.title}\n\n${section.text}`)].join(
        '\n\n',
      ),
    },
    servers: [{ url: baseUrl }],
    tags: Object.values(groups).map((group) => ({ name: group.title, description: group.text })),
    paths,
    components: {
      schemas,
      parameters: { IdempotencyKey: idempotencyKey },
      responses,
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: `${baseUrl.startsWith('https:') ? '__Secure-' : ''}now-serving.session_token`,
          description: en.api.cookie,
        },
      },
    },
    'x-error-codes': Object.fromEntries(
      ERROR_CODES.map((code) => [code, { status: statusOfCode(code), meaning: en.api.codes[code] }]),
    ),
  };
}

/** Every code that an operation may be refused with, by the order in which the checks run. */
export function codesOf({ method, path, who, form, refuses = [] }: Operation): Code[] {
  const reads = form !== undefined || takesKey({ method, path });
  const codes: (Code | false)[] = [
    who !== 'anyone' && 'unauthenticated',
    (who === 'staff' || who === 'admin') && 'forbidden',
    method !== 'get' && 'foreign_origin',
    path.includes('{id}') && 'not_found',
    reads && 'too_large',
    reads && 'unreadable',
    reads && 'invalid',
    takesKey({ method, path }) && 'key_reused',
    ...refuses,
    'busy',
    'internal',
  ];
  return codes.filter((code) => code !== false);
}

/** The HTTP status of an error's code. */
export function statusOfCode(code: Code): number {
  return code === 'internal' ? 500 : statusOf(new Refusal(code));
}

/** Whether it can be sent again under an `Idempotency-Key`. */
function takesKey({ method, path }: Pick<Operation, 'method' | 'path'>): boolean {
  return method === 'post' && !path.startsWith('/api/auth/');
}

function textsOf(id: string): { summary: string; text: string } {
  const { operations: texts, verbs, transition } = en.api;
  if (id in texts) return texts[id as keyof typeof texts];
  const verb = VERBS.find((known) => id === `${known}Entry`);
  if (!verb) throw new Error(`No text for ${id}`);
  const { from, to } = TRANSITIONS[verb];
  return { summary: verbs[verb].summary, text: `${verbs[verb].text} ${transition([...from], to)}` };
}

function describe(
  operation: Operation,
  schemas: Record<string, ApiSchema>,
  responses: Record<string, ApiAnswer>,
): ApiOperation {
  const { id, group, who, summary, text, form, formName, sends, status } = operation;
  const parameters = parametersOf(operation);
  const schema = form && toApiSchema(form, 'input', schemas);
  if (schema) addFieldDescriptions(schema, formName ?? id);
  return {
    operationId: id,
    tags: [en.api.groups[group].title],
    summary,
    description: `${text}\n\n${en.api.who[who]}.`,
    security: who === 'anyone' ? [] : [{ session: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(schema && {
      requestBody: {
        required: (schema.required ?? []).length > 0,
        content: { 'application/json': { schema, ...(sends && { example: sends }) } },
      },
    }),
    responses: { [status]: answerOf(operation, schemas), ...refusalsOf(operation, responses) },
  };
}

const idempotencyKey: ApiParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description: en.api.headers.idempotencyKey,
  required: false,
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
  example: '5c1e7a43-book-1',
};

function parametersOf({ id, group, method, path, date, pages }: Operation): (ApiParameter | Ref)[] {
  const { params } = en.api;
  const parameters: (ApiParameter | Ref)[] = [];
  if (path.includes('{id}')) {
    parameters.push({
      name: 'id',
      in: 'path',
      description: params.id[group] ?? '',
      required: true,
      schema: { type: 'string', format: 'uuid' },
      example: IDS[group],
    });
  }
  if (date) {
    parameters.push({
      name: 'date',
      in: 'query',
      description: params.date[id] ?? '',
      required: date === 'required',
      schema: { type: 'string', format: 'date' },
      example: '2026-12-01',
    });
  }
  if (pages) {
    parameters.push({
      name: 'before',
      in: 'query',
      description: params.before,
      required: false,
      schema: { type: 'string', format: 'uuid' },
      example: IDS[group],
    });
  }
  if (takesKey({ method, path })) parameters.push({ $ref: '#/components/parameters/IdempotencyKey' });
  return parameters;
}

/** The ids of the examples. */
const IDS: Partial<Record<Group, string>> = {
  services: '019aa6d0-6b2f-7c11-8d3a-1f2e3d4c5b6a',
  queues: '019aa6d0-6b2f-7c11-8d3a-1f2e3d4c5b6a',
  reservations: '019aa6d1-0f3c-7d55-a1b2-c3d4e5f60718',
  entries: '019aa6d2-1a4d-7e66-b2c3-d4e5f6071829',
  desks: '019aa6d0-6c77-7e33-8a5c-3b4c5d6e7f80',
};

const requestId = {
  'X-Request-Id': { description: en.api.headers.requestId, schema: { type: 'string', format: 'uuid' } },
};

function answerOf(operation: Operation, schemas: Record<string, ApiSchema>): ApiAnswer {
  const { id, group, path, summary, answer, answers, linksTicket, pages } = operation;
  const setsCookie = group === 'accounts' && path.startsWith('/api/auth/');
  const schema = answer && toApiSchema(answer, 'output', schemas);
  if (schema) addFieldDescriptions(schema, id);
  return {
    description: summary,
    headers: {
      ...requestId,
      ...(setsCookie && {
        'Set-Cookie': { description: en.api.headers.setCookie, schema: { type: 'string' } },
      }),
      ...(linksTicket && {
        Location: {
          description: en.api.headers.ticketLink,
          schema: { type: 'string', format: 'uri-reference' },
        },
      }),
      ...(pages && { Link: { description: en.api.headers.next, schema: { type: 'string' } } }),
    },
    ...(schema && {
      content: { 'application/json': { schema, example: merged(exampleOf(schema, schemas), answers) } },
    }),
  };
}

/** The refusals of an operation by status. Operations that refuse alike share the description of it. */
function refusalsOf(operation: Operation, responses: Record<string, ApiAnswer>): Record<string, Ref> {
  const byStatus = Map.groupBy(codesOf(operation), statusOfCode);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const name = codes.join('_or_');
      responses[name] ??= refusal(status, codes);
      return [String(status), { $ref: `#/components/responses/${name}` }];
    }),
  );
}

function refusal(status: number, codes: Code[]): ApiAnswer {
  const examples: NonNullable<ApiContent['examples']> = {};
  for (const code of codes) {
    const error: Record<string, unknown> = { code, message: en.refusals[code] };
    if (code === 'invalid') error.fields = { time_slot: en.problem({ code: 'required' }) };
    examples[code] = { summary: en.api.codes[code], value: { error } };
  }
  return {
    description: codes.map((code) => `\`${code}\`: ${en.api.codes[code]}`).join(' '),
    headers: {
      ...requestId,
      ...((status === 429 || status === 503) && {
        'Retry-After': { description: en.api.headers.retryAfter, schema: { type: 'integer', minimum: 1 } },
      }),
    },
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' }, examples } },
  };
}
