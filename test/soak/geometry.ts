/**
 * `npm run soak:geometry -- [--sets small|flat] [--cases N] [--seed S]`: attainable weights of 10,000 random cases, unless told otherwise. Small sets,
 * each at six norms, are held against two independent solvers; nearly flat ones, at norms up to the largest, must be decided at all.
 * Exits with 1 when a case fails.
 */
import { parseArgs } from 'node:util'
import seedrandom from 'seedrandom'
import { drawFlat, flatNorms, judgeFlat } from './flat.ts'
import { drawCase, judge, norms } from './weights.ts'

const { values } = parseArgs({
  options: {
    sets: { type: 'string', default: 'small' },
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
})
const cases = Number(values.cases)
if (!(Number.isInteger(cases) && cases > 0))
  throw new RangeError(`--cases: expected an integer > 0, got ${values.cases}`)
if (!['small', 'flat'].includes(values.sets)) throw new RangeError(`--sets: expected small or flat, got ${values.sets}`)

const uniform = seedrandom(values.seed)

function trial(index: number): { drawn: object; flaws: string[]; gap: number } {
  if (values.sets === 'small') {
    const drawn = drawCase(uniform, index)
    return { drawn, ...judge(drawn) }
  }
  const drawn = drawFlat(uniform, index)
  return { drawn, ...judgeFlat(drawn) }
}

const start = Date.now()
let failed = 0
let widest = 0
let slowest = 0
for (let index = 0; index < cases; index++) {
  const begun = Date.now()
  const { drawn, flaws, gap } = trial(index)
  slowest = Math.max(slowest, Date.now() - begun)
  widest = Math.max(widest, gap)
  if (flaws.length === 0) continue
  failed++
  console.log(`case ${index}: ${JSON.stringify(drawn)}\n  ${flaws.join('\n  ')}`)
}
const seconds = ((Date.now() - start) / 1000).toFixed(0)
const at = (values.sets === 'small' ? norms : flatNorms).join(', ')
console.log(
  `seed ${values.seed}: ${cases} ${values.sets} cases at norms ${at}, ${failed} failed, in ${seconds} s, the slowest in ${slowest} ms`,
)
console.log(`largest relative gap between weight and bound: ${widest.toExponential(1)}`)
process.exitCode = failed === 0 ? 0 : 1
