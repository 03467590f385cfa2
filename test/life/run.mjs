/**
 * `npm run soak:life`: ten thousand checks in one process, after three thousand in which the engine compiles and finds the size of
 * its young generation; both collect as often, on which that size depends. Fails when resident memory grows by more than a tenth from
 * there. After it, kernels on inputs of 2 GiB, and a thousand checks by workers that are called off, none of which may leave a worker:
 * `npm run soak:life -- COUNT BYTES CALLED_OFF` takes other numbers.
 */
import * as library from 'selectability'
import * as kernels from 'selectability/kernels'
import { randomKeys } from 'selectability/testing'
import { callOff } from './aborted.mjs'
import { live } from './checks.mjs'
import { large } from './large.mjs'

const count = Number(process.argv[2] ?? 10_000)
const bytes = Number(process.argv[3] ?? 2 ** 31)
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
const [, , warm, ...marks] = live(library, 1.3 * count, count / 10, globalThis.gc)
console.log(`warmed up after ${warm.run} checks: ${mebibytes(warm.used)} in use, ${mebibytes(warm.rss)} resident`)
for (const { run, used, rss } of marks) {
  console.log(`${String(run - warm.run).padStart(8)} checks: ${mebibytes(used)} in use, ${mebibytes(rss)} resident`)
}
const growth = Math.max(...marks.map(({ rss }) => rss)) / warm.rss - 1
console.log(`resident memory grew by at most ${(100 * growth).toFixed(1)} % from there`)
console.log(`kernels on ${mebibytes(bytes)}: ${large(kernels, bytes)} rows`)
const keys = randomKeys({ n: 3000, d: 16, distribution: 'heavy', seed: 'life' })
const times = Number(process.argv[4] ?? 1000)
const { calledOff, started, left, longest } = await callOff(library, keys, times, 150)
console.log(
  `${calledOff} of ${times} checks called off, with ${started} workers, of which ${left} are left; ` +
    `the last was gone ${longest.toFixed(0)} ms after the abort, at the latest`,
)
process.exitCode = growth <= 0.1 && left === 0 && calledOff > 0 ? 0 : 1
