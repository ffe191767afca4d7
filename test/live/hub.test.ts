import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CATALOG, Changes, lineTopic, serviceTopic } from '../../src/db/changes.ts';
import { htmlEvent, type Subject, signal } from '../../src/live/channel.ts';
import { Hub } from '../../src/live/hub.ts';

let changes: Changes;
let hub: Hub;
let server: Server;
let state: string;
let made: number;
let fails: boolean;
let errors: unknown[];
let watching: Subject;
/** What a request does before it asks to watch, and how many have asked. */
let before: (response: ServerResponse) => Promise<void>;
let watched: number;
/** How long the next makings take, in milliseconds; or until when each of them does. */
let slowness: number[];
let making: () => Promise<unknown>;

beforeEach(async () => {
  changes = new Changes();
  slowness = [];
  making = () => new Promise((resolve) => setTimeout(resolve, slowness.shift() ?? 5));
  before = async () => undefined;
  watched = 0;
  [state, made, fails, errors] = ['one', 0, false, []];
  watching = {
    name: 'a line',
    topics: () => [serviceTopic('s')],
    make: async () => {
      made += 1;
      const seen = state;
      await making();
      if (fails) throw new Error('no database');
      return signal('changed', seen);
    },
  };
  hub = new Hub({ changes, limits: { streams: 4, perAddress: 3 }, onError: (error) => errors.push(error) });
  server = createServer(async (request, response) => {
    const address = request.url?.slice(1) || 'somewhere';
    await before(response);
    await hub
      .watch(response, { address, headers: { 'X-Request-Id': 'r' }, subject: watching })
      .finally(() => {
        watched += 1;
      })
      .catch((error: { code?: string }) => {
        response.statusCode = error.code === 'busy' ? 503 : 500;
        response.end();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  hub.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Viewer {
  response: IncomingMessage;
  text: () => string;
  leave: () => void;
}

function open(address = ''): Promise<Viewer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const request = get(`http://127.0.0.1:${port}/${address}`, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', () => undefined);
      resolve({ response, text: () => text, leave: () => request.destroy() });
    });
    request.on('error', reject);
  });
}

function change(to: string): void {
  state = to;
  changes.announce([lineTopic('s', '2026-11-23')]);
}

describe('a stream', () => {
  test('begins with what there is to see, under its own headers', async () => {
    const { response, text } = await open();
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'private, no-store',
      'x-accel-buffering': 'no',
      'x-request-id': 'r',
    });
    expect(response.headers).not.toHaveProperty('transfer-encoding');
    expect(response.headers.connection).toBe('close');
    await expect.poll(text).toBe(signal('changed', 'one'));
  });

  test('tells everybody of a change, made once', async () => {
    const viewers = await Promise.all([open(), open(), open('elsewhere')]);
    made = 0;
    change('two');
    for (const { text } of viewers)
      await expect.poll(text).toBe(signal('changed', 'one') + signal('changed', 'two'));
    expect(made).toBe(1);
  });

  test('tells nothing of what changes elsewhere, or changes nothing to see', async () => {
    const { text } = await open();
    await expect.poll(text).not.toBe('');
    made = 0;
    changes.announce([CATALOG, serviceTopic('other')]);
    expect(made).toBe(0);
    changes.announce([serviceTopic('s')]);
    await expect.poll(() => made).toBe(1);
    change('two');
    await expect.poll(text).toBe(signal('changed', 'one') + signal('changed', 'two'));
  });

  test('hears what it is made of by now', async () => {
    let topics = [serviceTopic('s')];
    watching = { ...watching, topics: () => topics };
    const { text } = await open();
    await expect.poll(text).toBe(signal('changed', 'one'));
    topics = [serviceTopic('added')];
    state = 'two';
    changes.announce([lineTopic('added', '2026-11-23')]);
    await expect.poll(text).toContain(signal('changed', 'two'));
  });

  test('tells the last of many changes, however fast they come', async () => {
    const { text } = await open();
    for (let count = 0; count < 50; count++) change(`state ${count}`);
    await expect.poll(text).toContain(signal('changed', 'state 49'));
    expect(made).toBeLessThan(6);
  });

  test('does not leave a viewer behind whose first sight was overtaken', async () => {
    const first = await open();
    slowness = [60, 1];
    const late = open();
    await expect.poll(() => slowness.length).toBe(1);
    change('two');
    await expect.poll(first.text).toContain('two');
    const { text } = await late;
    await expect.poll(text).toContain('two');
  });

  test('goes on for who comes while the last one leaves', async () => {
    const last = await open();
    await expect.poll(last.text).not.toBe('');
    slowness = [80];
    const coming = open();
    await expect.poll(() => slowness.length).toBe(0);
    last.leave();
    await expect.poll(() => hub.size).toBe(1);
    const { text } = await coming;
    change('two');
    await expect.poll(text).toContain('two');
  });

  test('is refused when there are too many, of one address and in all', async () => {
    await Promise.all([open('a'), open('a'), open('a')]);
    expect((await open('a')).response.statusCode).toBe(503);
    const other = await open('b');
    expect((await open('c')).response.statusCode).toBe(503);
    other.leave();
    await expect.poll(() => hub.size).toBe(3);
    expect((await open('c')).response.statusCode).toBe(200);
  });

  test('takes no place for a client that left before it was opened', async () => {
    before = async (response) => {
      await new Promise((resolve) => response.once('close', resolve));
    };
    for (let count = 0; count < 5; count++) {
      const { port } = server.address() as AddressInfo;
      const request = get(`http://127.0.0.1:${port}/`, { agent: false });
      request.on('error', () => undefined);
      const arrived = new Promise((resolve) => server.once('request', resolve));
      await arrived;
      request.destroy();
      await expect.poll(() => watched).toBe(count + 1);
    }
    expect([hub.size, made]).toEqual([0, 0]);
    before = async () => undefined;
    expect((await open()).response.statusCode).toBe(200);
  });

  test('sends nothing to who left while their first sight was made', async () => {
    const stays = await open();
    await expect.poll(stays.text).not.toBe('');
    const write = vi.fn<ServerResponse['write']>();
    const left = new Promise<void>((resolve) => {
      before = async (response) => {
        vi.spyOn(response, 'write').mockImplementation(write);
        response.once('close', resolve);
      };
    });
    making = () => left;
    const { port } = server.address() as AddressInfo;
    const request = get(`http://127.0.0.1:${port}/`, { agent: false });
    request.on('error', () => undefined);
    await expect.poll(() => made).toBe(2);
    request.destroy();
    await expect.poll(() => watched).toBe(2);
    change('two');
    await expect.poll(stays.text).toContain('two');
    expect(write).not.toHaveBeenCalled();
  });

  test('cuts off who does not take in what is sent', async () => {
    const responses: ServerResponse[] = [];
    before = async (response) => {
      responses.push(response);
    };
    const slow = await open();
    const other = await open();
    for (const { text } of [slow, other]) await expect.poll(text).not.toBe('');
    const untaken = vi.fn(() => 256 * 1024);
    Object.defineProperty(responses[0], 'writableLength', { get: untaken });
    change('two');
    for (const { text } of [slow, other]) await expect.poll(text).toContain('two');
    untaken.mockReturnValue(256 * 1024 + 1);
    change('three');
    await expect.poll(other.text).toContain('three');
    await expect.poll(() => hub.size).toBe(1);
    expect(slow.text()).not.toContain('three');
    expect(responses[0]?.destroyed).toBe(true);
  });

  test('makes nothing that nobody sees any more', async () => {
    const { text, leave } = await open();
    await expect.poll(text).not.toBe('');
    leave();
    await expect.poll(() => hub.size).toBe(0);
    made = 0;
    change('two');
    expect(made).toBe(0);
  });

  test('is not opened when there is nothing to show, and goes on after a change that could not be read', async () => {
    fails = true;
    expect((await open()).response.statusCode).toBe(500);
    expect(hub.size).toBe(0);
    fails = false;
    const { text } = await open();
    await expect.poll(text).toContain('one');
    fails = true;
    change('two');
    await expect.poll(() => errors.length).toBe(1);
    fails = false;
    change('three');
    await expect.poll(text).toBe(signal('changed', 'one') + signal('changed', 'three'));
  });

  test('ends at a shutdown, with a time to come back at that differs', async () => {
    const viewers = await Promise.all([open(), open(), open('b'), open('b')]);
    for (const { text } of viewers) await expect.poll(text).not.toBe('');
    hub.close();
    await Promise.all(viewers.map(({ response }) => new Promise((resolve) => response.once('end', resolve))));
    const delays = viewers.map(({ text }) => Number(/retry: (\d+)\nevent: bye/.exec(text())?.[1]));
    for (const delay of delays) expect(delay).toBeGreaterThanOrEqual(500);
    expect(new Set(delays).size).toBeGreaterThan(1);
  });

  test('says nothing after a shutdown that came while something was made, and is opened no more', async () => {
    const { response, text } = await open();
    await expect.poll(text).not.toBe('');
    const ended = new Promise((resolve) => response.once('end', resolve));
    making = () => ended;
    change('two');
    const coming = open('b');
    await expect.poll(() => made).toBe(3);
    hub.close();
    await ended;
    expect((await coming).response.statusCode).toBe(503);
    expect((await open('c')).response.statusCode).toBe(503);
    await expect.poll(() => hub.size).toBe(0);
    expect(text()).not.toContain('two');
    expect(errors).toEqual([]);
  });
});

test('an event carries every line of a fragment', () => {
  expect(htmlEvent('<p>\n</p>')).toBe('data: <p>\ndata: </p>\n\n');
});
