/** Long proofs run a tenth of what `npm run soak` runs. */
export const SOAK = process.env.SOAK === '1';
