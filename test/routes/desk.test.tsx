import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { describe, expect, test } from 'vitest';
import { actOf } from '../../src/actions/act.ts';
import { advance, setIntake } from '../../src/actions/queue.ts';
import { cancelReservation, reachReservation } from '../../src/actions/reservations.ts';
import { retireService } from '../../src/actions/services.ts';
import { changeStaff } from '../../src/actions/staff.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import type { Auth } from '../../src/auth/auth.ts';
import { newId } from '../../src/domain/id.ts';
import type { Person } from '../../src/domain/roles.ts';
import { type QueueEntry, VERBS, type Verb } from '../../src/domain/ticket.ts';
import { projectRoot } from '../../src/root.ts';
import { type Answer, buildApp, leadsTo, openApp, type TestApp } from '../support/app.ts';
import {
  alterService,
  book,
  buildScene,
  buildService,
  entriesOf,
  mondayAt,
  reservationsOf,
  verbsOf,
  walkIn,
} from '../support/builders.ts';
import { addCustomers } from '../support/cast.ts';
import { onBothDatabases } from '../support/databases.ts';

const PANEL = 'desk-panel';
const RULES = JSON.parse(readFileSync(join(projectRoot, '.htmlvalidate.json'), 'utf8'));

function deskOf(app: TestApp, path = ''): string {
  return `/desk/${app.service.slug}${path}`;
}

function act(app: TestApp, person: Person) {
  return actOf(app.store, app.clock, person);
}

function move(app: TestApp, person: Person, entry: QueueEntry, verb: Verb): Promise<QueueEntry> {
  return moveTicket(act(app, person), entry, verb);
}

async function reservationOf(app: TestApp, person: Person) {
  const all = await reservationsOf(app.store, app.service);
  return all.find(({ userId }) => userId === person.id) as (typeof all)[number];
}

/** Where a form's answer leads, with what is told there but for what could take it back. */
function whereTo(answer: Pick<Answer, 'headers'>): string {
  return leadsTo(answer).replace(/&done=take-back-[^&]*/, '');
}

/** What the page says about the last form. */
function noticeIn({ text }: Answer): string {
  const [, inside = ''] =
    /<div id="desk-notice"[^>]*>(.*?)<\/div>(?:<\/div>|<div class="desk")/.exec(text) ??
    /<hx-partial[^>]*>(.*?)<\/hx-partial>/.exec(text) ??
    [];
  return inside
    .replace(/<form.*<\/form>/, '')
    .replace(/<[^>]+>/g, '')
    .trim();
}

/** Only the panel, and not the page around it. */
function expectPanel(answer: Answer): void {
  expect(answer.text).toContain(`id="${PANEL}"`);
  expect(answer.text).not.toContain('<html');
}

onBothDatabases('the desk', (open) => {
  const build = (service = {}) => buildApp(open().store, { service });

  test('nothing is kept for somebody whose role ended while they asked', async () => {
    const scene = await buildScene(open().store);
    const { cast, store } = scene;
    let person: Person = cast.staff;
    let demote: (() => Promise<unknown>) | undefined = () =>
      changeStaff(scene.act(cast.admin), { email: cast.staff.email, role: 'user', locationIds: [] });
    const auth = {
      // As a request that reads its session, and then takes its time.
      person: async () => {
        const asked = person;
        await demote?.();
        demote = undefined;
        person = { ...person, role: 'user', locationIds: [] };
        return asked;
      },
    } as unknown as Auth;
    const app = openApp(scene, { parts: { auth } });
    await walkIn(scene, 'Anna');
    expect((await app.page(deskOf(app))).status).toBe(200);
    scene.clock.pass(0.5);
    const later = await app.page(deskOf(app));
    expect([later.status, later.text.includes('Anna')]).toEqual([403, false]);
    expect((await app.form(deskOf(app, '/advance'), { serving: '' })).status).toBe(403);
    expect((await entriesOf(store, app.service)).map(({ status }) => status)).toEqual(['waiting']);
  });

  describe('the list', () => {
    test('shows each queue of the location with who waits and who is expected', async () => {
      const app = await build();
      const { cast, service, otherLocation, store } = app;
      const elsewhere = await buildService(store, otherLocation, { name: 'Elsewhere' });
      await walkIn(app);
      await walkIn(app);
      await book(app, cast.customer, mondayAt('10:00'));
      const { status, text } = await app.page('/desk', { as: cast.staff });
      expect(status).toBe(200);
      expect(text).toMatch(/<th scope="col" class="num">Waiting<.*<th scope="col" class="num">Expected</);
      const row = text.split('<tr>').find((part) => part.includes(service.slug)) ?? '';
      expect(row).toMatch(/data-label="Waiting">2<.*data-label="Expected">1</);
      expect(text).not.toContain(elsewhere.slug);
      expect((await app.page('/desk', { as: cast.admin })).text).toContain(elsewhere.slug);
    });

    test('asks for itself while it stays open, and costs nothing while it is unchanged', async () => {
      const app = await build();
      const { cast } = app;
      const poll = (tag = '', as = cast.staff) =>
        app.htmx('/desk', { as, target: 'desk-lists', headers: { 'hx-ptag': tag } });
      const page = await app.page('/desk', { as: cast.staff });
      expect(page.text).toContain('As of 08:00');
      expect(page.text).not.toContain('http-equiv');
      const tag = /id="desk-lists"[^>]* hx-ptag="([^"]+)"/.exec(page.text)?.[1];
      expect((await poll(tag)).status).toBe(304);
      // Somebody else sees another desk as theirs.
      expect((await poll(tag, cast.admin)).status).toBe(200);

      await walkIn(app, 'Anna');
      const changed = await poll(tag);
      expect(changed.status).toBe(200);
      expect(changed.text).toMatch(/^<div class="stack" id="desk-lists"/);
      expect(changed.text).toMatch(/Passports.*<td class="num" data-label="Waiting">1<\/td>/);
      expect(changed.text).not.toContain('id="q"');
      const seen = changed.headers.get('hx-ptag') ?? '';
      expect((await poll(seen)).status).toBe(304);
      await app.form(`/desk/${app.deskId}/take`, {}, { as: cast.admin });
      const taken = await poll(seen);
      expect([taken.status, taken.text]).toEqual([200, expect.stringContaining('Ada Admin')]);
      app.clock.pass(1);
      expect((await poll(taken.headers.get('hx-ptag') ?? '')).text).toContain('As of 08:01');
      // Who is logged in no more as staff sees no list in its place.
      const gone = await poll('', cast.customer);
      expect([gone.status, gone.text]).toEqual([
        403,
        expect.stringContaining('You cannot work here any more'),
      ]);
      // Results are of their own, whatever the lists say.
      const found = await app.page('/desk?q=anna', { as: cast.staff });
      expect(found.headers.get('etag')).toBeNull();
    });

    test('is for staff', async () => {
      const app = await build();
      expect((await app.page('/desk', { as: app.cast.customer })).status).toBe(403);
      const { status, headers } = await app.page('/desk');
      expect([status, headers.get('location')]).toEqual([303, '/login?next=%2Fdesk']);
    });
  });

  describe('the panel', () => {
    test('shows who is served, who is next and why, who is expected and who was skipped', async () => {
      const app = await build();
      const { cast, clock } = app;
      const [late, onTime] = (await addCustomers(app.store, 2)) as [Person, Person];
      await book(app, late, mondayAt('09:00'));
      await book(app, onTime, mondayAt('09:30'));
      await book(app, cast.customer, mondayAt('11:00'));
      clock.set(mondayAt('09:20'));
      const served = await walkIn(app, 'Sonja Served');
      await advance(act(app, cast.staff), app.service, {});
      await walkIn(app, 'Prio <i>Rity</i>', 1);
      await app.form(
        deskOf(app, `/reservations/${(await reservationOf(app, late)).id}/check-in`),
        {},
        { as: cast.staff },
      );
      await app.form(
        deskOf(app, `/reservations/${(await reservationOf(app, onTime)).id}/check-in`),
        {},
        { as: cast.staff },
      );
      const skipped = await walkIn(app, 'Skip Ped');
      await move(app, cast.staff, skipped, 'skip');
      clock.set(mondayAt('09:29'));

      const { status, text } = await app.page(deskOf(app), { as: cast.staff });
      expect(status).toBe(200);
      expect(text).toContain('<title>3 waiting · Passports · Now Serving</title>');
      expect(text).toContain(`<p class="number">${served.number}</p>`);
      expect(text).toContain('since 09:20');
      const rows = text.split('<tr').filter((row) => row.startsWith(' id="t-'));
      expect(
        rows.map((row) =>
          row
            .replace(/^[^>]*>/, '')
            .replace(/<(form|div class="row").*$/, '')
            .replace(/<[^>]+>/g, '|')
            .replace(/\|+/g, '|'),
        ),
      ).toEqual([
        '|A2|Prio &lt;i&gt;Rity&lt;/i&gt;|Priority walk-in, arrived 09:20|9 min|',
        '|A3|Customer 1|Reservation 09:00, late, arrived 09:20|9 min|',
        '|A4|Customer 2|Reservation 09:30, on time|9 min|',
        '|A5|Skip Ped |Skipped|09:20|',
      ]);
      expect(rows[0]).toContain('data-next');
      expect(text).toMatch(/11:00<\/time><\/th><td>Carla Customer<\/td>/);
      expect(text).toContain(`aria-label="Reinstate ${skipped.number}"`);

      // Who may still come back stands before those who are only expected.
      expect(text.indexOf('id="skipped"')).toBeLessThan(text.indexOf('id="expected"'));

      clock.set(mondayAt('09:31'));
      expect((await app.page(deskOf(app), { as: cast.staff })).text).not.toContain('Reinstate');

      clock.set(mondayAt('11:12'));
      expect((await app.page(deskOf(app), { as: cast.staff })).text).toContain(
        '11:00</time> <small>12 min late</small></th><td>Carla Customer',
      );
    });

    test('counts a wait until the call', async () => {
      const app = await build();
      const entry = await walkIn(app, 'Anna');
      app.clock.pass(7);
      await move(app, app.cast.staff, entry, 'call');
      await move(app, app.cast.staff, entry, 'start');
      app.clock.pass(20);
      const admin = await app.page(deskOf(app), { as: app.cast.admin });
      expect(admin.text).toContain('since 08:07');
      await walkIn(app, 'Berta');
      await move(app, app.cast.staff, entry, 'park');
      expect((await app.page(deskOf(app), { as: app.cast.staff })).text).toMatch(/Anna.*?>7 min</);
    });

    test('says the same all minute, whenever it was made', async () => {
      const app = await build();
      const { cast, clock } = app;
      clock.set(new Date('2026-03-02T09:17:26Z'));
      await walkIn(app, 'Wanda');
      const at = async (time: string) => {
        clock.set(new Date(`2026-03-02T${time}Z`));
        // An address of its own each time: nothing that was kept is shown.
        const { text } = await app.page(`${deskOf(app)}?at=${time}`, { as: cast.staff });
        return text
          .slice(text.indexOf('id="desk-panel"'))
          .replace(/<[^>]+>/g, ' ')
          .replace(/\s+/g, ' ');
      };
      const early = await at('09:22:01');
      expect(early).toContain('arrived 10:17');
      expect(early).toContain('5 min');
      for (const time of ['09:22:25', '09:22:27', '09:22:59']) expect(await at(time), time).toBe(early);
    });

    test('is out of reach for a customer, for staff of another place and for nobody', async () => {
      const app = await build();
      const { cast } = app;
      expect((await app.page(deskOf(app), { as: cast.customer })).status).toBe(403);
      expect((await app.page(deskOf(app), { as: cast.otherStaff })).status).toBe(404);
      // A panel that is open, and one of its forms, get a sentence and a way on instead of a whole page.
      const asked = [
        { path: '', target: PANEL },
        { path: '/walk-in', target: 'walk-in' },
        { path: '/advance', target: PANEL, fields: { serving: '' } },
      ];
      for (const { path, ...asking } of asked) {
        for (const as of [cast.customer, cast.otherStaff]) {
          const { text } = await app.htmx(deskOf(app, path), { as, ...asking });
          expect(text).toMatch(/^<p class="notice".*You cannot work here any more.*<a href="\/desk"/s);
          expect(text).not.toContain('<h1');
          // What was said and offered above it goes along.
          for (const above of ['desk-strip', 'desk-notice'])
            expect(text).toContain(`<hx-partial hx-target="#${above}" hx-swap="innerHTML"></hx-partial>`);
        }
      }
      expect((await app.page('/desk/nothing-here', { as: cast.staff })).status).toBe(404);
      expect((await app.page(deskOf(app), { as: cast.admin })).status).toBe(200);
      for (const target of ['__proto__', 'toString', 'constructor', '']) {
        const { status, text } = await app.htmx(deskOf(app), { as: app.cast.staff, target });
        expect([status, text.includes('<html'), text.includes(PANEL)], target).toEqual([200, false, true]);
      }
      const lost = await app.htmx(deskOf(app), { target: PANEL });
      expect([lost.status, lost.headers.get('hx-redirect')]).toEqual([
        204,
        `/login?next=${encodeURIComponent(deskOf(app))}`,
      ]);
    });

    test('says that nothing changed, until something does', async () => {
      const app = await build();
      const { cast, clock, store } = app;
      const poll = (tag: string, as: Person = cast.staff) =>
        app.htmx(deskOf(app), { as, target: PANEL, headers: { 'hx-ptag': tag } });
      const first = await poll('');
      expectPanel(first);
      const tag = first.headers.get('hx-ptag') ?? '';
      expect(first.text).toContain(`hx-ptag="${tag}"`);
      expect(first.text).toContain('<title>0 waiting · Passports · Now Serving</title>');

      const before = store.queries;
      const same = await poll(tag);
      expect([same.status, same.text]).toEqual([304, '']);
      // Logging in for the test's request is a write; what is left are session, service and version.
      expect(store.queries - before).toBeLessThanOrEqual(4);
      expect((await poll(tag, cast.admin)).status).toBe(200);
      clock.pass(1);
      expect((await poll(tag)).status).toBe(200);
      clock.pass(-1);
      await walkIn(app);
      const changed = await poll(tag);
      expect(changed.status).toBe(200);
      await book(app, cast.customer, mondayAt('10:00'));
      expect((await poll(changed.headers.get('hx-ptag') ?? '')).status).toBe(200);
      await alterService(store, app.service, { version: 9 });
      expect((await poll(tag)).status).toBe(200);
    });

    test('shares its rows with other desks, as they are now', async () => {
      const app = await build();
      const { cast } = app;
      const [first, second] = [await walkIn(app, 'First'), await walkIn(app, 'Second')];
      const rowOf = async ({ id }: QueueEntry, as: Person) => {
        const { text } = await app.page(deskOf(app), { as });
        return new RegExp(`<tr id="t-${id}".*?</tr>`).exec(text)?.[0] ?? '';
      };
      expect(await rowOf(second, cast.staff)).toBe(await rowOf(second, cast.admin));
      expect(await rowOf(first, cast.admin)).toContain('aria-label="Call A1"');
      await move(app, cast.staff, first, 'skip');
      for (const as of [cast.staff, cast.admin])
        expect(await rowOf(second, as)).toContain('aria-label="Call A2"');
      const third = await walkIn(app, 'Third');
      const called = await move(app, cast.staff, second, 'call');
      for (const as of [cast.staff, cast.admin]) {
        expect(await rowOf(called, as)).toBe('');
        expect(await rowOf(third, as)).toContain('aria-label="Call… A3"');
      }
    });

    test('asks the same number of questions for a long line as for a short one', async () => {
      const app = await build();
      const { cast, store } = app;
      await walkIn(app);
      // After each change: until then the page is kept as it is.
      const count = async () => {
        await walkIn(app);
        const before = store.queries;
        await app.page(deskOf(app), { as: cast.staff });
        return store.queries - before;
      };
      await count();
      const short = await count();
      expect(short).toBeGreaterThan(0);
      for (let index = 0; index < 12; index += 1) await walkIn(app, `Walker ${index}`);
      expect(await count()).toBe(short);
    });

    test('gives each form a key of its own whenever it is sent, though the page is kept', async () => {
      const app = await build();
      // Names of other scripts, so that characters are longer than their bytes.
      await walkIn(app, 'Łukasz Żółty 李');
      const before = await app.page(deskOf(app), { as: app.cast.staff });
      const { queries } = app.store;
      const again = await app.page(deskOf(app), { as: app.cast.staff });
      expect(app.store.queries).toBe(queries);
      const keysOf = ({ text }: { text: string }) =>
        [...text.matchAll(/name="idempotency_key" value="([^"]*)"/g)].map(([, key]) => key);
      const keys = [...keysOf(before), ...keysOf(again)];
      expect(keys).not.toHaveLength(0);
      expect(new Set(keys).size).toBe(keys.length);
      for (const key of keys) expect(key).toMatch(/^[0-9a-f-]{36}-\d{4}$/);
      const rest = ({ text }: { text: string }) => text.replaceAll(/value="[0-9a-f-]{36}-\d{4}"/g, '');
      expect(rest(again)).toBe(rest(before));
      expect(again.text).toContain('Łukasz Żółty 李');
    });

    test('keeps still when it is paused, and after a form of it too', async () => {
      const app = await build();
      const { cast } = app;
      const live = await app.page(deskOf(app), { as: cast.staff });
      expect(live.text).toContain(
        `<noscript><meta http-equiv="refresh" content="10; url=${deskOf(app)}"></noscript>`,
      );
      expect(live.text).toContain(`hx-sse:connect="/live/lines/${app.service.slug}"`);
      expect(live.text).toMatch(/hx-get="[^"]*" hx-trigger="\w+ from:#live, every \d+s"/);
      const paused = await app.page(`${deskOf(app)}?pause`, { as: cast.staff });
      expect(paused.text).not.toContain('http-equiv');
      expect(paused.text).not.toContain('hx-trigger');
      expect(paused.text).not.toContain('hx-sse');
      expect(paused.text).toContain('Resume updates');
      await walkIn(app);
      const after = await app.form(`${deskOf(app, '/advance')}?pause`, { serving: '' }, { as: cast.staff });
      expect(whereTo(after)).toBe(`${deskOf(app)}?pause=&done=start-A1`);
    });

    test('repeats only what we would have written', async () => {
      const app = await build();
      const { cast } = app;
      const says = async (...done: string[]) =>
        noticeIn(await app.page(deskOf(app), { as: cast.staff, done }));
      expect(await says('complete-A11', 'start-A12')).toBe('A11 was completed. A12 is being served.');
      expect(await says('nothing')).toBe('Nobody is being served, and nobody is waiting.');
      expect(await says('call-A1%3Cb%3E')).toBe('');
      expect(await says('toString-A1')).toBe('');
      expect(await says('')).toBe('');
      const linked = await app.page(`${deskOf(app)}?done=start-A12`, { as: cast.staff });
      expect(noticeIn(linked)).toBe('');
    });

    test('is valid HTML', async () => {
      const app = await build();
      const { cast } = app;
      await book(app, cast.customer, mondayAt('11:00'));
      await move(app, cast.staff, await walkIn(app), 'skip');
      await walkIn(app, '<script>"&\'');
      await advance(act(app, cast.staff), app.service, {});
      await move(app, cast.staff, await walkIn(app), 'call');
      await walkIn(app);
      const validator = new HtmlValidate(RULES);
      for (const path of ['/desk', deskOf(app), deskOf(app, '/walk-in'), `${deskOf(app)}?pause`]) {
        const { text } = await app.page(path, { as: cast.staff, done: ['call-A1'] });
        const report = await validator.validateString(text);
        expect(
          report.results.flatMap(({ messages }) =>
            messages.map(({ ruleId, message, line }) => `${path} ${ruleId}: ${message} (${line})`),
          ),
        ).toEqual([]);
      }
    });
  });

  describe('Next', () => {
    const path = (app: TestApp) => deskOf(app, '/advance');

    test('plain: back to the panel, which says what was done', async () => {
      const app = await build();
      const { cast } = app;
      const [first, second] = [await walkIn(app), await walkIn(app)];
      const one = await app.form(path(app), { serving: '' }, { as: cast.staff });
      expect([one.status, whereTo(one)]).toEqual([303, `${deskOf(app)}?done=start-A1`]);
      const two = await app.form(path(app), { serving: first.id }, { as: cast.staff });
      expect(whereTo(two)).toBe(`${deskOf(app)}?done=complete-A1&done=start-A2`);
      const three = await app.form(path(app), { serving: second.id }, { as: cast.staff });
      expect(whereTo(three)).toBe(`${deskOf(app)}?done=complete-A2`);
      const none = await app.form(path(app), { serving: '' }, { as: cast.staff });
      expect(whereTo(none)).toBe(`${deskOf(app)}?done=nothing`);
    });

    test('htmx: the changed panel at once', async () => {
      const app = await build();
      await walkIn(app);
      const answer = await app.htmx(path(app), {
        as: app.cast.staff,
        target: PANEL,
        fields: { serving: '' },
      });
      expect(answer.status).toBe(200);
      expectPanel(answer);
      expect(noticeIn(answer)).toBe('A1 is being served.');
      expect(answer.text).toContain('<p class="number">A1</p>');
      const tag = answer.headers.get('hx-ptag') ?? '';
      expect(
        (await app.htmx(deskOf(app), { as: app.cast.staff, target: PANEL, headers: { 'hx-ptag': tag } }))
          .status,
      ).toBe(304);
    });

    test('sent twice with its key, it is done once', async () => {
      const app = await build();
      const { cast } = app;
      await walkIn(app);
      await walkIn(app);
      const fields = { serving: '', idempotency_key: newId() };
      const answers = [
        await app.form(path(app), fields, { as: cast.staff }),
        await app.form(path(app), fields, { as: cast.staff }),
      ];
      expect(answers.map(whereTo)).toEqual(Array(2).fill(`${deskOf(app)}?done=start-A1`));
      expect((await entriesOf(app.store, app.service)).map(({ status }) => status)).toEqual([
        'in_service',
        'waiting',
      ]);
    });

    test('stale: nothing happens, and the page says who was faster and who is next', async () => {
      const app = await build();
      const { cast, clock } = app;
      const first = await walkIn(app);
      await walkIn(app);
      await walkIn(app);
      clock.set(mondayAt('14:02'));
      await advance(act(app, cast.admin), app.service, {});
      const none = await app.form(path(app), { serving: '' }, { as: cast.staff });
      expect(none.status).toBe(409);
      expect(noticeIn(none)).toBe(
        'Nothing was changed. Ticket A1 was already started by Ada Admin at 14:02. Next is A2.',
      );
      expect(none.text).toContain(`content="30; url=${deskOf(app)}"`);
      await advance(act(app, cast.admin), app.service, {});
      const answer = await app.htmx(path(app), {
        as: cast.staff,
        target: PANEL,
        fields: { serving: first.id },
      });
      expect(answer.status).toBe(409);
      expectPanel(answer);
      expect(noticeIn(answer)).toBe(
        'Nothing was changed. Ticket A1 was already completed by Ada Admin at 14:02. Next is A3.',
      );
      expect(answer.text).toContain('data-focus');
      expect(await verbsOf(app.store, app.service)).toEqual([
        'walk-in',
        'walk-in',
        'walk-in',
        'advance',
        'advance',
        'advance',
      ]);
    });

    test('after midnight: nobody was faster, the day is over', async () => {
      const app = await build();
      const { cast, clock } = app;
      const entry = await walkIn(app);
      await advance(act(app, cast.staff), app.service, {});
      const waiting = await walkIn(app);
      clock.set(new Date('2026-03-03T08:00:00+01:00'));
      const answer = await app.form(path(app), { serving: entry.id }, { as: cast.staff });
      expect([answer.status, noticeIn(answer)]).toEqual([
        409,
        'Nothing was changed. The day of A1 is over: this is the line of today. Nobody is waiting.',
      ]);
      const called = await app.form(
        deskOf(app, `/entries/${waiting.id}`),
        { verb: 'skip', version: '1' },
        { as: cast.staff },
      );
      expect(noticeIn(called)).toContain('The day of A2 is over');
    });

    test('says once that nothing was changed', async () => {
      const app = await build();
      const entry = await walkIn(app);
      const fields = { verb: 'skip', version: String(entry.version + 1) };
      const answer = await app.form(deskOf(app, `/entries/${entry.id}`), fields, { as: app.cast.staff });
      expect(noticeIn(answer)).toBe(
        'Nothing was changed. Somebody was faster. This is how it stands now. Next is A1.',
      );
    });

    test('invalid: 422 and the panel', async () => {
      const app = await build();
      const answer = await app.form(path(app), { serving: 'me' }, { as: app.cast.staff });
      expect(answer.status).toBe(422);
      expect(noticeIn(answer)).toContain('Please check the marked fields.');
    });
  });

  describe('a walk-in', () => {
    const path = (app: TestApp) => deskOf(app, '/entries');

    test('plain and htmx: in the line', async () => {
      const app = await build();
      const { cast } = app;
      const plain = await app.form(
        path(app),
        { name: ' Petra ', phone: '', priority: 'on' },
        { as: cast.staff },
      );
      expect([plain.status, whereTo(plain)]).toEqual([303, `${deskOf(app)}?done=walk-in-A1`]);
      const answer = await app.htmx(path(app), {
        as: cast.staff,
        target: PANEL,
        fields: { name: 'Paul', phone: '+49 30 123' },
      });
      expect(answer.status).toBe(200);
      expectPanel(answer);
      expect(noticeIn(answer)).toBe('Added to the line as A2.');
      expect(answer.text).toContain('Add a walk-in');
      expect(
        (await entriesOf(app.store, app.service)).map(({ name, phone, priority }) => [name, phone, priority]),
      ).toEqual([
        ['Petra', null, 1],
        ['Paul', '+49 30 123', 0],
      ]);
    });

    test('invalid: the form again, with what was typed, and no reload', async () => {
      const app = await build();
      for (const answer of [
        await app.form(path(app), { name: ' ', phone: '"><b>', priority: 'on' }, { as: app.cast.staff }),
        await app.htmx(path(app), {
          as: app.cast.staff,
          target: PANEL,
          fields: { name: ' ', phone: '"><b>', priority: 'on' },
        }),
      ]) {
        expect(answer.status).toBe(422);
        expect(answer.text).toContain('value="&quot;&gt;&lt;b&gt;"');
        expect(answer.text).toMatch(/<input[^>]*name="priority"[^>]*checked/);
        expect(answer.text).toContain('id="name-error"');
        expect(answer.text).toContain('href="#phone"');
        expect(answer.text).not.toContain('http-equiv');
      }
      expect(await entriesOf(app.store, app.service)).toEqual([]);
    });

    test('after the last ticket: refused, with what was typed', async () => {
      const app = await build();
      await setIntake(act(app, app.cast.staff), app.service, true);
      const answer = await app.form(path(app), { name: 'Too Late' }, { as: app.cast.staff });
      expect(answer.status).toBe(409);
      expect(noticeIn(answer)).toContain('The last ticket of the day has been given.');
      expect(answer.text).toContain('value="Too Late"');
      expect(answer.text.match(/The last ticket of the day has been given/g)).toHaveLength(1);
      expect(noticeIn(answer)).not.toContain('is next');
      // Before anything is typed, there is no form to type it in.
      const page = await app.page(deskOf(app, '/walk-in'), { as: app.cast.staff });
      expect(page.text).not.toContain('name="phone"');
      expect(page.text).toContain(`href="${deskOf(app, '/line')}"`);
    });

    test('sent twice with its key, it is one ticket', async () => {
      const app = await build();
      const fields = { name: 'Twice', idempotency_key: newId() };
      for (let times = 0; times < 2; times += 1) {
        const { headers } = await app.form(path(app), fields, { as: app.cast.staff });
        expect(whereTo({ headers })).toBe(`${deskOf(app)}?done=walk-in-A1`);
      }
      expect(await entriesOf(app.store, app.service)).toHaveLength(1);
    });

    test('has a page of its own, and a part for htmx, that never reload', async () => {
      const app = await build();
      const { cast } = app;
      const page = await app.page(deskOf(app, '/walk-in'), { as: cast.staff });
      expect(page.text).toContain('<h2 id="walk-in-title"');
      expect(page.text).not.toContain('http-equiv');
      const part = await app.htmx(deskOf(app, '/walk-in'), { as: cast.staff, target: 'walk-in' });
      expect(part.text).toMatch(/^<section id="walk-in"/);
      expect(part.text).toContain('hx-morph-skip');
      expect(part.text).not.toContain(`${PANEL}"`);
    });

    test('is not offered, and refused, where a service takes none', async () => {
      const app = await build({ walkIns: false });
      const { cast } = app;
      expect((await app.page(deskOf(app), { as: cast.staff })).text).not.toContain('/walk-in"');
      expect((await app.page(deskOf(app, '/walk-in'), { as: cast.staff })).status).toBe(404);
      const answer = await app.form(path(app), { name: 'Nobody' }, { as: cast.staff });
      expect(answer.status).toBe(409);
      expect(noticeIn(answer)).toContain('This service takes no walk-ins.');
    });

    test.each(['no walk-ins', 'nobody at all'])(
      'stays while it is typed for a service that takes %s by now, and is told why it is refused',
      async (whom) => {
        const app = await build();
        const { cast, service } = app;
        await walkIn(app, 'Anna');
        if (whom === 'no walk-ins') await alterService(app.store, service, { walkIns: false });
        else await retireService(act(app, cast.admin), service);
        // What a poll brings leaves the open form alone.
        const poll = await app.htmx(deskOf(app), { as: cast.staff, target: PANEL });
        expect(poll.text).toContain('<section id="walk-in"></section>');
        const fields = { name: 'Typed', note: 'Brings a dog', 'needs[]': 'hearing' };
        for (const answer of [
          await app.form(path(app), fields, { as: cast.staff }),
          await app.htmx(path(app), { as: cast.staff, target: PANEL, fields }),
        ]) {
          expect(answer.status).toBe(409);
          expect(noticeIn(answer)).toBe('Nothing was changed. This service takes no walk-ins.');
          for (const kept of ['value="Typed"', 'Brings a dog', 'value="hearing" checked'])
            expect(answer.text).toContain(kept);
        }
      },
    );
  });

  describe('a check-in', () => {
    const build1 = async () => {
      const app = await build();
      const reservation = await book(app, app.cast.customer, mondayAt('10:00'));
      return { app, path: deskOf(app, `/reservations/${reservation.id}/check-in`), reservation };
    };

    test('plain: a ticket; a second time the same', async () => {
      const { app, path } = await build1();
      for (let times = 0; times < 2; times += 1) {
        const { status, headers } = await app.form(path, {}, { as: app.cast.staff });
        expect([status, whereTo({ headers })]).toEqual([303, `${deskOf(app)}?done=check-in-A1`]);
      }
      expect(await verbsOf(app.store, app.service)).toEqual(['book', 'check-in']);
    });

    test('htmx: the panel, with the ticket in it', async () => {
      const { app, path } = await build1();
      const answer = await app.htmx(path, { as: app.cast.staff, target: PANEL, fields: {} });
      expect(answer.status).toBe(200);
      expectPanel(answer);
      expect(noticeIn(answer)).toBe('Checked in as A1.');
      expect(answer.text).toContain('Reservation 10:00, on time');
      expect(answer.text).not.toContain('Expected today');
      expect(answer.text).toContain('data-focus="lost">A1</th>');
    });

    test('of a canceled one is refused, and so is one of another day', async () => {
      const { app, path, reservation } = await build1();
      const { cast } = app;
      const tomorrow = await book(
        app,
        cast.otherCustomer,
        new Date(mondayAt('10:00').getTime() + 24 * 3_600_000),
      );
      await cancelReservation(
        act(app, cast.customer),
        await reachReservation(act(app, cast.customer), reservation.id),
      );
      const canceled = await app.form(path, {}, { as: cast.staff });
      expect(canceled.status).toBe(409);
      expect(noticeIn(canceled)).toBe(
        'Nothing was changed. This reservation was canceled. Nobody is waiting.',
      );
      const early = await app.form(
        deskOf(app, `/reservations/${tomorrow.id}/check-in`),
        {},
        { as: cast.staff },
      );
      expect(early.status).toBe(409);
      expect(noticeIn(early)).toContain('It is not the time to check in.');
    });

    test('of another place is not found here', async () => {
      const { app, reservation } = await build1();
      const other = await buildService(app.store, app.otherLocation);
      const answer = await app.form(
        `/desk/${other.slug}/reservations/${reservation.id}/check-in`,
        {},
        { as: app.cast.admin },
      );
      expect(answer.status).toBe(404);
    });
  });

  describe('a verb', () => {
    /** A ticket that is ready for it. */
    const ready = async (app: TestApp, verb: Verb): Promise<QueueEntry> => {
      const entry = await walkIn(app);
      const before: Partial<Record<Verb, Verb[]>> = {
        recall: ['call'],
        start: ['call'],
        complete: ['call', 'start'],
        park: ['call', 'start'],
        requeue: ['call'],
        reinstate: ['skip'],
      };
      let last = entry;
      for (const step of before[verb] ?? []) last = await move(app, app.cast.staff, entry, step);
      return last;
    };
    const pathOf = (app: TestApp, { id }: { id: string }) => deskOf(app, `/entries/${id}`);

    test.each(VERBS)('%s: plain, htmx, again, stale, invalid, out of reach', async (verb) => {
      const app = await build();
      const { cast } = app;
      const [one, two] = [await ready(app, verb), await ready(app, verb)];
      const fields = (entry: QueueEntry) => ({ verb, version: String(entry.version) });

      for (const [as, status] of [
        [cast.customer, 403],
        [cast.otherStaff, 404],
      ] as const) {
        expect((await app.form(pathOf(app, one), fields(one), { as })).status).toBe(status);
      }
      expect((await app.form(pathOf(app, one), fields(one))).headers.get('location')).toBe('/login');
      expect((await app.form(pathOf(app, { id: newId() }), { verb }, { as: cast.staff })).status).toBe(404);
      const far = await buildService(app.store, app.otherLocation);
      expect(
        (await app.form(`/desk/${far.slug}/entries/${one.id}`, fields(one), { as: cast.admin })).status,
      ).toBe(404);
      for (const wrong of [{ verb, version: 'new' }, { version: '1' }, { verb: 'end-day' }]) {
        const invalid = await app.form(pathOf(app, one), wrong, { as: cast.staff });
        expect(invalid.status).toBe(422);
        expect(noticeIn(invalid)).toContain('Nothing was changed.');
      }
      const stale = await app.form(
        pathOf(app, one),
        { verb, version: String(one.version + 1) },
        { as: cast.staff },
      );
      expect(stale.status).toBe(409);
      expect(noticeIn(stale)).toMatch(
        /^Nothing was changed\. (Ticket A1 was already (called|started|skipped) by Sam Staff at 08:00|Somebody was faster)\./,
      );

      const plain = await app.form(pathOf(app, one), fields(one), { as: cast.staff });
      expect([plain.status, whereTo(plain)]).toEqual([303, `${deskOf(app)}?done=${verb}-A1`]);
      const events = (await verbsOf(app.store, app.service)).length;
      const again = await app.form(pathOf(app, one), fields(one), { as: cast.staff });
      // To call again is the one verb that does its work each time, and so tells that somebody just did.
      expect(again.status).toBe(verb === 'recall' ? 409 : 303);
      expect(await verbsOf(app.store, app.service)).toHaveLength(events);

      const answer = await app.htmx(pathOf(app, two), {
        as: cast.staff,
        target: PANEL,
        fields: fields(two),
      });
      expect(answer.status).toBe(200);
      expectPanel(answer);
      expect(noticeIn(answer)).toContain('A2 ');
    });

    test('to a ticket that somebody else moved on: 409, the panel as it is now, who and what', async () => {
      const app = await build();
      const { cast, clock } = app;
      const entry = await walkIn(app);
      await walkIn(app);
      clock.set(mondayAt('14:02'));
      await move(app, cast.admin, entry, 'call');
      const fields = { verb: 'skip', version: '1' };
      for (const answer of [
        await app.form(pathOf(app, entry), fields, { as: cast.staff }),
        await app.htmx(pathOf(app, entry), { as: cast.staff, target: PANEL, fields }),
      ]) {
        expect(answer.status).toBe(409);
        expect(noticeIn(answer)).toBe(
          'Nothing was changed. Ticket A1 was already called by Ada Admin at 14:02. Next is A1.',
        );
        expect(answer.text).toContain('aria-label="Start A1"');
      }
    });

    test('reinstate comes too late after the grace period', async () => {
      const app = await build();
      const { cast, clock } = app;
      const entry = await ready(app, 'reinstate');
      clock.pass(11);
      const answer = await app.form(pathOf(app, entry), { verb: 'reinstate' }, { as: cast.staff });
      expect(answer.status).toBe(409);
      expect(noticeIn(answer)).toBe(
        'Nothing was changed. A1 was skipped too long ago to come back. Nobody is waiting.',
      );
    });

    test('call is only for the next one, unless somebody says why', async () => {
      const app = await build();
      const { cast } = app;
      await walkIn(app);
      const second = await walkIn(app);
      const early = await app.form(pathOf(app, second), { verb: 'call' }, { as: cast.staff });
      expect(early.status).toBe(409);
      expect(noticeIn(early)).toContain('A2 is not the next one any more.');
      const unsaid = await app.form(`${pathOf(app, second)}/call`, { reason: ' ' }, { as: cast.staff });
      expect(unsaid.status).toBe(422);
      expect(unsaid.text).toContain('id="reason-error"');
      const said = await app.form(`${pathOf(app, second)}/call`, { reason: 'Faints' }, { as: cast.staff });
      expect(whereTo(said)).toBe(`${deskOf(app)}?done=call-A2`);
      const [, called] = await entriesOf(app.store, app.service);
      expect(called).toMatchObject({ status: 'called', reason: 'Faints' });
    });
  });
});
