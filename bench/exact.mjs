/**
 * What exactness costs: single exact solves, and sets in which most keys lie on faces. Prints a Markdown table, and puts it into
 * docs/exactness.md with `--write`. Beside it, `selectability.mjs` times exact mode on whole sets.
 */
import { certify, selectability, verify } from '../dist/index.js'
import { format, gaussian, machine, median, processorTime, uniforms } from './measure.mjs'
import { writeSection } from './readme.mjs'

const exact = { tolerance: 0 }

/** d + 1 Gaussian keys and one inside their simplex: its certificate takes one exact solve with d + 1 unknowns. */
function simplex(d, round) {
  const corners = Array.from(gaussian(d, d + 1, d), round)
  const inside = Array.from({ length: d }, (_, c) => {
    let sum = 0
    for (let s = 0; s <= d; s++) sum += corners[s * d + c] / (d + 1)
    return round(sum)
  })
  return { data: Float64Array.from([...corners, ...inside]), shape: [d + 2, d] }
}

function repeat(run, times) {
  return median(Array.from({ length: times }, () => processorTime(run)))
}

const rows = []
for (const [d, name, round, times] of [
  [8, 'float64', (x) => x, 21],
  [64, 'float32', Math.fround, 5],
  [64, 'float64', (x) => x, 5],
  [256, 'float32', Math.fround, 3],
  [256, 'float64', (x) => x, 3],
]) {
  const keys = simplex(d, round)
  const certificate = certify(keys, d + 1, exact)
  if (certificate.verdict !== 'unselectable') throw new Error(`the key inside is ${certificate.verdict}`)
  const solve = repeat(() => certify(keys, d + 1, exact), times)
  const judge = repeat(() => verify(keys, certificate, exact), times)
  rows.push([`one key inside a simplex, d = ${d}, ${name}: certify`, format(solve)], ['… verify', format(judge)])
}
for (const [width, n, d] of [
  [1, 200, 4],
  [3, 200, 4],
  [20, 200, 4],
]) {
  const uniform = uniforms(width)
  const data = Float64Array.from({ length: n * d }, () => Math.floor(uniform() * (2 * width + 1)) - width)
  const keys = { data, shape: [n, d] }
  const { counts } = selectability(keys, exact)
  const what = `${n}×${d} lattice {−${width}…${width}}: ${counts.selectable} selectable, ${counts.tied} tied, ${counts.unselectable} not`
  rows.push([what, format(repeat(() => selectability(keys, exact), 5))])
}
const text = [
  `${machine()}. Medians of processor time; all of it is serial.`,
  '',
  '| exact work | time |',
  '|---|---:|',
  ...rows.map((row) => `| ${row.join(' | ')} |`),
].join('\n')
console.log(text)
if (process.argv.includes('--write')) await writeSection('exact', text, 'docs/exactness.md')
