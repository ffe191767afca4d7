const MINIMUM = [22, 22];

// A driver with native code crashes on an older Node without saying why, so nothing is imported before this.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < MINIMUM[0]! || (major === MINIMUM[0] && minor < MINIMUM[1]!)) {
  console.error(
    `Now Serving needs Node ${MINIMUM.join('.')} or newer; this is ${process.versions.node}. Start it with "npm start".`,
  );
  process.exit(1);
}

const { start } = await import('./start.ts');
await start(process.env);

export {};
