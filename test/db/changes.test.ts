import { describe, expect, test } from 'vitest';
import {
  CATALOG,
  Changes,
  concerning,
  EVERYTHING,
  lineTopic,
  PEOPLE,
  serviceTopic,
} from '../../src/db/changes.ts';

describe('changes', () => {
  test('what was made of a topic is true until the topic changes', () => {
    const changes = new Changes();
    const moment = changes.now();
    changes.announce([PEOPLE]);
    expect(changes.unchangedSince(moment, [CATALOG])).toBe(true);
    changes.announce([CATALOG]);
    expect(changes.unchangedSince(moment, [CATALOG])).toBe(false);
    expect(changes.unchangedSince(changes.now(), [CATALOG, PEOPLE])).toBe(true);
  });

  test('a change while something is made of the topic counts', () => {
    const changes = new Changes();
    const before = changes.now();
    changes.announce([CATALOG]);
    expect(changes.unchangedSince(before, [CATALOG])).toBe(false);
  });

  test('a change of a day is one of its service, and of no other day', () => {
    const changes = new Changes();
    const moment = changes.now();
    changes.announce([lineTopic('a', '2026-11-23')]);
    expect(changes.unchangedSince(moment, [serviceTopic('a')])).toBe(false);
    expect(changes.unchangedSince(moment, [lineTopic('a', '2026-11-23')])).toBe(false);
    expect(changes.unchangedSince(moment, [lineTopic('a', '2026-11-24'), serviceTopic('b')])).toBe(true);
  });

  test('a change of a service is one of each of its days, and of no other service', () => {
    const changes = new Changes();
    const moment = changes.now();
    changes.announce([serviceTopic('a')]);
    expect(changes.unchangedSince(moment, [lineTopic('a', '2026-11-23')])).toBe(false);
    expect(changes.last([lineTopic('a', '2026-11-24')]).count).toBe(changes.now());
    expect(changes.unchangedSince(moment, [lineTopic('b', '2026-11-23')])).toBe(true);
  });

  test.each([
    ['a', 'a', true],
    ['a/1', 'a', true],
    ['a', 'a/1', true],
    ['a/2', 'a/1', false],
    ['ab', 'a', false],
    ['ab/1', 'a', false],
    [EVERYTHING, 'a/1', true],
  ])('a change of %s concerns who watches %s: %s', (changed, watched, expected) => {
    expect(concerning(['other', watched, 'other/1'])(changed)).toBe(expected);
  });

  test('everything is every topic', () => {
    const changes = new Changes();
    const moment = changes.now();
    changes.announce([EVERYTHING]);
    expect(changes.unchangedSince(moment, ['never heard of'])).toBe(false);
    expect(changes.unchangedSince(changes.now(), ['never heard of'])).toBe(true);
  });

  test('the last change of something is named, also where it was one of everything', () => {
    const changes = new Changes();
    changes.announce([CATALOG], 'a.1');
    changes.announce([lineTopic('s', '2026-11-24')], 'b.7');
    expect(changes.last([CATALOG, PEOPLE]).mark).toBe('a.1');
    expect(changes.last([CATALOG, serviceTopic('s')]).mark).toBe('b.7');
    expect(changes.last([PEOPLE]).mark).toBeUndefined();
    changes.announce([EVERYTHING], 'a.2');
    expect(changes.last([PEOPLE])).toEqual({ count: 3, mark: 'a.2' });
  });

  test('nothing is true while changes cannot be heard, nor what was made before', () => {
    const changes = new Changes();
    const moment = changes.now();
    changes.lose();
    expect(changes.unchangedSince(moment, [CATALOG])).toBe(false);
    expect(changes.unchangedSince(changes.now(), [CATALOG])).toBe(false);
    changes.regain();
    expect(changes.unchangedSince(moment, [CATALOG])).toBe(false);
    expect(changes.unchangedSince(changes.now(), [CATALOG])).toBe(true);
  });

  test('forgetting times makes nothing true', () => {
    const changes = new Changes();
    const moment = changes.now();
    changes.announce([CATALOG]);
    for (let topic = 0; topic < 60_000; topic++) changes.announce([`t${topic}`]);
    expect(changes.unchangedSince(moment, [CATALOG])).toBe(false);
    expect(changes.unchangedSince(moment, ['t0'])).toBe(false);
  });

  test('listeners hear every change until they leave', () => {
    const changes = new Changes();
    const heard: (readonly string[])[] = [];
    const leave = changes.subscribe((topics) => heard.push(topics));
    changes.announce([CATALOG, PEOPLE]);
    changes.announce([]);
    leave();
    changes.announce([CATALOG]);
    expect(heard).toEqual([[CATALOG, PEOPLE]]);
  });
});
