import { expect, test } from 'vitest';
import { checkInAtKiosk } from '../../src/actions/kiosk.ts';
import { advance, announceDelay, type TakenTicket, takeTicket } from '../../src/actions/queue.ts';
import { reachReservation } from '../../src/actions/reservations.ts';
import { annotateTicket, moveTicket, transferTicket } from '../../src/actions/tickets.ts';
import { undo } from '../../src/actions/undo.ts';
import { entryById } from '../../src/db/tickets.ts';
import type { HolderDeed } from '../../src/domain/held.ts';
import type { Person } from '../../src/domain/roles.ts';
import { newToken } from '../../src/domain/token.ts';
import { type Answer, buildApp, leadsTo, type TestApp } from '../support/app.ts';
import {
  addPastTickets,
  book,
  buildService,
  checkInTo,
  entriesOf,
  mondayAt,
  verbsOf,
  walkIn,
} from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

function take(app: TestApp, name = 'Wanda', priority = 0): Promise<TakenTicket> {
  return takeTicket(app.act(app.cast.staff), app.service, { name, phone: null, priority });
}

/** The fields of a ticket's form as its page has them. */
function fieldsOf(text: string, deed: HolderDeed): Record<string, string> {
  const form = new RegExp(`action="[^"]*/${deed}(?:\\?pause)?".*?</form>`, 's').exec(text)?.[0];
  if (!form) throw new Error(`No form to ${deed}`);
  return Object.fromEntries(
    [...form.matchAll(/<input type="hidden" name="([a-z_]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
}

function standing({ text }: Answer): string | undefined {
  return /<p id="standing" class="ahead" role="status">([^<]*)</.exec(text)?.[1];
}

onBothDatabases('the page of a ticket', (open) => {
  test('says where it stands, to its link alone, and keeps the link to itself', async () => {
    const app = await buildApp(open().store);
    await walkIn(app, 'Ann');
    const { entry, token } = await take(app);
    const page = await app.page(`/t/${token}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain(`>${entry.number}</h2>`);
    expect(standing(page)).toBe('1 person ahead of you');
    // A browser of text knows nothing of a refresh.
    expect(page.text).toContain('As of 08:00 <noscript>Reload this page to see your place. </noscript><a');
    expect(page.headers.get('cache-control')).toBe('private, no-store');
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    for (const wrong of [newToken(), 'x', token.slice(1), `${token}0`, `${token.slice(1)}%00`, entry.id]) {
      expect((await app.page(`/t/${wrong}`)).status, wrong).toBe(404);
      expect((await app.form(`/t/${wrong}/leave`)).status, wrong).toBe(404);
    }
    await app.form(`/t/${token}/delay`, fieldsOf(page.text, 'delay'));
    expect(app.lines().join()).not.toContain(token);
    expect(JSON.stringify(await open().raw('SELECT * FROM answers'))).not.toContain(token);
  });

  test('says how long it will still take, and when that was reckoned, on paper too', async () => {
    const app = await buildApp(open().store);
    await addPastTickets(app, 14);
    app.clock.set(mondayAt('12:00'));
    const { deskId, act, cast, service } = app;
    await walkIn(app);
    await advance(act(cast.staff), service, { deskId });
    await walkIn(app);
    const { entry, token } = await take(app);
    const said = /About (\d+) to (\d+) minutes, as of 12:00/;
    const page = await app.page(`/t/${token}`);
    const [, low, high] = said.exec(page.text) ?? [];
    expect(Number(low)).toBeGreaterThan(10);
    expect(Number(high)).toBeLessThan(40);
    expect(Math.abs((entry.estimatedLow ?? 0) - Number(low))).toBeLessThan(4);
    // Ten more minutes would change nothing: nobody is behind, and nobody calls before then.
    expect(page.text).not.toContain('/delay"');
    expect((await app.page(`/t/${token}?print`)).text).toMatch(said);
    expect((await app.page(`/kiosk/${app.location.slug}/t/${token}`)).text).toMatch(said);
    expect((await app.page(`/board/${app.location.slug}`)).text).toMatch(
      /New numbers: about \d+ to \d+ minutes/,
    );
    app.clock.set(new Date('2026-03-03T12:00:00+01:00'));
    expect((await app.page(`/t/${token}`)).text).not.toContain('class="estimate"');
  });

  test('says nothing of how long it takes while too little is known', async () => {
    const app = await buildApp(open().store);
    await walkIn(app, 'Ann');
    const { token, entry } = await take(app);
    expect((await app.page(`/t/${token}`)).text).not.toContain('class="estimate"');
    expect((await app.page(`/t/${token}?print`)).text).not.toMatch(/as of|minutes/);
    expect([entry.estimatedLow, entry.estimatedHigh]).toEqual([null, null]);
  });

  test('is not sent again while it would be the same', async () => {
    const app = await buildApp(open().store);
    const { token } = await take(app);
    const tag = (await app.page(`/t/${token}`)).headers.get('hx-ptag') ?? '';
    const poll = () => app.htmx(`/t/${token}`, { target: 'ticket-panel', headers: { 'hx-ptag': tag } });
    expect((await poll()).status).toBe(304);
    await walkIn(app, 'Ann', 3);
    const news = await poll();
    expect(news.status).toBe(200);
    expect(news.text).not.toContain('<html');
    expect(standing(news)).toBe('1 person ahead of you');
  });

  test('is not sent again for what happens to others, unless it shows', async () => {
    const app = await buildApp(open().store);
    const first = await walkIn(app, 'Ann');
    const { token, entry } = await take(app);
    await walkIn(app, 'Bob');
    const staff = app.act(app.cast.staff);
    const poll = (tag: string) =>
      app.htmx(`/t/${token}`, { target: 'ticket-panel', headers: { 'hx-ptag': tag } });
    const tagNow = async () => (await app.page(`/t/${token}`)).headers.get('hx-ptag') ?? '';
    const called = await moveTicket(staff, first, 'call', { deskId: app.deskId });
    const tag = await tagNow();
    await moveTicket(staff, called, 'recall');
    expect((await poll(tag)).status).toBe(304);
    await announceDelay(staff, app.service, { minutes: 25 });
    const late = await poll(tag);
    expect([late.status, late.text.includes('25 minutes late')]).toEqual([200, true]);
    // Its own changes it is always told, also one that only raises its version: the forms carry it.
    const before = await tagNow();
    await annotateTicket(staff, entry, { note: 'Brings a dog' });
    expect((await poll(before)).text).toContain(`value="${entry.version + 1}"`);
  });

  test('speaks with one voice in every state: one polite sentence, or the call', async () => {
    const app = await buildApp(open().store);
    const { entry, token } = await take(app);
    const staff = app.act(app.cast.staff);
    const page = async () => (await app.page(`/t/${token}`)).text;
    const voices = (text: string) =>
      [...text.matchAll(/role="(status|alert)"(?! data-offline)/g)].map(([, role]) => role);
    const expectVoice = async (role: string, words: string) => {
      const text = await page();
      expect(voices(text)).toEqual([role]);
      expect(text).toContain(words);
    };
    await expectVoice('status', 'You are next');
    const called = await moveTicket(staff, entry, 'call', { deskId: app.deskId });
    await expectVoice('alert', 'It is your turn. Please come to Desk 1 now.');
    expect(await page()).toContain('<p class="desk-name">Desk 1</p>');
    app.clock.pass(1);
    const served = await moveTicket(app.act(app.cast.staff), called, 'start');
    await expectVoice('status', 'You are being served at Desk 1.');
    const parked = await moveTicket(staff, served, 'park');
    await expectVoice('status', 'You are on hold.');
    const skipped = await moveTicket(staff, parked, 'skip');
    await expectVoice('status', 'You were called and did not come.');
    expect(await page()).toContain('Until 08:10 you can have your old place back');
    app.clock.pass(11);
    expect(await page()).toContain('It is too late to have your place back');
    expect(await page()).not.toContain('<form');
    app.clock.pass(-11);
    await moveTicket(staff, skipped, 'reinstate');
    await expectVoice('status', 'You are next');
    app.clock.pass(24 * 60);
    await expectVoice('status', 'That day is over.');
    expect(await page()).not.toContain('action="/t/');
    expect((await app.page(`/t/${token}?print`)).text).not.toContain('You are next');
  });

  test('blames nobody for a call that there was not', async () => {
    const app = await buildApp(open().store);
    const { entry, token } = await take(app);
    await moveTicket(app.act(app.cast.staff), entry, 'skip');
    const page = await app.page(`/t/${token}`);
    expect(standing(page)).toBe('The desk skipped your ticket.');
    expect(page.text).toContain(
      'Until 08:10 you can have your old place back: please speak to the desk now.',
    );
    expect(page.text).not.toContain('did not come');
  });

  test('says of an early one when its time is, and of a late line how late', async () => {
    const app = await buildApp(open().store, { service: { checkInBeforeMinutes: 240 } });
    const reservation = await book(app, app.cast.customer, mondayAt('10:00'));
    await checkInTo(app.act(app.cast.customer), reservation);
    await app.json('POST', `/api/queues/${app.service.id}/delay`, {
      as: app.cast.staff,
      body: { minutes: 25 },
    });
    const { text } = await app.page(`/reservations/${reservation.id}`, { as: app.cast.customer });
    expect(text).toContain('Your time is 10:00.');
    expect(text).toContain('Today this line runs about 25 minutes late.');
  });

  test('tells an early one no place that does not hold, here, on paper and at the kiosk', async () => {
    const app = await buildApp(open().store, { service: { checkInBeforeMinutes: 240 } });
    const { id } = await book(app, app.cast.customer, mondayAt('09:00'));
    app.clock.set(mondayAt('08:50'));
    await walkIn(app, 'Ann');
    const token = newToken();
    await checkInAtKiosk(app.act(null), await reachReservation(app.act(app.cast.customer), id), token);
    await walkIn(app, 'Bob');
    await walkIn(app, 'Ben');
    const pages = () =>
      Promise.all([
        app.page(`/t/${token}`),
        app.page(`/reservations/${id}`, { as: app.cast.customer }),
        app.page(`/t/${token}?print`),
        app.page(`/kiosk/${app.location.slug}/t/${token}`),
      ]);
    for (const { text } of await pages()) {
      expect(text).toContain('Your time is 09:00');
      expect(text).toContain('You will not be called earlier unless the line is empty.');
      expect(text).not.toMatch(/ahead of you|Why you wait longer/);
    }
    // It passes those who came after its credit.
    app.clock.set(mondayAt('09:00'));
    for (const { text } of await pages()) {
      expect(text).toMatch(/You are next|\d (person|people) ahead of you/);
      expect(text).not.toMatch(/Your time is|Why you wait longer/);
    }
  });

  test('says of a late one that it waits from its arrival, on paper and at the kiosk too', async () => {
    const app = await buildApp(open().store, { service: { capacity: 2 } });
    const told = 'You came later than the time that you booked, so you wait from your arrival on.';
    const arrive = async (customer: Person, at: Date) => {
      const { id } = await book(app, customer, mondayAt('09:00'));
      app.clock.set(at);
      const token = newToken();
      await checkInAtKiosk(app.act(null), await reachReservation(app.act(customer), id), token);
      return [
        await app.page(`/t/${token}`),
        await app.page(`/t/${token}?print`),
        await app.page(`/kiosk/${app.location.slug}/t/${token}`),
        await app.page(`/reservations/${id}`, { as: customer }),
      ].map(({ text }) => text.includes(told));
    };
    expect(await arrive(app.cast.customer, mondayAt('08:50'))).toEqual([false, false, false, false]);
    app.clock.set(mondayAt('08:00'));
    expect(await arrive(app.cast.otherCustomer, mondayAt('09:11'))).toEqual([true, true, true, true]);
  });

  test('calls whom the desk begins with at once, until they had time to come', async () => {
    const app = await buildApp(open().store);
    const { token } = await take(app);
    await advance(app.act(app.cast.staff), app.service, { deskId: app.deskId });
    const page = await app.page(`/t/${token}`);
    expect(page.text).toMatch(/id="turn-\d+"[^>]*role="alert">It is your turn. Please come to Desk 1 now./);
    expect(page.text).toContain('<title>Your turn: A1 ·');
    const poll = { target: 'ticket-panel', headers: { 'hx-ptag': 'older' } };
    expect((await app.htmx(`/t/${token}`, poll)).text).toMatch(
      /^<title>Your turn: A1 · Now Serving<\/title><div/,
    );
    app.clock.pass(3);
    const later = await app.page(`/t/${token}`);
    expect(standing(later)).toBe('You are being served at Desk 1.');
    expect(later.text).toContain('<title>A1 · ');
  });

  test('that came with the booking says for when it is, not that it was taken then', async () => {
    const app = await buildApp(open().store, { service: { checkIn: 'none' } });
    const { id } = await book(app, app.cast.customer, mondayAt('11:30'));
    app.clock.set(mondayAt('10:33'));
    const token = newToken();
    await checkInAtKiosk(app.act(null), await reachReservation(app.act(app.cast.customer), id), token);
    const walkIn = await take(app);
    for (const path of ['/t/', `/kiosk/${app.location.slug}/t/`]) {
      const { text } = await app.page(path + token);
      expect(text).toContain('For Monday 2 March, 11:30<');
      expect(text).not.toContain('Taken');
      expect((await app.page(path + walkIn.token)).text).toContain('Taken Monday 2 March, 10:33<');
    }
  });

  test('calls nobody next whose line does not call them yet', async () => {
    const app = await buildApp(open().store, { service: { checkIn: 'none', earlyCallMinutes: 15 } });
    const reservation = await book(app, app.cast.customer, mondayAt('10:00'));
    const page = () => app.page(`/reservations/${reservation.id}`, { as: app.cast.customer });
    expect(standing(await page())).toBe('Your time is 10:00');
    expect((await page()).text).toContain('You will not be called before 09:45.');
    app.clock.set(mondayAt('09:45'));
    expect(standing(await page())).toBe('You are next');
    expect((await page()).text).not.toContain('You will not be called before');
    app.clock.set(mondayAt('10:00'));
    expect((await page()).text).toContain('Please stay close.');
  });

  test('is printed with its number, how to follow it and when it was taken', async () => {
    const app = await buildApp(open().store, { env: { BASE_URL: 'https://queue.example' } });
    const { entry, token } = await take(app);
    const { text } = await app.page(`/t/${token}?print`);
    expect(text).toMatch(/<svg class="qr" role="img" aria-label="[^"]+"/);
    expect(text).toContain(`>${entry.number}</h2>`);
    expect(text).toContain('Taken Monday 2 March, 08:00');
    expect(text).not.toContain('<nav');
    expect(text).not.toContain('style=');
  });
});

onBothDatabases('a holder who', (open) => {
  test('leaves has half a minute to regret it', async () => {
    const app = await buildApp(open().store, { service: { phoneJoin: true } });
    await walkIn(app, 'Ann');
    const { entry, token } = await take(app);
    const path = `/t/${token}`;
    const { text } = await app.page(path);
    const left = await app.form(`${path}/leave`, fieldsOf(text, 'leave'));
    expect([left.status, leadsTo(left)]).toEqual([303, `${path}?done=leave`]);
    const after = await app.nextPage(left);
    expect(after.text).toContain('You left the line.');
    expect(standing(after)).toBe('You are no longer in the line.');
    expect(after.text).toMatch(/<button type="submit" class="primary">Undo.*Take a new number/s);
    expect(after.text.match(/class="(button )?primary"/g)).toHaveLength(1);
    const undone = await app.form(`${path}/undo`, fieldsOf(after.text, 'undo'));
    expect(undone.status).toBe(303);
    expect(standing(await app.page(path))).toBe('1 person ahead of you');
    expect(await verbsOf(app.store, app.service)).toEqual(['walk-in', 'walk-in', 'leave', 'undo']);

    await app.form(`${path}/leave`, fieldsOf((await app.page(path)).text, 'leave'));
    app.clock.pass(1);
    const late = await app.page(path);
    expect(late.text).not.toContain('/undo"');
    expect(late.text).toContain(`href="/join/${app.service.slug}">Take a new number`);
    expect((await app.form(`${path}/undo`)).status).toBe(409);
    expect((await entryById(app.store, entry.id))?.status).toBe('left');
  });

  test('sees the button go once it is of no use', async () => {
    const app = await buildApp(open().store);
    const { token } = await take(app);
    const path = `/t/${token}`;
    await app.form(`${path}/leave`, fieldsOf((await app.page(path)).text, 'leave'));
    const start = app.clock();
    const poll = async () => {
      const { headers } = await app.page(path);
      return (seconds: number) => {
        app.clock.set(new Date(start.getTime() + seconds * 1_000));
        const tag = headers.get('hx-ptag') ?? '';
        return app.htmx(path, { target: 'ticket-panel', headers: { 'hx-ptag': tag } });
      };
    };
    const later = await (await poll())(31);
    expect([later.status, later.text.includes('/undo"')]).toEqual([200, false]);
  });

  test.each(['call', 'leave'] as const)('reads nothing that became untrue, after %s', async (verb) => {
    const app = await buildApp(open().store);
    const { entry, token } = await take(app);
    const poll = () => app.htmx(`/t/${token}`, { target: 'ticket-panel', headers: { 'hx-ptag': 'older' } });
    const forgets = '<hx-partial hx-target="#ticket-notice" hx-swap="innerHTML"></hx-partial>';
    expect((await poll()).text).not.toContain(forgets);
    const desk = verb === 'call' ? { deskId: app.deskId } : {};
    await moveTicket(app.act(app.cast.staff), entry, verb, desk);
    expect((await poll()).text).toContain(forgets);
  });

  test('reads of what they did only as long as it is so', async () => {
    const app = await buildApp(open().store);
    const { token } = await take(app);
    const path = `/t/${token}`;
    const send = async (deed: HolderDeed) => {
      const fields = fieldsOf((await app.page(path)).text, deed);
      const { text } = await app.htmx(`${path}/${deed}`, { target: 'ticket-panel', fields });
      return /data-deed="\w+"[^>]*><span>([^<]*)</.exec(text)?.[1];
    };
    const goes = async () => {
      const poll = { target: 'ticket-panel', headers: { 'hx-ptag': 'older' } };
      const { text } = await app.htmx(path, poll);
      return /hx-target="([^"]*)" hx-swap="delete"/.exec(text)?.[1];
    };
    expect(await send('delay')).toBe('You have more time: nobody calls you before 08:10.');
    expect(await goes()).toBe('[data-deed=leave],[data-deed=back]');
    app.clock.pass(10);
    expect(await goes()).toBe('[data-deed=leave],[data-deed=delay]');
    const again = await app.form(`${path}/delay`);
    app.clock.pass(10);
    expect((await app.nextPage(again)).text).not.toContain('You have more time');
  });

  test('paused the updates is told so, also by the forms', async () => {
    const app = await buildApp(open().store);
    const { token } = await take(app);
    const path = `/t/${token}`;
    const { text } = await app.page(`${path}?pause`);
    expect(text).toContain('you are not told here when you are called');
    expect(text).not.toContain('This page keeps itself up to date');
    expect(text).toContain(`action="${path}/delay?pause"`);
    const asked = await app.form(`${path}/delay?pause`, fieldsOf(text, 'delay'));
    expect((await app.nextPage(asked)).text).toContain('Resume updates');
  });

  test('asks for more time is told what it costs, gets it once for each press, twice at most', async () => {
    const app = await buildApp(open().store);
    const { entry, token } = await take(app);
    const path = `/t/${token}`;
    await walkIn(app, 'Ann');
    app.clock.pass(1);
    const page = await app.page(path);
    expect(page.text).toContain(
      'twice at most. You are then not called before 08:11, and 1 person behind you may go first.',
    );
    const press = fieldsOf(page.text, 'delay');
    const twice = await Promise.all([app.form(`${path}/delay`, press), app.form(`${path}/delay`, press)]);
    expect(twice.map(({ status }) => status).filter((status) => status !== 303 && status !== 409)).toEqual(
      [],
    );
    expect((await app.form(`${path}/delay`, press)).status).toBe(303);
    expect((await entryById(app.store, entry.id))?.delays).toBe(1);

    const away = await app.page(path);
    expect(standing(away)).toBe('You asked for time. Nobody calls you before 08:11.');
    expect((await app.page(`${path}?print`)).text).toContain('Nobody calls you before 08:11.');
    expect(away.text).toContain('Nobody calls you before 08:11.');
    expect(away.text).toContain('you asked for more time');
    expect(away.text).toContain('once more. You are then not called before 08:21');
    await app.form(`${path}/delay`, fieldsOf(away.text, 'delay'));
    const spent = await app.page(path);
    expect(spent.text).not.toContain('/delay"');
    const refused = await app.form(`${path}/delay`);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('There is no more time to ask for.');
    // The address of a form answers nobody who only looks.
    expect(refused.text).toContain(`content="20; url=${path}"`);
    expect((await entryById(app.store, entry.id))?.delays).toBe(2);
  });

  test('comes back earlier waits for nothing', async () => {
    const app = await buildApp(open().store);
    const { token } = await take(app);
    const path = `/t/${token}`;
    await app.form(`${path}/delay`, fieldsOf((await app.page(path)).text, 'delay'));
    app.clock.pass(2);
    const back = await app.form(`${path}/back`, fieldsOf((await app.page(path)).text, 'back'));
    const after = await app.nextPage(back);
    expect(after.text).toContain('Good, you are back in the line.');
    expect(after.text).not.toContain('Nobody calls you before');
    expect(after.text).not.toContain('/back"');
  });

  test('is told what can be taken back: each deed by its name', async () => {
    const app = await buildApp(open().store);
    const { token } = await take(app);
    const path = `/t/${token}`;
    const page = async () => (await app.page(path)).text;
    const undo = async () => />(Undo[^<]*)</.exec(await page())?.[1];
    expect(await undo()).toBeUndefined();
    for (const [deed, words] of [
      ['delay', 'Undo asking for ten more minutes'],
      ['back', 'Undo coming back'],
      ['leave', 'Undo leaving the line'],
    ] as const) {
      await app.form(`${path}/${deed}`, fieldsOf(await page(), deed));
      expect(await undo()).toBe(words);
    }
  });

  test('needs no word of what to do when called is given none, on an open page as on a fresh one', async () => {
    const app = await buildApp(open().store);
    const { entry, token } = await take(app);
    const poll = { target: 'ticket-panel', headers: { 'hx-ptag': 'older' } };
    const beside = async () =>
      [await app.page(`/t/${token}`), await app.htmx(`/t/${token}`, poll)].map(
        ({ text }) => /<section[^>]*id="when-called".*?<\/section>/s.exec(text)?.[0],
      );
    let ticket = entry;
    for (const verb of ['call', 'start', 'park', 'skip', 'reinstate', 'leave'] as const) {
      ticket = await moveTicket(app.act(app.cast.staff), ticket, verb, { deskId: app.deskId });
      const [fresh, open] = await beside();
      const tells = verb === 'park' || verb === 'reinstate';
      expect([verb, fresh?.includes('Print this ticket')]).toEqual([verb, tells]);
      expect(open).toBe(fresh);
    }
  });

  test.each(['leave', 'delay', 'back'] as const)('does so in place with htmx: %s', async (deed) => {
    const app = await buildApp(open().store);
    const { token } = await take(app);
    const path = `/t/${token}`;
    if (deed === 'back') await app.form(`${path}/delay`);
    const fields = fieldsOf((await app.page(path)).text, deed);
    const answer = await app.htmx(`${path}/${deed}`, { target: 'ticket-panel', fields });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^<title>A1 · [^<]+<\/title><div id="ticket-panel"/);
    expect(answer.text).toContain('data-kind="success"');
  });

  test.each(['leave', 'delay', 'undo'] as const)('sends nonsense is asked again: %s', async (deed) => {
    const app = await buildApp(open().store);
    const { entry, token } = await take(app);
    const answer = await app.form(`/t/${token}/${deed}`, { version: 'newest' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`>${entry.number}</h2>`);
    expect((await entryById(app.store, entry.id))?.version).toBe(entry.version);
  });

  test.each(['leave', 'delay'] as const)('had an old page is shown how it stands now: %s', async (deed) => {
    const app = await buildApp(open().store);
    const { entry, token } = await take(app);
    const fields = fieldsOf((await app.page(`/t/${token}`)).text, deed);
    await moveTicket(app.act(app.cast.staff), entry, 'call', { deskId: app.deskId });
    for (const answer of [
      await app.form(`/t/${token}/${deed}`, fields),
      await app.htmx(`/t/${token}/${deed}`, { target: 'ticket-panel', fields }),
    ]) {
      expect(answer.status).toBe(409);
      expect(answer.text).toContain('Nothing was done; this is how it stands.');
      expect(answer.text).toContain('Please come to Desk 1 now.');
    }
    expect((await entryById(app.store, entry.id))?.status).toBe('called');
  });

  test('is called again reads so in another element, also within the minute', async () => {
    const app = await buildApp(open().store);
    const { entry, token } = await take(app);
    const turn = async () => {
      const { text } = await app.page(`/t/${token}`);
      const [, id, said] = /id="(turn-\d+)"[^>]*role="alert">([^<]*)</.exec(text) ?? [];
      return { id, said };
    };
    app.clock.set(mondayAt('09:10'));
    const called = await moveTicket(app.act(app.cast.staff), entry, 'call', { deskId: app.deskId });
    const first = await turn();
    expect(first.said).toBe('It is your turn. Please come to Desk 1 now. Called at 09:10.');
    app.clock.pass(0.2);
    const again = await moveTicket(app.act(app.cast.staff), called, 'recall');
    const second = await turn();
    expect(second.said).toBe('It is your turn. Please come to Desk 1 now. Called again at 09:10.');
    expect(second.id).not.toBe(first.id);
    await undo(app.act(app.cast.staff), again);
    expect(await turn()).toEqual(first);
  });

  test('was sent to another line is told where, and what stays', async () => {
    const app = await buildApp(open().store);
    const other = await buildService(app.store, app.location, { name: 'Parking' });
    const { entry, token } = await take(app);
    await transferTicket(app.act(app.cast.staff), entry, { serviceId: other.id });
    expect((await app.page(`/t/${token}`)).text).toContain(
      'The desk sent you to Parking. You keep your number and the time that you have waited.',
    );
  });

  test('has a reservation does the same on its page', async () => {
    const app = await buildApp(open().store);
    const reservation = await book(app, app.cast.customer, mondayAt('09:00'));
    app.clock.set(mondayAt('09:00'));
    await checkInTo(app.act(app.cast.customer), reservation);
    const path = `/reservations/${reservation.id}`;
    const as = { as: app.cast.customer };
    const delay = fieldsOf((await app.page(path, as)).text, 'delay');
    expect((await app.form(`${path}/delay`, delay, as)).status).toBe(303);
    const away = await app.page(path, as);
    expect(away.text).toContain('Nobody calls you before 09:10.');
    await app.form(`${path}/back`, fieldsOf(away.text, 'back'), as);
    await app.form(`${path}/leave`, fieldsOf((await app.page(path, as)).text, 'leave'), as);
    const left = await app.page(path, as);
    expect(left.text).toContain('Take my old place again');
    expect((await app.form(`${path}/undo`, fieldsOf(left.text, 'undo'), as)).status).toBe(303);
    const [entry] = await entriesOf(app.store, app.service);
    expect(entry?.status).toBe('waiting');
  });

  test('has a number for another day can do nothing to it yet', async () => {
    const app = await buildApp(open().store, { service: { checkIn: 'none' } });
    const reservation = await book(app, app.cast.customer, new Date('2026-03-05T10:00:00+01:00'));
    const { text } = await app.page(`/reservations/${reservation.id}`, { as: app.cast.customer });
    expect(text).toContain('This is your number for Thursday 5 March.');
    expect(text).not.toContain('ahead of you');
    expect(text).not.toContain('/delay"');
    expect(text).not.toContain('/leave"');
  });

  test('was sent to another line sees that line', async () => {
    const app = await buildApp(open().store);
    const other = await buildService(app.store, app.location, { name: 'Parking' });
    await takeTicket(app.act(app.cast.staff), other, { name: 'Ann', phone: null, priority: 3 });
    const reservation = await book(app, app.cast.customer, mondayAt('09:00'));
    app.clock.set(mondayAt('09:00'));
    const entry = await checkInTo(app.act(app.cast.customer), reservation);
    await transferTicket(app.act(app.cast.staff), entry, { serviceId: other.id });
    const page = await app.page(`/reservations/${reservation.id}`, { as: app.cast.customer });
    expect(standing(page)).toBe('1 person ahead of you');
    expect(page.text).toContain('<p>Parking</p>');
  });
});

onBothDatabases('whoever has to wait longer', (open) => {
  const reasons = (text: string) =>
    [...(/<section class="reasons".*?<\/section>/s.exec(text)?.[0].matchAll(/<li>([^<]*)/g) ?? [])].map(
      ([, reason]) => reason,
    );

  test('is told why, and for a quarter of an hour', async () => {
    const app = await buildApp(open().store, { service: { checkInBeforeMinutes: 240 } });
    const reservation = await book(app, app.cast.customer, mondayAt('09:00'));
    await checkInTo(app.act(app.cast.customer), reservation);
    app.clock.set(mondayAt('08:55'));
    const { token } = await take(app);
    const page = async () => (await app.page(`/t/${token}`)).text;
    expect(reasons(await page())).toEqual([]);
    app.clock.set(mondayAt('09:01'));
    expect(reasons(await page())).toEqual([
      '09:00: the time of somebody with a reservation has come. From then on 1 person was ahead of you.',
    ]);
    await walkIn(app, 'Ann', 2);
    expect(reasons(await page())).toEqual([
      '09:01: somebody with priority goes before you. From then on 2 people were ahead of you.',
      expect.stringMatching(/^09:00: /),
    ]);
    app.clock.set(mondayAt('09:17'));
    expect(reasons(await page())).toEqual([]);
  });

  test('hears nothing any more of what was taken back', async () => {
    const app = await buildApp(open().store);
    const { token } = await take(app);
    const path = `/t/${token}`;
    const page = async () => (await app.page(path)).text;
    await walkIn(app, 'Ann');
    app.clock.pass(1);
    await app.form(`${path}/delay`, fieldsOf(await page(), 'delay'));
    expect(reasons(await page())).toHaveLength(1);
    app.clock.pass(0.2);
    await app.form(`${path}/undo`, fieldsOf(await page(), 'undo'));
    app.clock.pass(1);
    expect(standing(await app.page(path))).toBe('You are next');
    expect(reasons(await page())).toEqual([]);
  });

  test('hears what the time that they asked for cost, once they are back', async () => {
    const app = await buildApp(open().store);
    const { token } = await take(app);
    const path = `/t/${token}`;
    const page = async () => (await app.page(path)).text;
    await walkIn(app, 'Ann');
    app.clock.pass(1);
    await app.form(`${path}/delay`, fieldsOf(await page(), 'delay'));
    app.clock.pass(2);
    await app.form(`${path}/back`, fieldsOf(await page(), 'back'));
    expect(standing(await app.page(path))).toBe('1 person ahead of you');
    expect(reasons(await page())).toEqual([
      '08:03: you came back, and the places that the time you asked for cost stay lost. From then on 1 person was ahead of you.',
    ]);
  });

  test('hears of a requeue after the call', async () => {
    const app = await buildApp(open().store);
    const { entry, token } = await take(app);
    await walkIn(app, 'Ann');
    app.clock.pass(1);
    const called = await moveTicket(app.act(app.cast.staff), entry, 'call');
    app.clock.pass(1);
    await moveTicket(app.act(app.cast.staff), called, 'requeue');
    expect(reasons((await app.page(`/t/${token}`)).text)).toEqual([
      '08:02: you were called, and the desk put you back into the line. From then on 1 person was ahead of you.',
    ]);
  });

  test('is told nothing when somebody behind leaves or is served', async () => {
    const app = await buildApp(open().store);
    await walkIn(app, 'Ann');
    const { token } = await take(app);
    const ben = await walkIn(app, 'Ben');
    app.clock.pass(1);
    await moveTicket(app.act(app.cast.staff), ben, 'leave');
    await app.json('POST', `/api/queues/${app.service.id}/advance`, { as: app.cast.staff });
    const page = await app.page(`/t/${token}`);
    expect(standing(page)).toBe('You are next');
    expect(reasons(page.text)).toEqual([]);
  });
});
