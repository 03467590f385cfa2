/**
 * What margins and attainable weights cost for whole sets. `--write` writes docs/geometry.md.
 *
 * Processor time on one thread, which others on the machine do not add to, and wall-clock time where two threads share the work.
 */
import { attainableWeights, attainableWeightsAsync, selectability } from '../dist/index.js'
import { elapsed, format, gaussian, machine, median, processorTime } from './measure.mjs'
import { writeSection } from './readme.mjs'

const rows = []
for (const [n, d] of [
  [1024, 8],
  [1024, 64],
]) {
  const keys = { data: gaussian(1, n, d), shape: [n, d] }
  const one = (run, times) => format(median(Array.from({ length: times }, () => processorTime(run))))
  selectability(keys, { margins: true })
  rows.push([`${n}×${d}: verdicts and margins`, one(() => selectability(keys, { margins: true }), 5), ''])
  for (const maxNorm of [1, 10]) {
    // Seconds each at 64 dimensions, where one call is hardly warmer than the next.
    const times = d < 64 ? 5 : 1
    const shared = []
    for (let k = 0; k < times; k++) {
      shared.push(await elapsed(() => attainableWeightsAsync(keys, { maxNorm, threads: 2 })))
    }
    rows.push([
      `${n}×${d}: attainable weights, ‖q‖ ≤ ${maxNorm}`,
      one(() => attainableWeights(keys, { maxNorm }), times),
      format(median(shared)),
    ])
  }
}
const text = [
  `${machine()}. Medians; processor time of one thread, wall-clock time of two.`,
  '',
  '| all of the Gaussian keys | one thread | two threads |',
  '|---|---:|---:|',
  ...rows.map((row) => `| ${row.join(' | ')} |`),
].join('\n')
console.log(text)
if (process.argv.includes('--write')) await writeSection('geometry', text, 'docs/geometry.md')
