/**
 * `npm run soak -- [--decisions N] [--seed S] [--tolerance 0|default] [--state FILE] [--write]`: random and degenerate key sets
 * decided at tolerance 0, each verdict compared with the exact oracle and with HiGHS, each certificate verified after a round trip
 * through JSON. With `--tolerance default` the same sets at the default tolerance, compared with what is decided at 0.
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
import type { Certificate } from '../../src/index.ts'
import { fromJson, selectability, toJson, verify } from '../../src/index.ts'
import { families } from './families.ts'
import type { Family, SoakSet } from './families.ts'
import { contradiction, expectedVerdict, opinions } from './judges.ts'

interface Tally {
  sets: number
  decisions: number
  selectable: number
  tied: number
  unselectable: number
  wrong: number
  undecided: number
  invalid: number
  /** Keys of sets that were refused, as the contract allows above tolerance 0, for one too near it. */
  refused: number
  /** Verdicts that HiGHS confirms, contradicts, and cannot tell. */
  agrees: number
  differs: number
  untold: number
}

interface State {
  seed: string
  tolerance?: string
  next: number
  seconds: number
  tallies: Record<string, Tally>
}

const { values } = parseArgs({
  options: {
    decisions: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    tolerance: { type: 'string', default: '0' },
    state: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const wanted = Number(values.decisions)
if (!(wanted > 0)) throw new RangeError(`--decisions: expected a number > 0, got ${values.decisions}`)
if (values.tolerance !== '0' && values.tolerance !== 'default') {
  throw new RangeError(`--tolerance: expected 0 or default, got ${values.tolerance}`)
}
const exactly = values.tolerance === '0'

const solver = await highs()

const blank = (): Tally => {
  const verdicts = { selectable: 0, tied: 0, unselectable: 0 }
  return {
    sets: 0,
    decisions: 0,
    ...verdicts,
    wrong: 0,
    undecided: 0,
    invalid: 0,
    refused: 0,
    agrees: 0,
    differs: 0,
    untold: 0,
  }
}

function load(): State {
  if (values.state !== undefined && existsSync(values.state)) {
    const state = JSON.parse(readFileSync(values.state, 'utf8')) as State
    if (state.seed !== values.seed) throw new Error(`--state: that run has seed ${state.seed}`)
    if ((state.tolerance ?? '0') !== values.tolerance)
      throw new Error(`--state: that run has tolerance ${state.tolerance}`)
    return state
  }
  return { seed: values.seed, tolerance: values.tolerance, next: 0, seconds: 0, tallies: {} }
}

function save(state: State): void {
  if (values.state === undefined) return
  writeFileSync(`${values.state}.tmp`, JSON.stringify(state))
  renameSync(`${values.state}.tmp`, values.state)
}

type Say = (kind: keyof Tally, detail: object) => void

/** The report on a set and its certificates, each verified after a round trip through JSON. */
function certify({ rows, bias }: SoakSet, tolerance: number | undefined, tally: Tally, say: Say): Certified {
  const report = selectability(rows, { tolerance, bias })
  const certificates = report.verdicts.map((verdict, i) => {
    const certificate = report.certificate(i)
    const read = fromJson(JSON.parse(JSON.stringify(toJson(certificate))))
    const outcome = verify(rows, read, { tolerance, bias })
    if (!outcome.valid || read.verdict !== verdict || read.key !== i) {
      tally.invalid++
      say('invalid', { i, tolerance, outcome })
    }
    return certificate
  })
  return { tolerance: report.tolerance, certificates }
}

interface Certified {
  readonly tolerance: number
  readonly certificates: readonly Certificate[]
}

function judgeExactly(set: SoakSet, { certificates }: Certified, tally: Tally, say: Say): void {
  certificates.forEach((certificate, i) => {
    const { verdict } = certificate
    tally[verdict]++
    const expected = expectedVerdict(set, i, certificate)
    if (verdict === expected) return
    tally.wrong++
    say('wrong', { i, verdict, expected })
  })
  if (set.bias !== undefined) return
  opinions(solver, set, certificates).forEach((opinion, i) => {
    tally[opinion === 'cannot tell' ? 'untold' : opinion]++
    if (opinion === 'differs') say('differs', { i, verdict: certificates[i]!.verdict })
  })
}

function judgeNear(set: SoakSet, exact: Certified, near: Certified, tally: Tally, say: Say): void {
  near.certificates.forEach(({ verdict }, i) => {
    tally[verdict]++
    const flaw = contradiction(set, exact.certificates[i]!, verdict, near.tolerance)
    if (flaw === null) return
    tally.wrong++
    say('wrong', { i, verdict, flaw })
  })
}

function decide(number: number, family: Family, tally: Tally): void {
  const set = family.make(seedrandom(`${values.seed}/${number}`))
  const { rows, bias } = set
  const say: Say = (kind, detail) =>
    console.log(
      `${kind}: seed ${values.seed}, set ${number} (${family.name}): ${JSON.stringify({ ...detail, rows, bias })}`,
    )
  tally.sets++
  tally.decisions += rows.length
  try {
    const exact = certify(set, 0, tally, say)
    if (exactly) judgeExactly(set, exact, tally, say)
    else judgeNear(set, exact, certify(set, undefined, tally, say), tally, say)
  } catch (error) {
    const refused = !exactly && error instanceof RangeError && /could not be separated from tol/u.test(error.message)
    tally[refused ? 'refused' : 'undecided'] += rows.length
    if (!refused) say('undecided', { error: String(error) })
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

const columns: Partial<Record<keyof Tally, string>> = {
  sets: 'sets',
  decisions: 'decisions',
  selectable: 'selectable',
  tied: 'tied',
  unselectable: 'unselectable',
  wrong: 'wrong',
  undecided: 'undecided',
  invalid: 'invalid',
  ...(exactly ? { agrees: 'HiGHS agrees', differs: 'differs', untold: 'cannot tell' } : { refused: 'refused' }),
}
const names = Object.keys(columns) as (keyof Tally)[]
const degenerate = families.filter((family) => family.degenerate).map(({ name }) => state.tallies[name]?.decisions ?? 0)
const failures = total('wrong') + total('undecided') + total('invalid') + total('differs')
const text = [
  '```sh',
  `npm run soak -- --decisions ${wanted} --seed ${state.seed}${exactly ? '' : ' --tolerance default'}`,
  '```',
  '',
  `${total('decisions')} decisions, ${degenerate.reduce((sum, x) => sum + x, 0)} of them on degenerate sets, in ` +
    `${Math.round(state.seconds)} s: ${total('wrong')} wrong, ${total('undecided')} undecided, ${total('invalid')} invalid ` +
    (exactly
      ? `certificates. HiGHS agrees with ${total('agrees')}, differs on ${total('differs')}, and cannot tell ${total('untold')}.`
      : `certificates. ${total('refused')} are keys of sets that were refused for a key too near the tolerance.`),
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
  await writeSection(exactly ? 'soak' : 'soak-default', text, 'docs/exactness.md')
}
process.exitCode = failures === 0 ? 0 : 1
