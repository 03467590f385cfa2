/** `check KEYS`: the verdict on every key, and its proof on request. */
import type { Command } from 'commander'
import { selectability, toJson } from '../index.ts'
import type { Report, Verdict } from '../index.ts'
import { colours } from './colour.ts'
import { exit } from './errors.ts'
import { addSharedOptions, readQuestion } from './options.ts'
import type { SharedOptions } from './options.ts'
import { checkWritable, isSameFile, print, stdin, stdout, writeFileAtomically } from './output.ts'
import { startProgress } from './progress.ts'
import { alignList, alignRows, share, sizes } from './table.ts'

interface CheckOptions extends SharedOptions {
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
    .action(async (keys: string, options: CheckOptions) => done(await check(keys, options)))
}

/** Checks, prints, and answers with the exit code: 0 when every key is selectable, else 1. */
export async function check(path: string, options: CheckOptions): Promise<number> {
  const { certificates: target, format } = options
  if (target !== undefined) await checkTarget(target, path, options.bias)
  const question = await readQuestion(path, options)
  const progress = startProgress('checking')
  const certificates = target !== undefined || format === 'ndjson'
  let report: Report
  try {
    const { onProgress } = progress
    report = selectability(question.keys, { ...question.options, certificates, ...(onProgress && { onProgress }) })
  } finally {
    progress.stop()
  }
  if (target !== undefined) await writeFileAtomically(target, certificateLines(report))
  await print(format === 'table' ? tableOf(report) : format === 'json' ? [jsonOf(report)] : certificateLines(report))
  return report.counts.selectable === report.n ? exit.good : exit.some
}

/** An input that its own output would replace is a slip of the hand, and so are two outputs in one place. */
async function checkTarget(target: string, ...inputs: readonly (string | undefined)[]): Promise<void> {
  if (target === '-' || isSameFile(target, stdout)) {
    throw new TypeError(
      `--certificates: expected a file, got ${target}, which is stdout (--format ndjson prints them there)`,
    )
  }
  await checkWritable(target)
  for (const input of inputs) {
    if (input !== undefined && isSameFile(input === '-' ? stdin : input, target))
      throw new TypeError(`--certificates: ${target} is read from`)
  }
}

function* certificateLines(report: Report): Generator<string> {
  for (let i = 0; i < report.n; i++) yield JSON.stringify(toJson(report.certificate(i)))
}

function jsonOf({ n, d, tolerance, counts, verdicts }: Report): string {
  return JSON.stringify({ n, d, tolerance, counts, verdicts })
}

function* tableOf({ n, d, tolerance, counts, verdicts: found }: Report): Generator<string> {
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
  const rest = [...found.keys()].filter((i) => found[i] !== 'selectable')
  yield* alignList([{ text: 'key', align: 'right' }, { text: 'verdict' }], rest, (i) => {
    const verdict = found[i] ?? 'unselectable'
    return [
      { text: String(i), align: 'right' },
      { text: verdict, paint: paint[verdict] },
    ]
  })
}
