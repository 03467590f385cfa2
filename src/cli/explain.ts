/** `explain KEYS INDEX`: one sentence about one key. */
import type { Command } from 'commander'
import { certify, explain as explainKey } from '../index.ts'
import { exit } from './errors.ts'
import { addKeyOptions } from './keys.ts'
import { finite, quote } from './numbers.ts'
import { addToleranceOptions, readQuestion } from './options.ts'
import type { SharedOptions } from './options.ts'
import { print } from './output.ts'
import { shortName } from './table.ts'
import { linesFor } from './width.ts'

interface ExplainOptions extends Omit<SharedOptions, 'bias' | 'biasEntry'> {
  readonly scale?: number
}

/** Declares the command on `program`; `done` takes the exit code. */
export function addExplain(program: Command, done: (code: number) => void): void {
  addToleranceOptions(addKeyOptions(program.command('explain')))
    .summary('say what a query can do for one key')
    .description(
      'Say which keys overshadow a key, the most attention it can get and what would change that; or which query selects it, by what margin, and how long it must be.',
    )
    .argument('<KEYS>', 'file with one key a row, or - for stdin')
    .argument('<INDEX>', 'the key, counted from 0')
    .option('--scale <number>', 'factor of the scores (default: 1/√d)', finite('--scale'))
    .addHelpText(
      'after',
      `
Examples:
  selectability explain keys.npy 7
  selectability explain words.csv 0 --exact                with names
  selectability explain keys.npy 7 --transform layernorm   after LayerNorm
  selectability explain keys.npy 7 --format json`,
    )
    .action(async (keys: string, index: string, options: ExplainOptions) => done(await explain(keys, index, options)))
}

/** Explains, prints, and answers with the exit code: 0 when the key is selectable, else 1. */
async function explain(path: string, index: string, options: ExplainOptions): Promise<number> {
  const { keys, n, names, options: asked } = await readQuestion(path, options)
  const key = readIndex(index, n)
  const sentence = explainKey(keys, key, { ...asked, scale: options.scale, names: names.names?.map(shortName) })
  const { verdict } = certify(keys, key, asked)
  const name = names.names && { name: names.names[key] }
  await print(
    options.format === 'table'
      ? linesFor(sentence, process.stdout)
      : [JSON.stringify({ key, ...name, verdict, sentence })],
  )
  return verdict === 'selectable' ? exit.good : exit.some
}

function readIndex(text: string, n: number): number {
  const index = /^\d+$/u.test(text) ? Number(text) : NaN
  if (index < n) return index
  throw new RangeError(`INDEX: expected a key from 0 to ${n - 1}, got ${quote(text)}`)
}
