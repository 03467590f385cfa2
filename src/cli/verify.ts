/** `verify KEYS CERTIFICATES`: whether every line of a file of certificates proves what it claims about these keys. */
import type { Command } from 'commander'
import { fromJson, verify as verifyOne } from '../index.ts'
import { colours } from './colour.ts'
import { exit, locate, messageOf, oneLine } from './errors.ts'
import { nameOf, readText } from './input.ts'
import { jsonLines } from './json.ts'
import { addSharedOptions, readQuestion } from './options.ts'
import type { Question, SharedOptions } from './options.ts'
import { print } from './output.ts'
import { startProgress } from './progress.ts'
import { alignList, alignRows, count } from './table.ts'

/** What became of one line; `key` is missing when the line is no certificate at all. */
type Outcome = { readonly line: number; readonly key?: number } & (
  { readonly valid: true } | { readonly valid: false; readonly reason: string }
)

type Failure = Extract<Outcome, { readonly valid: false }>

interface Line {
  readonly line: number
  readonly value: unknown
}

/** Declares the command on `program`; `done` takes the exit code. */
export function addVerify(program: Command, done: (code: number) => void): void {
  addSharedOptions(program.command('verify'))
    .summary('check the certificates that check wrote')
    .description('Check certificates against the keys, with exact arithmetic and without the solver that found them.')
    .argument('<KEYS>', 'file with one key a row, or - for stdin')
    .argument('<CERTIFICATES>', 'file with one JSON certificate a line, or - for stdin')
    .action(async (keys: string, certificates: string, options: SharedOptions) => {
      done(await verify(keys, certificates, options))
    })
}

/** Verifies, prints, and answers with the exit code: 0 when every certificate is valid, else 1. */
export async function verify(path: string, certificates: string, options: SharedOptions): Promise<number> {
  if (certificates === '-' && [path, options.bias].includes('-')) {
    throw new TypeError('CERTIFICATES: expected a file, as stdin is read for another input')
  }
  const question = await readQuestion(path, options)
  const lines = await readLines(certificates)
  const progress = startProgress('verifying')
  const outcomes: Outcome[] = []
  try {
    for (const line of lines) {
      outcomes.push(judge(line, question))
      progress.onProgress?.(outcomes.length, lines.length)
    }
  } finally {
    progress.stop()
  }
  await print(linesOf(outcomes, options.format))
  return outcomes.every(({ valid }) => valid) ? exit.good : exit.some
}

/** A file without certificates would be valid in every line: more likely it is one that got lost. */
async function readLines(path: string): Promise<readonly Line[]> {
  const text = await readText(path)
  try {
    const lines = [...jsonLines(text)]
    if (lines.length > 0) return lines
    throw new RangeError('expected one certificate a line, got only blank lines')
  } catch (error) {
    throw locate(nameOf(path), error)
  }
}

/** A record that is no certificate of these keys is an invalid one; keys that are no keys are bad input. */
function judge({ line, value }: Line, { keys, options }: Question): Outcome {
  let key: number | undefined
  try {
    const certificate = fromJson(value)
    key = certificate.key
    return { line, key, ...verifyOne(keys, certificate, options) }
  } catch (error) {
    const reason = messageOf(error)
    if (/^(?:keys|bias|tolerance)\b/u.test(reason)) throw error
    return { line, ...(key !== undefined && { key }), valid: false, reason }
  }
}

function linesOf(outcomes: readonly Outcome[], format: SharedOptions['format']): Iterable<string> {
  if (format === 'ndjson') return outcomes.map((outcome) => JSON.stringify(outcome))
  const failures = outcomes.filter((outcome): outcome is Failure => !outcome.valid)
  if (format === 'table') return tableOf(outcomes, failures)
  const invalid = failures.map(({ line, key, reason }) => ({ line, key, reason }))
  return [JSON.stringify({ valid: outcomes.length - failures.length, invalid: failures.length, failures: invalid })]
}

function* tableOf(outcomes: readonly Outcome[], failures: readonly Failure[]): Generator<string> {
  const { green, red } = colours(process.stdout)
  yield count(outcomes.length, 'certificate')
  yield ''
  yield* alignRows([
    [
      { text: 'valid', paint: green },
      { text: String(outcomes.length - failures.length), align: 'right' },
    ],
    [
      { text: 'invalid', paint: red },
      { text: String(failures.length), align: 'right' },
    ],
  ])
  const head = [{ text: 'line', align: 'right' }, { text: 'key', align: 'right' }, { text: 'reason' }] as const
  yield* alignList(head, failures, ({ line, key, reason }) => [
    { text: String(line), align: 'right' },
    { text: key === undefined ? '' : String(key), align: 'right' },
    { text: oneLine(reason) },
  ])
}
