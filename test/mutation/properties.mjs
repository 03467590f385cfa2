/** Stands for @fast-check/vitest. */
export { fc, test } from './vitest.mjs'
