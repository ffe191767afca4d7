import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from '../domain/errors.ts';
import { Turnstile } from './turnstile.ts';

const QUARTER_HOUR = 15 * 60;
const HOUR = 60 * 60;

/**
 * Bounds on what can be guessed or flooded. Only failed logins count, so an office behind one address is not locked out
 * by its own correct ones; the narrow bound is on the pair of account and address. What strangers try elsewhere locks nobody
 * out from where they have logged in before. Each instance counts for itself.
 */
export function createLimits() {
  const pair = new RateLimiterMemory({ points: 8, duration: QUARTER_HOUR });
  const account = new RateLimiterMemory({ points: 50, duration: HOUR });
  const address = new RateLimiterMemory({ points: 200, duration: QUARTER_HOUR });
  const registrations = new RateLimiterMemory({ points: 100, duration: HOUR });
  const knownAddresses = new RateLimiterMemory({ points: 20, duration: HOUR });
  const resets = new RateLimiterMemory({ points: 60, duration: HOUR });
  const numbers = new RateLimiterMemory({ points: 200, duration: QUARTER_HOUR });
  const misses = new RateLimiterMemory({ points: 60, duration: QUARTER_HOUR });
  /** Where accounts were logged in to of late, by account and address. */
  const known = new LRUCache<string, true>({ max: 5_000 });
  const resetsOfAccount = new RateLimiterMemory({ points: 5, duration: HOUR });

  // Without it a burst of guesses would all be past the limits before the first of them has failed. Hashing has four
  // threads, so nobody waits longer for it.
  const turns = new Turnstile({ places: 4, waiting: 400, perKey: 50 });

  return {
    /** Checks or takes a password when it is the turn of whoever asks from there; see Turnstile. */
    inTurn: <T>(from: string, work: () => Promise<T>): Promise<T> => turns.pass(from, work),
    /** Refuses with `too_many` while an account or an address has failed too often. */
    async beforeLogin(email: string, from: string): Promise<void> {
      const here = `${email} ${from}`;
      await Promise.all([
        open(pair, here),
        known.has(here) ? undefined : open(account, email),
        open(address, from),
      ]);
    },
    async failedLogin(email: string, from: string): Promise<void> {
      await Promise.all([count(pair, `${email} ${from}`), count(account, email), count(address, from)]);
    },
    async goodLogin(email: string, from: string): Promise<void> {
      known.set(`${email} ${from}`, true);
      await pair.delete(`${email} ${from}`);
    },
    /** Counts a registration. Refuses with `too_many`. */
    async register(from: string): Promise<void> {
      await open(knownAddresses, from);
      await spend(registrations, from);
    },
    /** A registration with an address that has an account tells so; that answer is rationed. */
    async knownAddress(from: string): Promise<void> {
      await count(knownAddresses, from);
    },
    /** Counts a number that somebody takes alone; a whole waiting room may share an address. Refuses with `too_many`. */
    async takeNumber(from: string): Promise<void> {
      await spend(numbers, from);
    },
    /**
     * Looks for reservations. Refuses with `too_many` where they were looked for in vain too often: codes and names are
     * not guessed. Counted before it is known to be in vain, so that a burst of guesses meets the limit too.
     */
    async search<T>(from: string, look: () => Promise<T[]>): Promise<T[]> {
      await spend(misses, from);
      const found = await look();
      if (found.length > 0) await misses.reward(from);
      return found;
    },
    /** Counts a request for a new password. Refuses with `too_many`; false when this account had enough mail. */
    async requestReset(email: string, from: string): Promise<boolean> {
      await spend(resets, from);
      return resetsOfAccount.consume(email).then(
        () => true,
        () => false,
      );
    },
  };
}

export type Limits = ReturnType<typeof createLimits>;

async function open(limiter: RateLimiterMemory, key: string): Promise<void> {
  const state = await limiter.get(key);
  if (state && state.consumedPoints >= limiter.points) throw tooMany(state);
}

async function count(limiter: RateLimiterMemory, key: string): Promise<void> {
  await limiter.penalty(key);
}

async function spend(limiter: RateLimiterMemory, key: string): Promise<void> {
  await limiter.consume(key).catch((state: unknown) => {
    throw state instanceof RateLimiterRes ? tooMany(state) : state;
  });
}

function tooMany(state: RateLimiterRes): Refusal {
  return new Refusal('too_many', { retryAfter: Math.max(1, Math.ceil(state.msBeforeNext / 1000)) });
}
