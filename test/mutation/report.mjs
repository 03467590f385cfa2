/**
 * `node test/mutation/report.mjs [FILE…] [--write] [--open]`: the score of mutation runs (of a file the last one) and the mutants that survived, with the reason given for
 * each in `equivalent.mjs`, as a page; `--write` puts it into docs/mutation.md. Those without a reason want a test: they are counted, and
 * listed with `--open`.
 */
import { readFileSync } from 'node:fs'
import { writeSection } from '../../bench/readme.mjs'
import { reasonFor } from './equivalent.mjs'

const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const reports = (files.length > 0 ? files : ['node_modules/.cache/mutation.json']).map((file) =>
  JSON.parse(readFileSync(file, 'utf8')),
)

const short = (text) => {
  const line = text.replace(/\s+/gu, ' ').trim()
  return line.length <= 70 ? line : `${line.slice(0, 67)}…`
}
const code = (text) => (text === '' ? 'nothing' : `\`${short(text).replaceAll('|', '\\|')}\``)

/** The source that a mutant replaces. */
function original(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines[lines.length - 1].slice(0, end.column - 1)
  lines[0] = lines[0].slice(start.column - 1)
  return lines.join(' ')
}

const tallies = []
const survivors = []
for (const [path, { source, mutants }] of Object.entries(
  Object.assign({}, ...reports.map(({ files: of }) => of)),
).sort()) {
  const file = path.replace('src/selectability/', '')
  const count = (...states) => mutants.filter(({ status }) => states.includes(status)).length
  tallies.push([file, count('Killed'), count('Timeout'), count('Survived', 'NoCoverage')])
  for (const { status, location, replacement } of mutants) {
    if (status !== 'Survived' && status !== 'NoCoverage') continue
    const from = original(source, location)
    survivors.push([
      `${file}:${location.start.line}`,
      from,
      replacement ?? '',
      reasonFor(file, from, replacement ?? ''),
    ])
  }
}
const sum = (at) => tallies.reduce((total, tally) => total + tally[at], 0)
const share = (killed, lived) => `${((100 * killed) / (killed + lived)).toFixed(1)} %`
const table = (head, rows) => [
  `| ${head.join(' | ')} |`,
  `|${'---|'.repeat(head.length)}`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
]
const score = share(sum(1) + sum(2), sum(3))
const open = survivors.filter(([, , , reason]) => reason === null).length
const openIn = (file) => survivors.filter(([at, , , reason]) => reason === null && at.startsWith(`${file}:`)).length
const listed = survivors.filter(([, , , reason]) => reason !== null || process.argv.includes('--open'))
const text = [
  `${sum(1) + sum(2) + sum(3)} mutants, ${score} killed; of the ${sum(3)} that survived, ${open} without a reason.`,
  '',
  ...table(
    ['file', 'killed', 'endless', 'survived', 'without a reason', 'score'],
    tallies.map(([file, killed, late, lived]) => [
      `\`${file}\``,
      ...[killed, late, lived, openIn(file)],
      share(killed + late, lived),
    ]),
  ),
  '',
  ...table(
    ['survivor', 'code', 'mutant', 'why no test can or need tell'],
    listed.map(([at, from, to, reason]) => [
      `\`${at}\``,
      code(from),
      code(to),
      (reason ?? 'open').replaceAll('|', '\\|'),
    ]),
  ),
].join('\n')
console.log(text)
if (process.argv.includes('--write')) await writeSection('mutation', text, 'docs/mutation.md')
