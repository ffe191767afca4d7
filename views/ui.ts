import type { raw } from 'hono/html';
import type { Actor } from '../src/domain/roles.ts';
import type { Format } from './format.ts';
import type { Text } from './text/en.ts';

/** What every view is given: the language, who looks, and where. */
export interface Ui {
  text: Text;
  format: Format;
  actor: Actor;
  /** The path of this page, for the link that is the current one. */
  path: string;
  now: Date;
  /** The address of a static file. */
  asset: (name: string) => string;
  /** A fresh key for a form, so that sending it twice does its work once. */
  formKey: () => string;
  /** Puts in what is finished and stands on other screens too, made from no more than `PieceUi`. */
  embed: (html: ReturnType<typeof raw>) => ReturnType<typeof raw>;
}

/** What a piece is given that stands on several screens: nothing that is of one screen alone, as a form's key is. */
export type PieceUi = Pick<Ui, 'text' | 'format' | 'now'>;
