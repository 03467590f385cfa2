/**
 * What margins and attainable weights cost for whole sets, as a Markdown table: processor time, which others on the machine do not add to,
 * all of it on one thread.
 */
import { attainableWeights, selectability } from '../dist/index.js'
import { format, gaussian, machine, median, processorTime } from './measure.mjs'

const rows = []
for (const [n, d] of [
  [1024, 8],
  [1024, 64],
]) {
  const keys = { data: gaussian(1, n, d), shape: [n, d] }
  const time = (run, times) => format(median(Array.from({ length: times }, () => processorTime(run))))
  selectability(keys, { margins: true })
  rows.push([`${n}×${d}: verdicts and margins of all keys`, time(() => selectability(keys, { margins: true }), 5)])
  for (const maxNorm of [1, 10]) {
    rows.push([
      `${n}×${d}: attainable weights of all keys, ‖q‖ ≤ ${maxNorm}`,
      time(() => attainableWeights(keys, { maxNorm }), 1),
    ])
  }
}
const text = [
  `${machine()}. Medians of processor time, one thread.`,
  '',
  '| Gaussian keys | time |',
  '|---|---:|',
  ...rows.map((row) => `| ${row.join(' | ')} |`),
].join('\n')
console.log(text)
