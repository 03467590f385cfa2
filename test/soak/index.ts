/**
 * `npm run soak -- [--decisions N] [--seed S] [--state FILE] [--write]`: random and degenerate key sets decided at tolerance 0, each
 * verdict compared with the exact oracle and with HiGHS, each certificate verified after a round trip through JSON.
 *
 * Set number k of a seed is always the same, so a run can be resumed from its state file, and a failure names the set to repeat.
 * `--write` puts the counts into docs/exactness.md. Exits with 1 when a verdict is wrong, a key is left undecided or a certificate is
 * not valid.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { pathToFileURL } from 'node:url'
import seedrandom from 'seedrandom'
import { highs } from '../../bench/highs.mjs'
import { fromJson, selectability, toJson, verify } from '../../src/index.ts'
import { families } from './families.ts'
import type { Family } from './families.ts'
import { expectedVerdict, opinions } from './judges.ts'

interface Tally {
  sets: number
  decisions: number
  selectable: number
  tied: number
  unselectable: number
  wrong: number
  undecided: number
  invalid: number
  /** Verdicts that HiGHS confirms, contradicts, and cannot tell. */
  agrees: number
  differs: number
  untold: number
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
    write: { type: 'boolean', default: false },
  },
})
const wanted = Number(values.decisions)
if (!(wanted > 0)) throw new RangeError(`--decisions: expected a number > 0, got ${values.decisions}`)
const options = { tolerance: 0 }

const solver = await highs()

const blank = (): Tally => {
  const verdicts = { selectable: 0, tied: 0, unselectable: 0 }
  return { sets: 0, decisions: 0, ...verdicts, wrong: 0, undecided: 0, invalid: 0, agrees: 0, differs: 0, untold: 0 }
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

function decide(number: number, family: Family, tally: Tally): void {
  const set = family.make(seedrandom(`${values.seed}/${number}`))
  const { rows, bias } = set
  tally.sets++
  tally.decisions += rows.length
  try {
    const report = selectability(rows, { ...options, bias })
    const certificates = rows.map((_, i) => report.certificate(i))
    report.verdicts.forEach((verdict, i) => {
      tally[verdict]++
      const certificate = certificates[i]!
      const expected = expectedVerdict(set, i, certificate)
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
    if (bias !== undefined) return
    opinions(solver, set, certificates).forEach((opinion, i) => {
      tally[opinion === 'cannot tell' ? 'untold' : opinion]++
      if (opinion === 'differs') complain('differs', family, number, { i, verdict: report.verdicts[i], rows })
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

const columns = {
  sets: 'sets',
  decisions: 'decisions',
  selectable: 'selectable',
  tied: 'tied',
  unselectable: 'unselectable',
  wrong: 'wrong',
  undecided: 'undecided',
  invalid: 'invalid',
  agrees: 'HiGHS agrees',
  differs: 'differs',
  untold: 'cannot tell',
} as const
const names = Object.keys(columns) as (keyof Tally)[]
const degenerate = families.filter((family) => family.degenerate).map(({ name }) => state.tallies[name]?.decisions ?? 0)
const failures = total('wrong') + total('undecided') + total('invalid') + total('differs')
const text = [
  '```sh',
  `npm run soak -- --decisions ${wanted} --seed ${state.seed}`,
  '```',
  '',
  `${total('decisions')} decisions, ${degenerate.reduce((sum, x) => sum + x, 0)} of them on degenerate sets, in ` +
    `${Math.round(state.seconds)} s: ${total('wrong')} wrong, ${total('undecided')} undecided, ${total('invalid')} invalid ` +
    `certificates. HiGHS agrees with ${total('agrees')}, differs on ${total('differs')}, and cannot tell ${total('untold')}.`,
  '',
  `| family | ${names.map((name) => columns[name]).join(' | ')} |`,
  `|---|${names.map(() => '---:|').join('')}`,
  ...Object.entries(state.tallies).map(
    ([family, tally]) => `| ${family} | ${names.map((name) => tally[name]).join(' | ')} |`,
  ),
].join('\n')
console.log(`\n${text}`)
if (values.write) {
  // From where it stands, not from where this is bundled.
  const { writeSection } = (await import(String(new URL('bench/readme.mjs', pathToFileURL(`${process.cwd()}/`))))) as {
    writeSection: (name: string, body: string, page: string) => Promise<void>
  }
  await writeSection('soak', text, 'docs/exactness.md')
}
process.exitCode = failures === 0 ? 0 : 1
