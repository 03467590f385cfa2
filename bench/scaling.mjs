/**
 * How the time of a check grows: with the number of keys, the share of hard ones, threads and shards.
 *
 *     node bench/scaling.mjs [--repeats N] [--write]
 *
 * Wall-clock time, since threads share the work; one thread, two threads and one of two shards take turns, and figures are medians. The
 * first column is `selectability`, on the calling thread; the others have workers that wait from one call to the next, where they do. A key is hard where
 * the query that points at it from the mean does not select it, so that a walk has to decide it. `--write` writes docs/scaling.md and its picture.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { selectability, selectabilityAsync, selectabilityPart } from '../dist/index.js'
import { gemmTransposed } from '../dist/kernels.js'
import { randomKeys } from '../dist/testing.js'
import { lineChart } from '../examples/paper/lines.mjs'
import { elapsed, format, machine, median } from './measure.mjs'
import { writeSection } from './readme.mjs'

const { values: options } = parseArgs({
  options: { repeats: { type: 'string', default: '5' }, write: { type: 'boolean', default: false } },
})
const repeats = Number(options.repeats)
const d = 64
const sizes = [512, 1024, 2048, 4096, 8192]
const families = [
  { name: 'Gaussian', distribution: 'gaussian' },
  { name: 'heavy, σ 1', distribution: 'heavy', sigma: 1 },
]
const slice = 512

/** The share of keys that the query from the mean to the key does not select. */
function hardShare({ data, shape: [n] }) {
  const mean = new Float64Array(d)
  for (let at = 0; at < n * d; at++) mean[at % d] += data[at] / n
  const z = Float64Array.from(data, (x, at) => x - mean[at % d])
  const products = new Float64Array(Math.min(slice, n) * n)
  let hard = 0
  for (let i0 = 0; i0 < n; i0 += slice) {
    const rows = Math.min(slice, n - i0)
    gemmTransposed(z.subarray(i0 * d, (i0 + rows) * d), z, rows, n, d, products)
    for (let r = 0; r < rows; r++) {
      const row = products.subarray(r * n, (r + 1) * n)
      const own = row[i0 + r]
      if (row.some((product, j) => j !== i0 + r && product >= own)) hard++
    }
  }
  return hard / n
}

async function bench({ name, distribution, sigma }, n) {
  const keys = randomKeys({ n, d, distribution, seed: 'bench', ...(sigma && { sigma }) })
  const runs = {
    here: () => selectability(keys),
    one: () => selectabilityAsync(keys, { threads: 1 }),
    two: () => selectabilityAsync(keys, { threads: 2 }),
    half: () => selectabilityPart(keys, { threads: 1, shard: { index: 1, count: 2 } }),
  }
  const times = { here: [], one: [], two: [], half: [] }
  for (let round = 0; round <= repeats; round++) {
    for (const [way, run] of Object.entries(runs)) {
      const ms = await elapsed(run)
      // The first round warms up.
      if (round > 0) times[way].push(ms)
    }
  }
  const row = { name, n, hard: hardShare(keys) }
  for (const way of Object.keys(times)) {
    row[way] = { ms: median(times[way]), low: Math.min(...times[way]), high: Math.max(...times[way]) }
  }
  const ratio = (a, b) => `${(a / b).toPrecision(2)}×`
  row.cells = [
    name,
    n.toLocaleString('en'),
    `${(100 * row.hard).toFixed(1)} %`,
    format(row.here.ms),
    format(row.one.ms),
    `${format(row.two.ms)} (${ratio(row.one.ms, row.two.ms)})`,
    `${format(row.half.ms)} (${ratio(row.one.ms, row.half.ms)})`,
  ]
  console.log(`| ${row.cells.join(' | ')} |`)
  return row
}

const rows = []
for (const family of families) for (const n of sizes) rows.push(await bench(family, n))

const heavy = rows.filter(({ name }) => name === 'heavy, σ 1')
const series = [
  ['on the calling thread', 'here'],
  ['two threads', 'two'],
  ['one shard of two', 'half'],
].map(([title, way]) => ({
  name: title,
  points: heavy.map(({ n, [way]: { ms, low, high } }) => ({
    x: n,
    mean: ms / 1000,
    low: low / 1000,
    high: high / 1000,
  })),
}))
const chart = lineChart({
  title: `Heavy keys (σ 1) in ${d} dimensions: time of a check`,
  xLabel: 'keys',
  yLabel: 'seconds; the band is from the least to the most',
  top: Math.max(...heavy.map(({ here }) => here.high)) / 1000,
  series,
})
const text = [
  `${machine()}. Wall-clock time, medians of ${repeats}; in brackets, how many times as fast as one worker.`,
  '',
  '| keys | n | hard | on the calling thread | one worker | two workers | one shard of two, one worker |',
  '|---|---:|---:|---:|---:|---:|---:|',
  ...rows.map(({ cells }) => `| ${cells.join(' | ')} |`),
].join('\n')
if (options.write) {
  const picture = new URL('../docs/pictures/scaling.svg', import.meta.url)
  writeFileSync(new URL(`${picture}.tmp`), chart)
  renameSync(new URL(`${picture}.tmp`), picture)
  await writeSection('scaling', text, 'docs/scaling.md')
} else console.log(`\n${text}`)
