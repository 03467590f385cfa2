/**
 * How fast is the checker, and how does it compare with one linear program a key in HiGHS? Prints a Markdown table, and puts it
 * into the README with `--write`.
 *
 * One process, one thread. Checker and baselines take turns, after a warm-up of each, so that whatever else the machine
 * does falls on both; figures are medians. Where one linear program a key takes too long for the whole set, an evenly
 * spread sample is solved and the total extrapolated, which the table says. Two baselines: a program built anew for each key, as
 * the papers' scripts do, and the faster of two persistent models, the fastest use that the `highs` package offers; loading the
 * solver is not counted. Verdicts are compared as well.
 */
import { selectability } from '../dist/index.js'
import { anew, feasibility, highs, separation } from './highs.mjs'
import { format, gaussian, machine, median, timed, version } from './measure.mjs'
import { writeSection } from './readme.mjs'

const repeats = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 7)
/** Time for one round of the baseline; more keys are sampled on a faster machine. */
const roundMs = 2000

/** `count` of n indices, evenly spread. */
function spread(n, count) {
  return Array.from({ length: count }, (_, at) => Math.floor(((at + 0.5) * n) / count))
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
  const checkExactly = () => selectability(keys, { tolerance: 0 }).verdicts
  const solver = await highs()
  const forms = [
    { name: 'separation', model: separation(solver, data, n, d) },
    { name: 'feasibility', model: feasibility(solver, data, n, d) },
    { name: 'anew', model: anew(solver, data, n, d) },
  ]
  const cold = timed(check)
  for (let warm = 0; warm < 3; warm++) {
    check()
    checkExactly()
  }
  for (const form of forms) {
    form.pace = pace(form.model, n)
    form.sample = spread(n, Math.max(4, Math.min(n, Math.floor(roundMs / form.pace))))
    form.times = []
  }
  const ours = []
  const exact = []
  for (let round = 0; round < repeats; round++) {
    const { ms, result } = timed(check)
    ours.push(ms)
    exact.push(timed(checkExactly).ms)
    for (const { name, model, sample, times } of forms) {
      const baseline = timed(() => sample.map((i) => model.selectable(i)))
      times.push(baseline.ms / sample.length)
      sample.forEach((i, at) => {
        // Null is HiGHS's own failure to decide, which it is forgiven.
        if (baseline.result[at] !== null && (result[i] === 'selectable') !== baseline.result[at])
          throw new Error(`${name}: another verdict on key ${i}`)
      })
    }
  }
  for (const { model } of forms) model.dispose()
  const whole = ({ name, times, sample }) => ({ name, ms: median(times) * n, sampled: sample.length })
  const [fresh, ...persistent] = forms
    .map(whole)
    .sort((a, b) => Number(b.name === 'anew') - Number(a.name === 'anew') || a.ms - b.ms)
  const unselectable = check().filter((verdict) => verdict !== 'selectable').length
  return { n, d, unselectable, cold: cold.ms, ours: median(ours), exact: median(exact), fresh, kept: persistent[0] }
}

const sizes = [
  { n: 1024, d: 8 },
  { n: 1024, d: 64 },
]
const rows = []
for (const size of sizes) rows.push(await bench(size))

const baseline = ({ name, ms, sampled }, n) => {
  const whole = sampled === n ? '' : `, ${sampled} timed`
  return `${format(ms)} (${name}${whole})`
}
const text = [
  `${machine()}, highs ${version('node_modules/highs/')}. ` +
    `Gaussian keys, float64, one thread, certificates included; medians of ${repeats} interleaved repeats.`,
  '',
  '| keys | not selectable | first call | checker | exact mode | LP built for each key | ratio | persistent LP | ratio |',
  '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
  ...rows.map(({ n, d, unselectable, cold, ours, exact, fresh, kept }) => {
    const cells = [`${n}×${d}`, unselectable, format(cold), format(ours), format(exact)]
    for (const peer of [fresh, kept]) cells.push(baseline(peer, n), `${Math.round(peer.ms / ours)}×`)
    return `| ${cells.join(' | ')} |`
  }),
].join('\n')
console.log(text)
if (process.argv.includes('--write')) await writeSection('checker', text)
