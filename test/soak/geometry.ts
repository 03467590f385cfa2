/**
 * `npm run soak:geometry -- [--cases N] [--seed S]`: attainable weights of 10,000 random small cases, unless told otherwise, each at six norms,
 * against two independent solvers. Exits with 1 when a case fails.
 */
import { parseArgs } from 'node:util'
import seedrandom from 'seedrandom'
import { drawCase, judge, norms } from './weights.ts'

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const cases = Number(values.cases)
if (!(Number.isInteger(cases) && cases > 0))
  throw new RangeError(`--cases: expected an integer > 0, got ${values.cases}`)

const uniform = seedrandom(values.seed)
const start = Date.now()
let failed = 0
let widest = 0
for (let index = 0; index < cases; index++) {
  const drawn = drawCase(uniform, index)
  const { flaws, gap } = judge(drawn)
  widest = Math.max(widest, gap)
  if (flaws.length === 0) continue
  failed++
  console.log(`case ${index}: ${JSON.stringify(drawn)}\n  ${flaws.join('\n  ')}`)
}
const seconds = ((Date.now() - start) / 1000).toFixed(0)
console.log(`seed ${values.seed}: ${cases} cases at norms ${norms.join(', ')}, ${failed} failed, in ${seconds} s`)
console.log(`largest relative gap between weight and bound: ${widest.toExponential(1)}`)
process.exitCode = failed === 0 ? 0 : 1
