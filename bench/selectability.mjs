/**
 * Whole key sets: the checker beside one linear program a key in HiGHS, and beside one matrix product of the same size.
 *
 *     node bench/selectability.mjs [--only TEXT] [--large] [--repeats N] [--no-highs] [--no-exact] [--write]
 *
 * One process, one thread. A repeat of the checker and one of the product take turns, after a warm-up; figures are medians of processor
 * time, of the garbage collector's threads too. The product is K·Kᵀ in float64 by this library's own kernel, in slices of 512 rows,
 * so that no n×n matrix is held, and of 4,096 rows at most, from which the rest is extrapolated. HiGHS solves an evenly spread sample
 * of keys with a persistent model, in each of its two forms, and the faster one is extrapolated to all keys; loading it is not
 * counted, and the largest sets are spared it. What HiGHS says of a key must be the checker's verdict, and all verdicts must be those of exact mode.
 * Two threads are timed by the clock, in turns with one; they wait from one call to the next.
 */
import { parseArgs } from 'node:util'
import { selectability, selectabilityAsync } from '../dist/index.js'
import { gemmTransposed } from '../dist/kernels.js'
import { feasibility, highs, separation } from './highs.mjs'
import { keySets } from './keysets.mjs'
import { elapsed, format, machine, median, processorTime, version } from './measure.mjs'
import { writeSection } from './readme.mjs'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    large: { type: 'boolean', default: false },
    repeats: { type: 'string' },
    highs: { type: 'boolean', default: true },
    exact: { type: 'boolean', default: true },
    write: { type: 'boolean', default: false },
  },
  allowNegative: true,
})

/** Time that repeats of one set may take, and keys that HiGHS may. */
const repeatMs = 4000
const sampleMs = 1500
/** Of sets of more numbers HiGHS is not asked: its first program of 8,002 keys of 256 numbers takes minutes. */
const mostNumbers = 2 ** 20
const slice = 512
/** Rows of the product that are computed; a product of 50,257 keys of 768 numbers takes minutes. */
const mostRows = 4096
/** The engine has compiled all for good after some dozens. */
const mostRepeats = 1001
/** Rounds of one thread and two: as many as repeats of the checker, but no more. */
const mostRounds = 21

function timed(run) {
  let result
  const ms = processorTime(() => {
    result = run()
  })
  return { ms, result }
}

/** Milliseconds by the clock, on this thread and by two workers, in turns; a first round, in which the workers start, is not counted. */
async function byTwo(sets, rounds) {
  const one = []
  const two = []
  for (let round = 0; round <= rounds; round++) {
    one[round] = await elapsed(() => sets.forEach((set) => selectability(set)))
    two[round] = await elapsed(async () => {
      for (const set of sets) await selectabilityAsync(set, { threads: 2 })
    })
  }
  return { one: median(one.slice(1)), two: median(two.slice(1)) }
}

/** K·Kᵀ in float64, without keeping it: its first rows, all of which take the same time, and how many times as many there are. */
function product({ data, shape: [n, d] }) {
  const keys = Float64Array.from(data)
  const out = new Float64Array(Math.min(n, slice) * n)
  const some = Math.min(n, mostRows)
  const run = () => {
    for (let i = 0; i < some; i += slice) {
      const rows = Math.min(slice, some - i)
      gemmTransposed(keys.subarray(i * d, (i + rows) * d), keys, rows, n, d, out)
    }
  }
  return { run, times: n / some }
}

/** Milliseconds that one linear program takes, in the faster form, over a sample of keys; verdicts are compared. */
async function linearPrograms({ data, shape: [n, d] }, verdicts) {
  const solver = await highs()
  let best = null
  for (const [name, make] of Object.entries({ separation, feasibility })) {
    const model = make(solver, data, n, d)
    const order = Array.from({ length: n }, (_, at) => Math.floor((at * 0.6180339887 * n) % n))
    model.selectable(order[0])
    const times = []
    let spent = 0
    while (times.length < n && (times.length < 3 || spent < sampleMs)) {
      const i = order[times.length]
      const { ms, result: answer } = timed(() => model.selectable(i))
      // Null is HiGHS's own failure to decide, which it is forgiven.
      if (answer !== null && answer !== (verdicts[i] === 'selectable'))
        throw new Error(`HiGHS, ${name}: another verdict on key ${i}`)
      times.push(ms)
      spent += ms
    }
    const solved = times.length
    const ms = spent / solved
    model.dispose()
    if (best === null || ms < best.ms) best = { name, ms, solved }
  }
  return best
}

async function bench({ name, keys }) {
  const sets = keys()
  if (sets === null) {
    console.error(`${name}: not at hand; npm ci brings it`)
    return null
  }
  const products = sets.map(product)
  const check = () => sets.map((set) => selectability(set))
  const multiply = () => products.forEach(({ run }) => run())
  const first = timed(check)
  const repeats = Number(
    options.repeats ?? Math.max(3, Math.min(mostRepeats, 2 * Math.floor(repeatMs / 2 / first.ms) + 1)),
  )
  if (repeats > 3) multiply()
  const ours = []
  const gemm = []
  for (let round = 0; round < repeats; round++) {
    ours.push(timed(check).ms)
    gemm.push(timed(multiply).ms)
  }
  const reports = first.result
  const counts = { selectable: 0, tied: 0, unselectable: 0 }
  for (const report of reports) for (const verdict of Object.keys(counts)) counts[verdict] += report.counts[verdict]
  const row = { name, n: reports[0].n, keys: reports.reduce((sum, { n }) => sum + n, 0), counts }
  row.ours = median(ours)
  row.least = Math.min(...ours)
  row.share = row.ours / median(gemm) / products[0].times
  row.clock = await byTwo(sets, Math.min(repeats, mostRounds))
  if (options.exact) {
    const exact = timed(() => sets.map((set) => selectability(set, { tolerance: 0 })))
    row.exact = exact.ms
    row.differs = 0
    exact.result.forEach(({ verdicts }, s) => {
      verdicts.forEach((verdict, i) => (row.differs += verdict === reports[s].verdicts[i] ? 0 : 1))
    })
  }
  const [{ shape }] = sets
  if (options.highs && shape[0] * shape[1] <= mostNumbers) {
    const lp = await linearPrograms(sets[0], reports[0].verdicts)
    row.lp = { ...lp, whole: lp.ms * row.keys }
    row.ratio = row.lp.whole / row.ours
  }
  return row
}

const whole = (x) => Math.round(x).toLocaleString('en')

function line({ name, keys, counts, ours, share, clock, exact, differs, lp, ratio }) {
  const { selectable, tied, unselectable } = counts
  const cells = [name, whole(selectable), whole(tied), whole(unselectable), format(ours), format(ours / keys)]
  cells.push(`${share.toPrecision(2)}×`)
  cells.push(lp ? `${format(lp.whole)} (${lp.name}, ${whole(lp.solved)} solved)` : '', lp ? `${whole(ratio)}×` : '')
  cells.push(`${format(clock.two)} (${(clock.one / clock.two).toPrecision(2)}×)`)
  cells.push(exact ? format(exact) + (differs > 0 ? `, ${whole(differs)} verdicts differ` : '') : '')
  return `| ${cells.join(' | ')} |`
}

const rows = []
for (const set of keySets) {
  if (!set.name.includes(options.only) || (set.large && !options.large)) continue
  const row = await bench(set)
  if (row === null) continue
  rows.push(row)
  console.log(line(row), `least ${format(row.least)}`)
}
const differing = rows.reduce((sum, { differs = 0 }) => sum + differs, 0)
const agreement = options.exact
  ? `and the last column exact mode (\`tolerance: 0\`), which gives ${differing === 0 ? 'the same verdicts' : `${differing} others`}.`
  : 'exact mode not asked.'
const text = [
  `${machine()}, highs ${version('node_modules/highs/')}. One thread, processor time, certificates included; "product" is the time of one n×n×d product in ` +
    `float64 by this library's own kernel; "two threads" is by the clock, in brackets how many times as fast as one thread by the clock, ` +
    agreement,
  '',
  '| keys | selectable | tied | unselectable | checker | a key | of a product | one LP a key | ratio | two threads | exact mode |',
  '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
  ...rows.map(line),
].join('\n')
console.log(`\n${text}`)
if (options.write) await writeSection('selectability', text)
