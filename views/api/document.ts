/** As much of an OpenAPI 3.1 document as ours has. */
export interface ApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, ApiOperation>>;
  components: {
    schemas: Record<string, ApiSchema>;
    parameters: Record<string, ApiParameter>;
    responses: Record<string, ApiAnswer>;
    securitySchemes: Record<string, { type: string; in: string; name: string; description: string }>;
  };
  /** Every code of an error. */
  'x-error-codes': Record<string, { status: number; meaning: string }>;
}

export interface ApiOperation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  parameters?: (ApiParameter | Ref)[];
  requestBody?: { required: boolean; content: Record<string, ApiContent> };
  responses: Record<string, ApiAnswer | Ref>;
}

export interface ApiParameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description: string;
  required: boolean;
  schema: ApiSchema;
  example?: unknown;
}

export interface ApiAnswer {
  description: string;
  headers?: Record<string, { description: string; schema: ApiSchema }>;
  content?: Record<string, ApiContent>;
}

export interface ApiContent {
  schema: ApiSchema;
  example?: unknown;
  /** By the code of an error. */
  examples?: Record<string, { summary: string; value: unknown }>;
}

export interface Ref {
  $ref: string;
}

/** JSON Schema, as far as ours goes. */
export interface ApiSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  description?: string;
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: ApiSchema;
  properties?: Record<string, ApiSchema>;
  required?: string[];
  additionalProperties?: boolean | ApiSchema;
  propertyNames?: ApiSchema;
  anyOf?: ApiSchema[];
}

/** What a reference of the document stands for. */
export function resolve<T extends object>(document: ApiDocument, part: T | Ref): T {
  if (!('$ref' in part) || part.$ref === undefined) return part as T;
  const [, kind = '', name = ''] = /^#\/components\/(\w+)\/(\w+)$/.exec(part.$ref) ?? [];
  const found = (document.components as unknown as Record<string, Record<string, T>>)[kind]?.[name];
  if (!found) throw new Error(`No ${part.$ref}`);
  return found;
}

/** The codes of an error's answer. */
export function codesOf(answer: ApiAnswer): string[] {
  return Object.values(answer.content ?? {}).flatMap(({ examples = {} }) => Object.keys(examples));
}
