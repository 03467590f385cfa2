/** `check KEYS`: the verdict on every key, or on a shard of them, and their proofs on request. */
import type { Command } from 'commander'
import { selectability, selectabilityPart } from '../index.ts'
import type { PartialReport, Progress, Shard } from '../index.ts'
import { exit } from './errors.ts'
import { gradeKeys, readNorm } from './graded.ts'
import type { GradeOptions } from './graded.ts'
import { listenForStop } from './interrupt.ts'
import { isNumber, parseNumber, quote } from './numbers.ts'
import { addSharedOptions, readQuestion } from './options.ts'
import type { Question, SharedOptions } from './options.ts'
import { checkTarget, print, writeFileAtomically } from './output.ts'
import { partLines } from './part.ts'
import { phases, startProgress, written } from './progress.ts'
import { isQuick } from './quick.ts'
import { certificateLines, jsonOf, tableOf } from './report.ts'

interface CheckOptions extends SharedOptions, GradeOptions {
  readonly certificates?: string
  readonly shard?: Shard
  readonly output?: string
}

/** Declares the command on `program`; `done` takes the exit code. */
export function addCheck(program: Command, done: (code: number) => void): void {
  addSharedOptions(program.command('check'))
    .summary('say which keys some query can select')
    .description('Say for every key whether some query gives it, alone, the highest score.')
    .argument('<KEYS>', 'file with one key a row, or - for stdin')
    .option('--certificates <file>', 'write the proof of every verdict there, one JSON object a line')
    .option(
      '--max-norm <number>',
      'add the most attention that queries of that norm can give each key (inf: any)',
      readNorm,
    )
    .option('--margins', 'add the margin by which the best query of norm 1 selects each key')
    .option('--threads <number>', 'how many threads to use at most (default: one a core)', readThreads)
    .option('--shard <I/N>', 'decide the I-th of N shares of the keys, and print it for merge', readShard)
    .option('--output <file>', 'with --shard: write the share there instead')
    .addHelpText(
      'after',
      `
Examples:
  selectability check keys.npy                         up to rounding
  selectability check keys.csv --exact --format json   exactly, for a program
  selectability check model.safetensors --entry wte.weight --transform layernorm
  selectability check keys.npz --entry k --bias keys.npz --bias-entry b
  selectability check keys.tsv.gz --certificates proofs.jsonl
  selectability check keys.npy --max-norm 10 --margins
  selectability check keys.npy --shard 2/8 --output 2.part
  zcat keys.csv.gz | selectability check - --input-format csv`,
    )
    .action(async (keys: string, options: CheckOptions) => done(await check(keys, options)))
}

function readThreads(text: string): number {
  const threads = isNumber(text) ? parseNumber(text) : NaN
  if (Number.isSafeInteger(threads) && threads >= 1) return threads
  throw new RangeError(`--threads: expected an integer >= 1, got ${quote(text)}`)
}

function readShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,9})\/(\d{1,9})$/u.exec(text) ?? []).map(Number)
  if (index >= 1 && index <= count) return { index, count }
  throw new RangeError(`--shard: expected I/N with 1 <= I <= N, got ${quote(text)}`)
}

/** Checks, prints, and answers with the exit code: 0 when every key is selectable, else 1. */
async function check(path: string, options: CheckOptions): Promise<number> {
  const { certificates: target, format, shard, output } = options
  checkUsage(options)
  const inputs = [path, options.bias]
  if (target !== undefined) await checkTarget('--certificates', target, '--format ndjson prints them there', inputs)
  if (output !== undefined) await checkTarget('--output', output, 'without --output it is printed there', inputs)
  const question = await readQuestion(path, options)
  // What is quick is over before a signal could be heard.
  const stop = shard === undefined && isQuick(question) ? null : listenForStop()
  const report = await decide(question, options, stop?.signal).finally(() => stop?.release())
  if (stop !== null && !report.complete) return stop.leave(report, format === 'ndjson' ? (target ?? output) : target)
  if (shard !== undefined) {
    const part = partLines(question, report, shard, format === 'ndjson')
    await (output === undefined ? print(part) : writeFileAtomically(output, written(part, report.keys.length + 1)))
  } else {
    if (target !== undefined) await writeFileAtomically(target, written(certificateLines(report), report.keys.length))
    const grades = await gradeKeys(question, options)
    await print(
      format === 'table'
        ? tableOf(report, question.names, grades)
        : format === 'json'
          ? [jsonOf(report, question.names, grades)]
          : certificateLines(report),
    )
  }
  return report.counts.selectable === report.keys.length ? exit.good : exit.some
}

/** @param stop ends the threads; without one the check is done on this thread. */
async function decide(
  { n, keys, options }: Question,
  asked: CheckOptions,
  stop: AbortSignal | undefined,
): Promise<PartialReport> {
  const { threads, shard, format, certificates: target } = asked
  const progress = startProgress('checking')
  const onProgress = ({ done, total, phase }: Progress): void => progress.onProgress?.(done, total, phases[phase])
  const certificates = target !== undefined || format === 'ndjson'
  try {
    if (stop !== undefined)
      return await selectabilityPart(keys, { ...options, certificates, threads, shard, stop, onProgress })
    const report = selectability(keys, { ...options, certificates, onProgress })
    return { ...report, keys: Uint32Array.from({ length: n }, (_, i) => i), complete: true }
  } finally {
    progress.stop()
  }
}

/** Certificates have no place for other numbers, a margin under a bias is no distance, and a share no table. */
function checkUsage({ format, maxNorm, margins, bias, shard, certificates, output }: CheckOptions): void {
  const option = maxNorm !== undefined ? '--max-norm' : '--margins'
  const graded = maxNorm !== undefined || margins
  if (format === 'ndjson' && graded)
    throw new TypeError(`${option}: expected --format table or json beside it, got ndjson`)
  if (margins && bias !== undefined) throw new TypeError('--margins: expected no --bias beside it')
  if (output !== undefined && shard === undefined) throw new TypeError('--output: expected --shard beside it')
  if (shard === undefined) return
  if (graded) throw new TypeError(`${option}: expected no --shard beside it`)
  if (certificates !== undefined)
    throw new TypeError('--certificates: expected no --shard beside it (with --format ndjson the share has them)')
}
