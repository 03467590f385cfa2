/** `verify KEYS CERTIFICATES`: whether every line of a file of certificates proves what it claims about these keys. */
import type { Command } from 'commander'
import { fromJson, verify as verifyOne } from '../index.ts'
import { colours } from './colour.ts'
import { exit, oneLine } from './errors.ts'
import { locate, messageOf } from './locate.ts'
import { nameOf, readLines } from './bytes.ts'
import { jsonLines } from './json.ts'
import type { JsonLine } from './json.ts'
import { addSharedOptions, readQuestion } from './options.ts'
import type { Question, SharedOptions } from './options.ts'
import { print } from './output.ts'
import { startProgress } from './progress.ts'
import { alignList, alignRows, count, enumerate, nameCell, sizes } from './table.ts'

/** What became of one line; `key` is missing when the line is no certificate at all. */
type Outcome = { readonly line: number; readonly key?: number } & (
  { readonly valid: true } | { readonly valid: false; readonly reason: string }
)

type Failure = Extract<Outcome, { readonly valid: false }>

interface Summary {
  /** Lines that are, and that are not, a proof about these keys. */
  readonly valid: number
  readonly invalid: number
  /** Keys that no line is about, and keys that more than one is about: no failure, but rarely meant. */
  readonly missing: readonly number[]
  readonly repeated: readonly number[]
  readonly failures: readonly Omit<Failure, 'valid'>[]
}

/** Declares the command on `program`; `done` takes the exit code. */
export function addVerify(program: Command, done: (code: number) => void): void {
  addSharedOptions(program.command('verify'))
    .summary('check the certificates that check wrote')
    .description('Check certificates against the keys, with exact arithmetic and without the solver that found them.')
    .argument('<KEYS>', 'file with one key a row, or - for stdin')
    .argument('<CERTIFICATES>', 'file with one JSON certificate a line, or - for stdin')
    .addHelpText(
      'after',
      `
Examples:
  selectability verify keys.npy proofs.jsonl
  selectability verify keys.csv proofs.jsonl --exact --format json
  selectability check keys.npy --format ndjson | selectability verify keys.npy -`,
    )
    .action(async (keys: string, certificates: string, options: SharedOptions) => {
      done(await verify(keys, certificates, options))
    })
}

/** Verifies, prints, and answers with the exit code: 0 when every certificate is valid, else 1. */
async function verify(path: string, certificates: string, options: SharedOptions): Promise<number> {
  if (certificates === '-' && [path, options.bias].includes('-')) {
    throw new TypeError('CERTIFICATES: expected a file, as stdin is read for another input')
  }
  const question = await readQuestion(path, options)
  const progress = startProgress('verifying')
  const outcomes: Outcome[] = []
  try {
    for await (const line of readCertificates(certificates)) {
      outcomes.push(judge(line, question))
      // How many lines there are is only known at the last one; most files have one a key.
      progress.onProgress?.(Math.min(outcomes.length, question.n), question.n)
    }
  } finally {
    progress.stop()
  }
  // A file without certificates would be valid in every line: more likely it is one that got lost.
  if (outcomes.length === 0) {
    throw new RangeError(`${nameOf(certificates)}: expected one certificate a line, got only blank lines`)
  }
  const summary = summarize(outcomes, question.n)
  if (options.format === 'ndjson') await print(outcomes.map((outcome) => JSON.stringify(outcome)))
  else if (options.format === 'json') await print([JSON.stringify(summary)])
  else await print(tableOf(summary, question))
  return summary.invalid === 0 ? exit.good : exit.some
}

async function* readCertificates(path: string): AsyncGenerator<JsonLine> {
  const parse = jsonLines()
  for await (const source of readLines(path)) {
    let parsed: JsonLine | undefined
    try {
      parsed = parse(source)
    } catch (error) {
      throw locate(nameOf(path), error)
    }
    if (parsed !== undefined) yield parsed
  }
}

/** The keys and the options have been checked, so whatever fails here is the certificate's fault. */
function judge({ line, value }: JsonLine, { keys, options }: Question): Outcome {
  let key: number | undefined
  try {
    const certificate = fromJson(value)
    key = certificate.key
    return { line, key, ...verifyOne(keys, certificate, options) }
  } catch (error) {
    return { line, ...(key !== undefined && { key }), valid: false, reason: oneLine(messageOf(error)) }
  }
}

function summarize(outcomes: readonly Outcome[], n: number): Summary {
  const lines = new Uint32Array(n)
  for (const { key } of outcomes) if (key !== undefined && key in lines) lines[key]++
  const failures = outcomes.filter((outcome): outcome is Failure => !outcome.valid)
  return {
    valid: outcomes.length - failures.length,
    invalid: failures.length,
    missing: keysWhere(lines, (count) => count === 0),
    repeated: keysWhere(lines, (count) => count > 1),
    failures: failures.map(({ line, key, reason }) => ({ line, ...(key !== undefined && { key }), reason })),
  }
}

function keysWhere(lines: Uint32Array, holds: (count: number) => boolean): number[] {
  return [...lines.keys()].filter((key) => holds(lines[key]))
}

function* tableOf(
  { valid, invalid, missing, repeated, failures }: Summary,
  { n, d, options, names: { names } }: Question,
): Generator<string> {
  const { green, yellow, red } = colours(process.stdout)
  yield `${count(valid + invalid, 'certificate')} for ${sizes(n, d, options.tolerance)}`
  yield ''
  yield* alignRows([
    [
      { text: 'valid', paint: green },
      { text: String(valid), align: 'right' },
    ],
    [
      { text: 'invalid', paint: red },
      { text: String(invalid), align: 'right' },
    ],
  ])
  if (missing.length + repeated.length > 0) yield ''
  if (missing.length > 0) yield `  ${yellow('no certificate')} for ${keysNamed(missing)}`
  if (repeated.length > 0) yield `  ${yellow('more than one')} for ${keysNamed(repeated)}`
  const head = [
    { text: 'line', align: 'right' },
    { text: 'key', align: 'right' },
    ...nameCell(names && 'name'),
    { text: 'reason' },
  ] as const
  yield* alignList(head, failures, ({ line, key, reason }) => [
    { text: String(line), align: 'right' },
    { text: key === undefined ? '' : String(key), align: 'right' },
    ...nameCell(names && (names[key ?? -1] ?? '')),
    { text: oneLine(reason) },
  ])
}

function keysNamed(keys: readonly number[]): string {
  return `${keys.length === 1 ? 'key' : `${keys.length} keys:`} ${enumerate(keys)}`
}
