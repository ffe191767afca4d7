import { table } from '../bench/report.ts';
import { type Figures, figuresOf, holds, type Verdict } from './figures.ts';
import { SIMPLE } from './predictors.ts';
import { PREDICTORS, type Predictor, type Sight } from './trial.ts';

const minutes = (value: number) => value.toFixed(2);
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const ratio = (value: number) => value.toFixed(2);

/** Mean absolute errors and coverage, a row a scenario, and all of them pooled. */
export function scenarioTable(sights: readonly Sight[]): string {
  const row = (name: string, of: readonly Sight[]) => {
    const { sights: count, meanWait, error, covered } = figuresOf(of);
    return [
      name,
      String(count),
      meanWait.toFixed(1),
      ...PREDICTORS.map((predictor) => minutes(error[predictor])),
      ratio(error.estimate / error.oracle),
      ratio(error.estimate / bestSimple(error)),
      percent(covered.estimate),
      percent(covered.oracle),
    ];
  };
  return table(
    ['scenario', 'looks', 'wait', ...PREDICTORS, '÷ oracle', '÷ best simple', '≤ p80', 'oracle ≤ p80'],
    [
      ...[...byScenario(sights)].map(([scenario, of]) => row(scenario, of)),
      row('**all**', sights),
      row(
        'all, on arrival',
        sights.filter(({ arrival }) => arrival),
      ),
      row(
        'all, later',
        sights.filter(({ arrival }) => !arrival),
      ),
    ],
  );
}

/** What must hold, beside what was measured. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  return table(
    ['what', 'measured', 'standard error', 'aim', 'mark'],
    verdicts.map((verdict) => {
      const { what, value, error, least, most } = verdict;
      const aim = least > 0 ? `${least} to ${most}` : `at most ${most}`;
      return [what, value.toFixed(3), error.toFixed(3), aim, holds(verdict) ? 'met' : 'MISSED'];
    }),
  );
}

/** How the errors shrink with what is learned. */
export interface Lesson {
  days: number;
  figures: Figures;
  silent: number;
}

export function lessonTable(lessons: readonly Lesson[]): string {
  return table(
    ['days learned', 'estimate', 'oracle', '÷ oracle', '≤ p80', 'without an estimate'],
    lessons.map(({ days, figures: { error, covered }, silent }) => [
      String(days),
      minutes(error.estimate),
      minutes(error.oracle),
      ratio(error.estimate / error.oracle),
      percent(covered.estimate),
      percent(silent),
    ]),
  );
}

/** What one call costs, in milliseconds. */
export function costTable(costs: readonly { tickets: number; milliseconds: number }[]): string {
  const hundred = costs.find(({ tickets }) => tickets === 100)?.milliseconds ?? Number.NaN;
  return table(
    ['waiting', 'milliseconds', 'of 100'],
    costs.map(({ tickets, milliseconds }) => [
      String(tickets),
      minutes(milliseconds),
      `${ratio(milliseconds / hundred)}×`,
    ]),
  );
}

/** Replaces what stands between the markers of a name in a document. */
export function withPart(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The document has no part "${name}"`);
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`;
}

const COLORS: Record<Predictor, string> = {
  estimate: '#0b6e4f',
  oracle: '#111111',
  naive: '#c1440e',
  QL: '#7b4fa3',
  LES: '#b8860b',
  HOL: '#2f6db5',
};
const LINE = 26;
const LEFT = 230;
const ERRORS_WIDTH = 430;
const SHARES_LEFT = LEFT + ERRORS_WIDTH + 50;
const SHARES_WIDTH = 170;
const TOP = 70;

/** A line a scenario: errors as multiples of the oracle's, and the shares of waits at or under p80. */
export function chart(sights: readonly Sight[]): string {
  const rows: [string, Figures][] = [...byScenario(sights)].map(([name, of]) => [name, figuresOf(of)]);
  rows.push(['all', figuresOf(sights)]);
  const bottom = TOP + LINE * rows.length;
  const most = Math.ceil(
    Math.max(...rows.flatMap(([, { error }]) => SIMPLE.map((simple) => error[simple] / error.oracle))),
  );
  const errorAt = (value: number) => LEFT + (ERRORS_WIDTH * (value - 0.9)) / (most - 0.9);
  const shareAt = (value: number) => SHARES_LEFT + (SHARES_WIDTH * (value - 0.6)) / 0.4;
  const grid = Array.from({ length: most }, (_, index) => index + 1);
  const width = SHARES_LEFT + SHARES_WIDTH + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 30}" font-family="sans-serif" font-size="12" role="img">`,
    '<title>Errors of the estimate and of five other predictors as multiples of the oracle’s, and waits at or under p80, by scenario</title>',
    `<rect width="${width}" height="${bottom + 30}" fill="#ffffff"/>`,
    ...legend(),
    text(LEFT, 50, 'mean absolute error, of that of the oracle'),
    text(SHARES_LEFT, 50, 'real waits at or under p80'),
    rect(errorAt(1), TOP, errorAt(1.1) - errorAt(1), bottom - TOP, '#d9efe6'),
    rect(shareAt(0.75), TOP, shareAt(0.85) - shareAt(0.75), bottom - TOP, '#d9efe6'),
    ...grid.flatMap((value) => [
      line(errorAt(value), TOP, bottom),
      text(errorAt(value), bottom + 16, `${value}×`, 'middle'),
    ]),
    ...[0.6, 0.8, 1].flatMap((value) => [
      line(shareAt(value), TOP, bottom),
      text(shareAt(value), bottom + 16, `${Math.round(100 * value)} %`, 'middle'),
    ]),
    ...rows.flatMap(([name, { error, covered }], index) => {
      const y = TOP + LINE * (index + 0.5);
      return [
        text(LEFT - 20, y + 4, name, 'end'),
        ...[...PREDICTORS]
          .reverse()
          .map((predictor) => dot(errorAt(error[predictor] / error.oracle), y, predictor)),
        dot(shareAt(covered.oracle), y, 'oracle'),
        dot(shareAt(covered.estimate), y, 'estimate'),
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}

function legend(): string[] {
  return PREDICTORS.flatMap((predictor, index) => [
    dot(LEFT + 95 * index, 22, predictor),
    text(LEFT + 95 * index + 10, 26, predictor),
  ]);
}

function text(x: number, y: number, words: string, anchor = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="#111111">${words}</text>`;
}

function line(x: number, from: number, to: number): string {
  return `<line x1="${round(x)}" x2="${round(x)}" y1="${from}" y2="${to}" stroke="#c8c8c8"/>`;
}

function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${round(x)}" y="${y}" width="${round(width)}" height="${height}" fill="${fill}"/>`;
}

/** The oracle is a ring, so that an estimate on top of it is seen. */
function dot(x: number, y: number, predictor: Predictor): string {
  const look =
    predictor === 'oracle'
      ? `fill="none" stroke="${COLORS.oracle}" stroke-width="2"`
      : `fill="${COLORS[predictor]}"`;
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${predictor === 'oracle' ? 6 : 4.5}" ${look}/>`;
}

function round(value: number): string {
  return String(Math.round(10 * value) / 10);
}

function byScenario(sights: readonly Sight[]): Map<string, Sight[]> {
  return Map.groupBy(sights, ({ scenario }) => scenario);
}

function bestSimple(error: Figures['error']): number {
  return Math.min(...SIMPLE.map((simple) => error[simple]));
}
