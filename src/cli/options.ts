/** The options that every command shares: how keys are read, transformed and judged. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { nameOf } from './bytes.ts'
import { formatOf, readVector } from './input.ts'
import type { InputFormat } from './input.ts'
import { addKeyOptions, checkTransform, readKeys } from './keys.ts'
import type { KeyOptions, Keys } from './keys.ts'
import { finite } from './numbers.ts'
import type { TypedArray } from './numbers.ts'
import { count } from './table.ts'

export type OutputFormat = 'table' | 'json' | 'ndjson'

export interface SharedOptions extends KeyOptions {
  readonly bias?: string
  readonly biasEntry?: string
  readonly tolerance?: number
  readonly exact?: true
  readonly format: OutputFormat
}

/** What the library is asked: keys, and the options that shape the verdict. */
export interface Question extends Keys {
  readonly options: { readonly tolerance?: number; readonly bias?: TypedArray }
}

/** Declares the options that a question about selectability has. */
export function addSharedOptions(command: Command): Command {
  return addToleranceOptions(
    addKeyOptions(command)
      .option('--bias <file>', 'one number a key, as a row or a column, added to its score')
      .option('--bias-entry <name>', 'which array of a .npz or .safetensors file holds the bias'),
  )
}

/** Those that a question about keys alone, without a bias, has besides how they are read. */
export function addToleranceOptions(command: Command): Command {
  return command
    .option(
      '--tolerance <number>',
      "distance that counts as none, in the keys' units (default: their rounding)",
      finite('--tolerance', 0),
    )
    .option('--exact', 'decide in exact arithmetic: the same as --tolerance 0')
    .option('--seed <text>', 'accepted, and changes nothing: no step is random')
    .addOption(formatOption())
}

/** What is printed, for every command alike. */
export function formatOption(): Option {
  return new Option('--format <format>', 'what to print').choices(['table', 'json', 'ndjson']).default('table')
}

/** Reads all that the shared options name; what is wrong with a file is said here, in its own name. */
export async function readQuestion(path: string, options: SharedOptions): Promise<Question> {
  const { bias, biasEntry, exact } = options
  checkUsage(options)
  const keys = await readKeys(path, options)
  const b = bias === undefined ? undefined : await readBias(bias, biasEntry, options.inputFormat, keys.n)
  const tolerance = exact ? 0 : options.tolerance
  return {
    ...keys,
    options: { ...(tolerance !== undefined && { tolerance }), ...(b !== undefined && { bias: b }) },
  }
}

/** Reads one finite number for each of n keys. */
export async function readBias(
  path: string,
  entry: string | undefined,
  format: InputFormat | undefined,
  n: number,
): Promise<TypedArray> {
  const bias = await readVector(path, { format: formatOf(path) ?? format, entry })
  checkBias(nameOf(path), bias, n)
  return bias
}

function checkBias(name: string, bias: TypedArray, n: number): void {
  if (bias.length !== n) throw new RangeError(`${name}: expected ${count(n, 'number')}, one a key, got ${bias.length}`)
  const bad = bias.findIndex((x) => !Number.isFinite(x))
  if (bad >= 0) throw new RangeError(`${name}: expected finite numbers, got ${bias[bad]} for key ${bad}`)
}

function checkUsage({ transform, eps, bias, biasEntry, tolerance, exact }: SharedOptions): void {
  if (exact && tolerance !== undefined && tolerance !== 0) {
    throw new TypeError(`--exact: expected no --tolerance beside it but 0, got ${tolerance}`)
  }
  checkTransform({ transform, eps })
  if (biasEntry !== undefined && bias === undefined) throw new TypeError('--bias-entry: expected --bias beside it')
  if (bias === '-') throw new TypeError('--bias: expected a file, got - (only KEYS and CERTIFICATES may be stdin)')
}
