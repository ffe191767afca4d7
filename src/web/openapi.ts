import { z } from 'zod';
import type {
  ApiAnswer,
  ApiContent,
  ApiDocument,
  ApiOperation,
  ApiParameter,
  ApiSchema,
  Ref,
} from '../../views/api/document.ts';
import { en } from '../../views/text/en.ts';
import { Refusal, type RefusalCode } from '../domain/errors.ts';
import { TRANSITIONS, VERBS } from '../domain/ticket.ts';
import { loginForm, registerForm } from '../forms/accounts.ts';
import { deskAdvanceForm, takeForm } from '../forms/desks.ts';
import * as fields from '../forms/fields.ts';
import {
  advanceForm,
  callForm,
  delayForm,
  intakeForm,
  noteForm,
  placeForm,
  startForm,
  transferForm,
  verbForm,
  walkInForm,
} from '../forms/queue.ts';
import { bookForm, rescheduleForm } from '../forms/reservations.ts';
import { createServiceForm, updateServiceForm } from '../forms/services.ts';
import { statusOf } from './errors.ts';
import { snakeCase, snakeKeys } from './input.ts';
import {
  advancedSchema,
  countsSchema,
  deskSchema,
  ERROR_CODES,
  entrySchema,
  errorSchema,
  noticesSchema,
  personSchema,
  reservationSchema,
  serviceSchema,
  slotSchema,
} from './json.ts';

type Code = RefusalCode | 'internal';
type Group = keyof typeof en.api.groups;

/** One thing that the API does. Its texts stand under its id, its bodies are the schemas that the routes use. */
export interface Operation {
  id: string;
  group: Group;
  method: 'get' | 'post' | 'patch' | 'delete';
  /** As OpenAPI writes it, with `{id}`. */
  path: string;
  who: keyof typeof en.api.who;
  summary: string;
  text: string;
  date?: 'required' | 'optional';
  form?: z.ZodObject;
  /** Names the fields' descriptions where that is not the operation's id. */
  formName?: string;
  /** What is sent, for example. */
  sends?: Record<string, unknown>;
  status: number;
  /** The whole body of the answer; none for 204. */
  answer?: z.ZodType;
  /** What of the schema's example is not so in this answer. */
  answers?: Record<string, unknown>;
  /** Refusals of its own, besides those that follow from the rest; see `codesOf`. */
  refuses?: Code[];
  /** Whether the answer's `Location` leads to the ticket's own page. */
  linksTicket?: true;
}

const under = <S extends z.ZodType>(data: S) => z.strictObject({ data });

const operations: Omit<Operation, 'summary' | 'text'>[] = [
  {
    id: 'register',
    group: 'accounts',
    method: 'post',
    path: '/api/auth/register',
    who: 'anyone',
    form: registerForm,
    sends: { name: 'Carla Customer', email: 'carla@example.org', password: 'seven green umbrellas' },
    status: 201,
    answer: under(personSchema),
    refuses: ['too_many'],
  },
  {
    id: 'login',
    group: 'accounts',
    method: 'post',
    path: '/api/auth/login',
    who: 'anyone',
    form: loginForm,
    sends: { email: 'carla@example.org', password: 'seven green umbrellas' },
    status: 200,
    answer: under(personSchema),
    refuses: ['wrong_credentials', 'too_many'],
  },
  {
    id: 'logout',
    group: 'accounts',
    method: 'post',
    path: '/api/auth/logout',
    who: 'anyone',
    status: 200,
    answer: under(z.null()),
  },
  {
    id: 'getMe',
    group: 'accounts',
    method: 'get',
    path: '/api/me',
    who: 'user',
    status: 200,
    answer: under(personSchema),
  },
  {
    id: 'listServices',
    group: 'services',
    method: 'get',
    path: '/api/services',
    who: 'anyone',
    status: 200,
    answer: under(z.array(serviceSchema)),
  },
  {
    id: 'createService',
    group: 'services',
    method: 'post',
    path: '/api/services',
    who: 'admin',
    form: createServiceForm,
    sends: {
      name: 'Passports',
      duration_minutes: 30,
      capacity: 2,
      opening_rules: [{ weekday: 1, opens: '09:00', closes: '12:30' }],
    },
    status: 201,
    answer: under(serviceSchema),
  },
  {
    id: 'getService',
    group: 'services',
    method: 'get',
    path: '/api/services/{id}',
    who: 'anyone',
    status: 200,
    answer: under(serviceSchema),
  },
  {
    id: 'updateService',
    group: 'services',
    method: 'patch',
    path: '/api/services/{id}',
    who: 'admin',
    form: updateServiceForm,
    sends: { capacity: 3, version: 1 },
    status: 200,
    answer: under(serviceSchema),
    answers: { data: { capacity: 3, version: 2 } },
    refuses: ['stale'],
  },
  {
    id: 'retireService',
    group: 'services',
    method: 'delete',
    path: '/api/services/{id}',
    who: 'admin',
    status: 204,
  },
  {
    id: 'listSlots',
    group: 'services',
    method: 'get',
    path: '/api/services/{id}/slots',
    who: 'anyone',
    date: 'required',
    status: 200,
    answer: under(z.array(slotSchema)),
    refuses: ['invalid'],
  },
  {
    id: 'listReservations',
    group: 'reservations',
    method: 'get',
    path: '/api/reservations',
    who: 'user',
    status: 200,
    answer: under(z.array(reservationSchema)),
  },
  {
    id: 'createReservation',
    group: 'reservations',
    method: 'post',
    path: '/api/reservations',
    who: 'user',
    form: bookForm,
    sends: { service_id: '019aa6d0-6b2f-7c11-8d3a-1f2e3d4c5b6a', time_slot: '2026-12-01T09:00:00+01:00' },
    status: 201,
    answer: under(reservationSchema),
    refuses: ['slot_unavailable', 'slot_full', 'already_booked'],
  },
  {
    id: 'getReservation',
    group: 'reservations',
    method: 'get',
    path: '/api/reservations/{id}',
    who: 'user',
    status: 200,
    answer: under(reservationSchema),
  },
  {
    id: 'rescheduleReservation',
    group: 'reservations',
    method: 'patch',
    path: '/api/reservations/{id}',
    who: 'user',
    form: rescheduleForm,
    sends: { time_slot: '2026-12-01T08:30:00Z' },
    status: 200,
    answer: under(reservationSchema),
    answers: {
      data: {
        time_slot: '2026-12-01T08:30:00.000Z',
        ends_at: '2026-12-01T09:00:00.000Z',
        updated_at: '2026-11-25T09:41:00.000Z',
      },
    },
    refuses: ['slot_unavailable', 'slot_full', 'already_booked', 'too_late', 'stale', 'wrong_state'],
  },
  {
    id: 'cancelReservation',
    group: 'reservations',
    method: 'post',
    path: '/api/reservations/{id}/cancel',
    who: 'user',
    status: 200,
    answer: under(reservationSchema),
    answers: { data: { status: 'canceled', updated_at: '2026-11-25T09:41:00.000Z' } },
    refuses: ['too_late', 'stale', 'wrong_state'],
  },
  {
    id: 'checkInReservation',
    group: 'reservations',
    method: 'post',
    path: '/api/reservations/{id}/check-in',
    who: 'user',
    status: 201,
    answer: under(entrySchema),
    refuses: ['outside_window', 'stale', 'wrong_state'],
  },
  {
    id: 'getQueue',
    group: 'queues',
    method: 'get',
    path: '/api/queues/{id}',
    who: 'staff',
    date: 'optional',
    status: 200,
    answer: z.strictObject({ data: z.array(entrySchema), meta: countsSchema }),
    refuses: ['invalid'],
  },
  {
    id: 'advanceQueue',
    group: 'queues',
    method: 'post',
    path: '/api/queues/{id}/advance',
    who: 'staff',
    form: advanceForm,
    sends: { desk_id: '019aa6d0-6c77-7e33-8a5c-3b4c5d6e7f80', serving: null },
    status: 200,
    answer: under(advancedSchema),
    answers: {
      data: {
        completed: null,
        in_service: { status: 'in_service', version: 2, desk_id: '019aa6d0-6c77-7e33-8a5c-3b4c5d6e7f80' },
      },
    },
    refuses: ['desk_paused', 'stale'],
  },
  {
    id: 'createEntry',
    group: 'queues',
    method: 'post',
    path: '/api/queues/{id}/entries',
    who: 'staff',
    form: walkInForm,
    sends: { name: 'Wanda Walker', phone: '+49 30 1234567' },
    status: 201,
    answer: under(entrySchema),
    answers: { data: { reservation_id: null, name: 'Wanda Walker', number: 'A13', position: 13 } },
    refuses: ['no_walk_ins', 'intake_closed'],
    linksTicket: true,
  },
  {
    id: 'setIntake',
    group: 'queues',
    method: 'post',
    path: '/api/queues/{id}/intake',
    who: 'staff',
    form: intakeForm,
    sends: { closed: true },
    status: 200,
    answer: under(noticesSchema),
    answers: { data: { intake_closed_at: '2026-12-01T14:30:00.000Z', delay_minutes: 0 } },
  },
  {
    id: 'announceDelay',
    group: 'queues',
    method: 'post',
    path: '/api/queues/{id}/delay',
    who: 'staff',
    form: delayForm,
    sends: { minutes: 25 },
    status: 200,
    answer: under(noticesSchema),
  },
  {
    id: 'listDesks',
    group: 'desks',
    method: 'get',
    path: '/api/desks',
    who: 'staff',
    status: 200,
    answer: under(z.array(deskSchema)),
  },
  {
    id: 'advanceDesk',
    group: 'desks',
    method: 'post',
    path: '/api/desks/{id}/advance',
    who: 'staff',
    form: deskAdvanceForm,
    sends: { serving: null },
    status: 200,
    answer: under(advancedSchema),
    answers: {
      data: {
        completed: null,
        in_service: { status: 'in_service', version: 2, desk_id: '019aa6d0-6c77-7e33-8a5c-3b4c5d6e7f80' },
      },
    },
    refuses: ['desk_paused', 'stale'],
  },
  {
    id: 'takeDesk',
    group: 'desks',
    method: 'post',
    path: '/api/desks/{id}/take',
    who: 'staff',
    form: takeForm,
    sends: { hand_over: true },
    status: 200,
    answer: under(deskSchema),
    refuses: ['desk_taken', 'stale'],
  },
  {
    id: 'leaveDesk',
    group: 'desks',
    method: 'post',
    path: '/api/desks/{id}/leave',
    who: 'staff',
    status: 200,
    answer: under(deskSchema),
    answers: { data: { staffed_by: null, staffed_at: null } },
    refuses: ['desk_taken'],
  },
  {
    id: 'pauseDesk',
    group: 'desks',
    method: 'post',
    path: '/api/desks/{id}/pause',
    who: 'staff',
    status: 200,
    answer: under(deskSchema),
    answers: { data: { paused_at: '2026-12-01T11:00:00.000Z' } },
  },
  {
    id: 'resumeDesk',
    group: 'desks',
    method: 'post',
    path: '/api/desks/{id}/resume',
    who: 'staff',
    status: 200,
    answer: under(deskSchema),
  },
  ...VERBS.map((verb) => ({
    id: `${verb}Entry`,
    group: 'entries' as const,
    method: 'post' as const,
    path: `/api/entries/{id}/${verb}`,
    who: verb === 'leave' ? ('user' as const) : ('staff' as const),
    form: verb === 'call' ? callForm : verb === 'start' ? startForm : verbForm,
    formName: 'verb',
    sends: { version: 1 },
    status: 200,
    answer: under(entrySchema),
    answers: { data: { status: TRANSITIONS[verb].to, version: 2 } },
    refuses: [
      'stale',
      'wrong_state',
      ...(verb === 'call' || verb === 'start' ? ['desk_paused'] : []),
      ...(verb === 'start' ? ['desk_busy'] : []),
    ] as Code[],
  })),
  {
    id: 'transferEntry',
    group: 'entries',
    method: 'post',
    path: '/api/entries/{id}/transfer',
    who: 'staff',
    form: transferForm,
    formName: 'verb',
    sends: { service_id: '019aa6d0-6b30-7d22-9e4b-2a3b4c5d6e7f', version: 1 },
    status: 200,
    answer: under(entrySchema),
    answers: { data: { service_id: '019aa6d0-6b30-7d22-9e4b-2a3b4c5d6e7f', version: 2 } },
    refuses: ['stale', 'wrong_state'],
  },
  {
    id: 'moveEntry',
    group: 'entries',
    method: 'post',
    path: '/api/entries/{id}/move',
    who: 'staff',
    form: placeForm,
    formName: 'verb',
    sends: { rank: 0, reason: 'With a small child', version: 1 },
    status: 200,
    answer: under(entrySchema),
    answers: { data: { effective_at: '2026-12-01T07:39:59.999Z', version: 2 } },
    refuses: ['stale', 'wrong_state'],
  },
  {
    id: 'noteEntry',
    group: 'entries',
    method: 'post',
    path: '/api/entries/{id}/note',
    who: 'staff',
    form: noteForm,
    formName: 'verb',
    sends: { note: 'Speaks Dari', needs: ['interpreter'] },
    status: 200,
    answer: under(entrySchema),
    answers: { data: { version: 2 } },
    refuses: ['stale'],
  },
  {
    id: 'undoEntry',
    group: 'entries',
    method: 'post',
    path: '/api/entries/{id}/undo',
    who: 'user',
    form: verbForm,
    formName: 'verb',
    sends: { version: 2 },
    status: 200,
    answer: under(entrySchema),
    answers: { data: { version: 3 } },
    refuses: ['stale', 'not_undoable', 'desk_busy'],
  },
];

/** Everything that the API does: one row for each route. */
export const OPERATIONS: readonly Operation[] = operations.map((operation) => ({
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

function parametersOf({ id, group, method, path, date }: Operation): (ApiParameter | Ref)[] {
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
  const { id, group, path, summary, answer, answers, linksTicket } = operation;
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

/** What zod's own description of these lacks: their rule is a function. */
const FORMATS = new Map<z.ZodType, ApiSchema>([
  [fields.id, { format: 'uuid' }],
  [fields.day, { format: 'date' }],
  [fields.wallTime, { pattern: '^(?:[01]\\d|2[0-3]):[0-5]\\d$|^24:00$' }],
]);

/**
 * A schema as JSON Schema: fields under the names that they have outside, those with a name of their own moved to
 * `schemas`. A field of a form is required when the form refuses its absence.
 */
function toApiSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  schemas: Record<string, ApiSchema>,
): ApiSchema {
  const {
    $schema: _,
    $defs = {},
    ...described
  } = z.toJSONSchema(schema, {
    io,
    override: ({ zodSchema, jsonSchema }) =>
      refine(zodSchema as unknown as z.ZodType, jsonSchema as ApiSchema, io),
  });
  const text = JSON.stringify({ described, $defs }).replaceAll('#/$defs/', '#/components/schemas/');
  const parts = JSON.parse(text) as {
    described: ApiSchema & { id?: string };
    $defs: Record<string, ApiSchema>;
  };
  for (const [name, { id: __, ...part }] of Object.entries(
    parts.$defs as Record<string, ApiSchema & { id?: string }>,
  ))
    schemas[name] ??= part;
  const { id, ...rest } = parts.described;
  if (id === undefined) return rest;
  schemas[id] ??= rest;
  return { $ref: `#/components/schemas/${id}` };
}

function refine(schema: z.ZodType, described: ApiSchema, io: 'input' | 'output'): void {
  if (described.format !== undefined) delete described.pattern;
  Object.assign(described, FORMATS.get(schema));
  if (schema instanceof z.ZodDefault) described.default = snakeKeys(schema.def.defaultValue);
  if (!(schema instanceof z.ZodObject) || io === 'output') return;
  const names = Object.keys(schema.shape);
  const required = names.filter((name) => !schema.shape[name]?.safeParse(undefined).success);
  described.properties = snakeKeysOnce(described.properties ?? {});
  delete described.required;
  if (required.length > 0) described.required = required.map(snakeCase);
}

/** The names of these fields alone: what is in them was renamed already. */
function snakeKeysOnce<T>(properties: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [snakeCase(name), value]));
}

function addDescriptions(schemas: Record<string, ApiSchema>): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const text = en.api.objects[name];
    if (text) schema.description = text;
    addFieldDescriptions(schema, name);
  }
}

function addFieldDescriptions(schema: ApiSchema, owner: string): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const text = en.api.fields[`${owner}.${name}`] ?? en.api.fields[name];
    if (text) property.description = text;
    addFieldDescriptions(property, owner);
    if (property.items) addFieldDescriptions(property.items, owner);
  }
}

/** An example of a schema, out of the examples of what it is made of. */
function exampleOf(schema: ApiSchema, schemas: Record<string, ApiSchema>): unknown {
  if (schema.$ref) return exampleOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  if (schema.examples) return schema.examples[0];
  if (schema.anyOf) return exampleOf(schema.anyOf[0] ?? {}, schemas);
  if (schema.items) return [exampleOf(schema.items, schemas)];
  if (!schema.properties) return null;
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, exampleOf(property, schemas)]),
  );
}

function merged(example: unknown, changes: unknown): unknown {
  if (changes === undefined) return example;
  if (!isRecord(changes) || !isRecord(example)) return changes;
  const keys = Object.keys(changes);
  return { ...example, ...Object.fromEntries(keys.map((key) => [key, merged(example[key], changes[key])])) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
