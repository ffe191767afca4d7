import { z } from 'zod';
import type { en } from '../../../views/text/en.ts';
import type { RefusalCode } from '../../domain/errors.ts';

export type Code = RefusalCode | 'internal';
export type Group = keyof typeof en.api.groups;

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
  /** Whether it answers a list in pages: each goes on before one of the last, and tells of the next in `Link`. */
  pages?: true;
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

/** As it stands in the list of its noun; its texts come from the language. */
export type OperationRow = Omit<Operation, 'summary' | 'text'>;

/** An answer's body: everything stands under `data`. */
export const under = <S extends z.ZodType>(data: S) => z.strictObject({ data });
