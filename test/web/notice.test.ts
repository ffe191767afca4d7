import { expect, test } from 'vitest';
import { doneCookie } from '../../src/web/notice.ts';
import { type Answer, buildApp, leadsTo } from '../support/app.ts';
import { book, mondayAt } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const MOVED = 'Your reservation was moved.';

function doneCookieOf(answer: Answer): string | undefined {
  return answer.headers.getSetCookie().find((line) => line.startsWith('now-serving.done.'));
}

onBothDatabases('what was done', (open) => {
  async function moved(env = {}) {
    const app = await buildApp(open().store, { env });
    const reservation = await book(app, app.cast.customer, mondayAt('11:00'));
    const page = `/reservations/${reservation.id}`;
    const fields = { time_slot: mondayAt('15:00').toISOString(), idempotency_key: reservation.id };
    const move = () => app.form(`${page}/reschedule`, fields, { as: app.cast.customer });
    return { app, page, move, as: app.cast.customer };
  }

  test('what a form did stands in no address, and is told once', async () => {
    const { app, page, move, as } = await moved();
    const answer = await move();
    expect([answer.status, answer.headers.get('location')]).toEqual([303, page]);
    expect(doneCookieOf(answer)).toBe(
      `${doneCookie(page)}=moved; Max-Age=60; Path=${page}; HttpOnly; SameSite=Lax`,
    );
    const shown = await app.page(page, { as, done: ['moved'] });
    expect(shown.text).toContain(MOVED);
    expect(doneCookieOf(shown)).toBe(`${doneCookie(page)}=; Max-Age=0; Path=${page}`);
    const again = await app.page(page, { as });
    expect(again.text).not.toContain(MOVED);
    expect(doneCookieOf(again)).toBeUndefined();
    expect((await app.page(`${page}?done=moved`, { as })).text).not.toContain(MOVED);
  });

  test('a form sent twice with its key is told about as the first was', async () => {
    const { move, page } = await moved();
    expect([leadsTo(await move()), leadsTo(await move())]).toEqual(Array(2).fill(`${page}?done=moved`));
  });

  test('a page below another neither tells what is left for that one nor takes it away', async () => {
    const { app } = await moved();
    const panel = `/desk/${app.service.slug}`;
    const left = { above: `${doneCookie('/desk')}=skip-A7`, here: `${doneCookie(panel)}=skip-A8` };
    const told = async (cookie: string) => {
      const answer = await app.page(panel, { as: app.cast.staff, cookie });
      return [answer.text.match(/A[78] was skipped/g), doneCookieOf(answer)];
    };
    expect(await told(left.above)).toEqual([null, undefined]);
    for (const both of [`${left.above}; ${left.here}`, `${left.here}; ${left.above}`])
      expect(await told(both)).toEqual([
        ['A8 was skipped'],
        `${doneCookie(panel)}=; Max-Age=0; Path=${panel}`,
      ]);
  });

  test('a part that htmx asks for leaves it to the page', async () => {
    const { app, page, as } = await moved();
    const part = await app.htmx(page, { as, done: ['moved'], target: 'ticket-panel' });
    expect(part.text).not.toContain(MOVED);
    expect(doneCookieOf(part)).toBeUndefined();
  });

  test('over https its cookie is, too', async () => {
    const { move } = await moved({ BASE_URL: 'https://queue.example' });
    expect(doneCookieOf(await move())).toMatch(/; Secure; /);
  });

  test('no link to the login says what was done', async () => {
    const { app } = await moved();
    const email = 'notice@example.test';
    const account = { name: 'Nora', email, password: 'correct horse battery' };
    expect((await app.form('/register', { ...account, next: '/account?done=changed&x=1' })).status).toBe(303);
    const login = await app.form('/login', { ...account, next: '/account?done=changed&x=1' });
    expect(login.headers.get('location')).toBe('/account?x=1');
    expect(doneCookieOf(login)).toBeUndefined();
  });

  test('a page says nothing that is not on its list', async () => {
    const { app, page, as } = await moved();
    for (const done of ['toString', '__proto__', '<b>', '%3Cb%3E', '', 'added-x', 'x'.repeat(4_000)]) {
      const { status, text } = await app.page(page, { as, done: [done] });
      expect([status, text.includes('class="notice')]).toEqual([200, false]);
    }
  });
});
