// What the queries of a page cost by themselves: the page is asked for once, inside of this process, by a store that
// remembers what it was asked; then those queries are run again and again, as many at once as the server would.
import { serveParent } from '../processes.ts';
import { BASE_URL, createProgram, loadProgram, type Store } from '../program.ts';
import { CONNECTIONS } from '../servers.ts';

interface Setup {
  url: string;
  path: string;
  headers: Record<string, string>;
}

let store: Store;
const asked: { query: { name: string }; params: unknown }[] = [];

serveParent(async (message: Setup | { seconds: number }) => {
  if ('seconds' in message) return run(message.seconds);
  return record(message);
});

async function record({ url, path, headers }: Setup): Promise<void> {
  const program = await loadProgram();
  store = program.openStore({ url });
  const recorder = new Proxy(store, {
    get: (target, name) =>
      name === 'run'
        ? (query: { name: string }, params: unknown) => {
            asked.push({ query, params });
            return target.run(query as never, params as never);
          }
        : target[name as keyof Store],
  });
  const app = createProgram(program, recorder);
  const ask = async () => {
    asked.length = 0;
    const response = await app.request(`${BASE_URL}${path}`, { headers });
    await response.text();
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  };
  // The second time is what every later one is like.
  await ask();
  await ask();
}

async function run(seconds: number): Promise<{ cpu: number; names: string[] }> {
  let pages = 0;
  const before = process.cpuUsage();
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < until) {
        for (const { query, params } of asked) await store.run(query as never, params as never);
        pages += 1;
        // SQLite answers at once: without a turn of the event loop the others would never come.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / pages, names: asked.map(({ query }) => query.name) };
}
