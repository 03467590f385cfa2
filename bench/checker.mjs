/**
 * How fast is the checker, and how does it compare with one linear program a key in HiGHS? Prints a Markdown table.
 *
 * One process, one thread. Checker and baseline take turns, after a warm-up of each, so that whatever else the machine
 * does falls on both; figures are medians. Where one linear program a key takes too long for the whole set, an evenly
 * spread sample is solved and the total extrapolated, which the table says. The baseline is the faster of two persistent
 * models, the fastest use that the `highs` package offers; loading them is not counted. Verdicts are compared as well.
 */
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { performance } from 'node:perf_hooks'
import { selectability } from '../dist/index.js'
import { feasibility, highs, separation } from './highs.mjs'

const repeats = Number(process.argv[2] ?? 7)
/** Time for one round of the baseline; more keys are sampled on a faster machine. */
const roundMs = 2000

const version = (path) => JSON.parse(readFileSync(new URL(`../${path}package.json`, import.meta.url), 'utf8')).version

/** Normal numbers by Box–Muller from mulberry32: the same on every machine, for a given seed. */
function gaussian(seed, n, d) {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return Float64Array.from({ length: n * d }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    return radius * Math.cos(2 * Math.PI * uniform())
  })
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function timed(run) {
  const start = performance.now()
  const result = run()
  return { ms: performance.now() - start, result }
}

/** `count` of n indices, evenly spread. */
function spread(n, count) {
  return Array.from({ length: count }, (_, at) => Math.floor(((at + 0.5) * n) / count))
}

function format(ms) {
  if (ms < 1) return `${(ms * 1000).toPrecision(3)} µs`
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`
}

/** The time of one linear program, from a few keys. */
function pace(model, n) {
  const few = spread(n, Math.min(n, 4))
  const { ms } = timed(() => few.forEach((i) => model.selectable(i)))
  return ms / few.length
}

async function bench({ n, d }) {
  const data = gaussian(n * 1000 + d, n, d)
  const keys = { data, shape: [n, d] }
  const check = () => selectability(keys).verdicts
  const solver = await highs()
  const forms = [
    { name: 'separation', model: separation(solver, data, n, d) },
    { name: 'feasibility', model: feasibility(solver, data, n, d) },
  ]
  const cold = timed(check)
  for (let warm = 0; warm < 3; warm++) check()
  for (const form of forms) {
    form.pace = pace(form.model, n)
    form.sample = spread(n, Math.max(4, Math.min(n, Math.floor(roundMs / form.pace))))
    form.times = []
  }
  const ours = []
  const undecided = new Set()
  for (let round = 0; round < repeats; round++) {
    const { ms, result } = timed(check)
    ours.push(ms)
    for (const { name, model, sample, times } of forms) {
      const baseline = timed(() => sample.map((i) => model.selectable(i)))
      times.push(baseline.ms / sample.length)
      sample.forEach((i, at) => {
        if ((result[i] === 'selectable') !== baseline.result[at])
          throw new Error(`${name}: another verdict on key ${i}`)
      })
    }
  }
  for (const { model } of forms) model.dispose()
  const best = forms.map((form) => ({ ...form, each: median(form.times) })).sort((a, b) => a.each - b.each)[0]
  const verdicts = check()
  return {
    n,
    d,
    unselectable: verdicts.filter((verdict) => verdict !== 'selectable').length,
    cold: cold.ms,
    ours: median(ours),
    baseline: best.each * n,
    form: best.name,
    sampled: best.sample.length,
    undecided: [...undecided].filter((key) => key.startsWith(best.name)).length,
  }
}

const sizes = [
  { n: 1024, d: 8 },
  { n: 1024, d: 64 },
]
const rows = []
for (const size of sizes) rows.push(await bench(size))

const model = cpus()[0]?.model.trim() ?? 'unknown processor'
console.log(
  [
    `Machine: ${model}, ${cpus().length} logical cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}. ` +
      `Node ${process.versions.node}, selectability ${version('')}, highs ${version('node_modules/highs/')}. ` +
      `Gaussian keys, float64, one thread, certificates included; medians of ${repeats} interleaved repeats.`,
    '',
    '| keys | not selectable | checker, first call | checker | a key | one LP a key (HiGHS) | LPs timed a repeat | ratio |',
    '|---|---:|---:|---:|---:|---:|---|---:|',
    ...rows.map(({ n, d, unselectable, cold, ours, baseline, form, sampled, undecided }) => {
      const whole = sampled === n ? `all ${n}` : `${sampled} of ${n}, extrapolated`
      const left = undecided > 0 ? `; ${undecided} left undecided` : ''
      const cells = [`${n}×${d}`, unselectable, format(cold), format(ours), format(ours / n), format(baseline)]
      return `| ${[...cells, `${whole}; ${form} form${left}`, `${Math.round(baseline / ours)}×`].join(' | ')} |`
    }),
  ].join('\n'),
)
