/** `check KEYS`: the verdict on every key, and its proof on request. */
import type { Command } from 'commander'
import { selectability, toJson } from '../index.ts'
import type { Progress, Report, Verdict } from '../index.ts'
import { colours } from './colour.ts'
import { exit } from './errors.ts'
import { gradeCells, gradeHeads, gradeKeys, gradesJson, readNorm, weakestFirst } from './graded.ts'
import type { GradeOptions, Grades } from './graded.ts'
import type { Names } from './keys.ts'
import { addSharedOptions, readQuestion } from './options.ts'
import type { SharedOptions } from './options.ts'
import { checkTarget, print, writeFileAtomically } from './output.ts'
import { startProgress } from './progress.ts'
import { alignList, alignRows, nameCell, share, sizes } from './table.ts'

interface CheckOptions extends SharedOptions, GradeOptions {
  readonly certificates?: string
}

const verdicts: readonly Verdict[] = ['selectable', 'tied', 'unselectable']

/** Declares the command on `program`; `done` takes the exit code. */
export function addCheck(program: Command, done: (code: number) => void): void {
  addSharedOptions(program.command('check'))
    .summary('say which keys some query can select')
    .description('Say for every key whether some query gives it, alone, the highest score.')
    .argument('<KEYS>', 'file with one key a row, or - for stdin')
    .option('--certificates <file>', 'write the proof of every verdict there, one JSON object a line')
    .option('--max-norm <number>', 'add the most attention that a query of that norm can give each key', readNorm)
    .option('--margins', 'add the margin by which the best query of norm 1 selects each key')
    .addHelpText(
      'after',
      `
Examples:
  selectability check keys.npy                          at the rounding of the keys
  selectability check keys.csv --exact --format json    in exact arithmetic, for a program
  selectability check model.safetensors --entry wte.weight --transform layernorm
  selectability check keys.npz --entry k --bias keys.npz --bias-entry b
  selectability check keys.tsv.gz --certificates proofs.jsonl
  selectability check keys.npy --max-norm 10 --margins  how much attention queries of norm 10 can give
  zcat keys.csv.gz | selectability check - --input-format csv`,
    )
    .action(async (keys: string, options: CheckOptions) => done(await check(keys, options)))
}

/** Checks, prints, and answers with the exit code: 0 when every key is selectable, else 1. */
async function check(path: string, options: CheckOptions): Promise<number> {
  const { certificates: target, format } = options
  checkGrades(options)
  if (target !== undefined)
    await checkTarget('--certificates', target, '--format ndjson prints them there', [path, options.bias])
  const question = await readQuestion(path, options)
  const progress = startProgress('checking')
  const certificates = target !== undefined || format === 'ndjson'
  let report: Report
  try {
    const onProgress = ({ done, total }: Progress): void => progress.onProgress?.(done, total)
    report = selectability(question.keys, { ...question.options, certificates, onProgress })
  } finally {
    progress.stop()
  }
  if (target !== undefined) await writeFileAtomically(target, certificateLines(report))
  const { names } = question
  const grades = gradeKeys(question, report, options)
  await print(
    format === 'table'
      ? tableOf(report, names, grades)
      : format === 'json'
        ? [jsonOf(report, names, grades)]
        : certificateLines(report),
  )
  return report.counts.selectable === report.n ? exit.good : exit.some
}

/** Certificates have no place for other numbers, and a margin under a bias is no distance. */
function checkGrades({ format, maxNorm, margins, bias }: CheckOptions): void {
  const option = maxNorm !== undefined ? '--max-norm' : '--margins'
  if (format === 'ndjson' && (maxNorm !== undefined || margins))
    throw new TypeError(`${option}: expected --format table or json beside it, got ndjson`)
  if (margins && bias !== undefined) throw new TypeError('--margins: expected no --bias beside it')
}

function* certificateLines(report: Report): Generator<string> {
  for (let i = 0; i < report.n; i++) yield JSON.stringify(toJson(report.certificate(i)))
}

function jsonOf({ n, d, tolerance, counts, verdicts }: Report, names: Names, grades: Grades): string {
  return JSON.stringify({ n, d, tolerance, counts, verdicts, ...gradesJson(grades), ...names })
}

function* tableOf(
  { n, d, tolerance, counts, verdicts: found }: Report,
  { names }: Names,
  grades: Grades,
): Generator<string> {
  const { green, yellow, red, dim } = colours(process.stdout)
  const paint = { selectable: green, tied: yellow, unselectable: red }
  yield sizes(n, d, tolerance)
  yield ''
  yield* alignRows(
    verdicts.map((verdict) => [
      { text: verdict, paint: paint[verdict] },
      { text: String(counts[verdict]), align: 'right' },
      { text: share(counts[verdict], n), align: 'right', paint: dim },
    ]),
  )
  const heads = gradeHeads(grades)
  const listed = heads.length > 0 ? weakestFirst(grades) : [...found.keys()].filter((i) => found[i] !== 'selectable')
  const head = [{ text: 'key', align: 'right' }, ...nameCell(names && 'name'), { text: 'verdict' }, ...heads] as const
  yield* alignList(head, listed, (i) => {
    const verdict = found[i] ?? 'unselectable'
    return [
      { text: String(i), align: 'right' },
      ...nameCell(names?.[i]),
      { text: verdict, paint: paint[verdict] },
      ...gradeCells(grades, i),
    ]
  })
}
