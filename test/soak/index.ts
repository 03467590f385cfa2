/**
 * `npm run soak -- [--decisions N] [--seed S] [--state FILE]`: random and degenerate key sets decided at tolerance 0, each verdict
 * compared with the exact oracle, each certificate verified after a round trip through JSON.
 *
 * Set number k of a seed is always the same, so a run can be resumed from its state file, and a failure names the set to repeat.
 * Exits with 1 when a verdict is wrong, a key is left undecided or a certificate is not valid.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import seedrandom from 'seedrandom'
import type { Certificate } from '../../src/index.ts'
import { fromJson, selectability, toJson, verify } from '../../src/index.ts'
import { decideExactly, selects } from '../reference/rational.ts'
import { families } from './families.ts'
import type { Family } from './families.ts'

interface Tally {
  sets: number
  decisions: number
  selectable: number
  tied: number
  unselectable: number
  wrong: number
  undecided: number
  invalid: number
}

interface State {
  seed: string
  next: number
  seconds: number
  tallies: Record<string, Tally>
}

const { values } = parseArgs({
  options: {
    decisions: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    state: { type: 'string' },
  },
})
const wanted = Number(values.decisions)
if (!(wanted > 0)) throw new RangeError(`--decisions: expected a number > 0, got ${values.decisions}`)
const options = { tolerance: 0 }

const blank = (): Tally => {
  return { sets: 0, decisions: 0, selectable: 0, tied: 0, unselectable: 0, wrong: 0, undecided: 0, invalid: 0 }
}

function load(): State {
  if (values.state !== undefined && existsSync(values.state)) {
    const state = JSON.parse(readFileSync(values.state, 'utf8')) as State
    if (state.seed !== values.seed) throw new Error(`--state: that run has seed ${state.seed}`)
    return state
  }
  return { seed: values.seed, next: 0, seconds: 0, tallies: {} }
}

function save(state: State): void {
  if (values.state === undefined) return
  writeFileSync(`${values.state}.tmp`, JSON.stringify(state))
  renameSync(`${values.state}.tmp`, values.state)
}

function complain(kind: keyof Tally, family: Family, number: number, detail: unknown): void {
  console.log(`${kind}: seed ${values.seed}, set ${number} (${family.name}): ${JSON.stringify(detail)}`)
}

/** A query that selects the key, by the reference's own integers, needs no linear program to confirm it. */
function proves(certificate: Certificate, rows: number[][], i: number, bias: number[] | undefined): boolean {
  if (certificate.verdict !== 'selectable') return false
  return selects(rows, i, certificate.exactQuery ?? Array.from(certificate.query), bias)
}

function decide(number: number, family: Family, tally: Tally): void {
  const { rows, bias } = family.make(seedrandom(`${values.seed}/${number}`))
  tally.sets++
  try {
    const report = selectability(rows, { ...options, bias })
    tally.decisions += rows.length
    report.verdicts.forEach((verdict, i) => {
      tally[verdict]++
      const certificate = report.certificate(i)
      const expected = proves(certificate, rows, i, bias) ? 'selectable' : decideExactly(rows, i, bias)
      if (verdict !== expected) {
        tally.wrong++
        complain('wrong', family, number, { i, verdict, expected, rows, bias })
      }
      const read = fromJson(JSON.parse(JSON.stringify(toJson(certificate))))
      const outcome = verify(rows, read, { ...options, bias })
      if (!outcome.valid || read.verdict !== verdict || read.key !== i) {
        tally.invalid++
        complain('invalid', family, number, { i, outcome, rows, bias })
      }
    })
  } catch (error) {
    tally.undecided += rows.length
    complain('undecided', family, number, { error: String(error), rows, bias })
  }
}

const state = load()
const total = (name: keyof Tally): number => Object.values(state.tallies).reduce((sum, tally) => sum + tally[name], 0)
const start = Date.now()
const before = { seconds: state.seconds, decisions: total('decisions') }
let reported = start
while (total('decisions') < wanted) {
  const family = families[state.next % families.length]!
  decide(state.next, family, (state.tallies[family.name] ??= blank()))
  state.next++
  if (Date.now() - reported > 10_000) {
    reported = Date.now()
    state.seconds = before.seconds + (reported - start) / 1000
    const rate = (total('decisions') - before.decisions) / ((reported - start) / 1000)
    console.log(`${total('decisions')} of ${wanted} decisions, ${Math.round(rate)} a second`)
    save(state)
  }
}
state.seconds = before.seconds + (Date.now() - start) / 1000
save(state)

const columns = ['sets', 'decisions', 'selectable', 'tied', 'unselectable', 'wrong', 'undecided', 'invalid'] as const
console.log(`\n| family | ${columns.join(' | ')} |\n|---|${columns.map(() => '---:|').join('')}`)
for (const [name, tally] of Object.entries(state.tallies)) {
  console.log(`| ${name} | ${columns.map((column) => tally[column]).join(' | ')} |`)
}
const degenerate = families.filter((family) => family.degenerate).map(({ name }) => state.tallies[name]?.decisions ?? 0)
const failures = total('wrong') + total('undecided') + total('invalid')
console.log(
  `\nseed ${state.seed}: ${total('decisions')} decisions, ${degenerate.reduce((sum, x) => sum + x, 0)} of them on degenerate sets, ` +
    `in ${Math.round(state.seconds)} s: ${total('wrong')} wrong, ${total('undecided')} undecided, ${total('invalid')} invalid certificates`,
)
process.exitCode = failures === 0 ? 0 : 1
