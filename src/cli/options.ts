/** The options that every command shares: how keys are read, transformed and judged. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { layerNorm, project, rmsNorm, scale } from '../index.ts'
import type { MatrixLike } from '../index.ts'
import { formatOf, inputFormats, readMatrix, readVector } from './input.ts'
import type { InputFormat } from './input.ts'
import { isNumber, parseNumber, quote } from './numbers.ts'

type Transform = 'none' | 'project' | 'scale' | 'layernorm' | 'rmsnorm'

const transforms: Readonly<Record<Transform, (keys: MatrixLike, eps?: number) => MatrixLike>> = {
  none: (keys) => keys,
  project: (keys) => project(keys),
  scale: (keys, eps = 0) => scale(keys, { eps }),
  layernorm: (keys, eps = 1e-5) => layerNorm(keys, { eps }),
  rmsnorm: (keys, eps = 1e-5) => rmsNorm(keys, { eps }),
}

const withoutEps: readonly Transform[] = ['none', 'project']

export type OutputFormat = 'table' | 'json' | 'ndjson'

export interface SharedOptions {
  readonly inputFormat?: InputFormat
  readonly transform: Transform
  readonly eps?: number
  readonly bias?: string
  readonly tolerance?: number
  readonly exact?: true
  readonly format: OutputFormat
}

/** What the library is asked: keys, and the options that shape the verdict. */
export interface Question {
  readonly keys: MatrixLike
  readonly options: { readonly tolerance?: number; readonly bias?: ArrayLike<number> }
}

/** Declares the shared options on `command`. */
export function addSharedOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--input-format <format>', 'format of KEYS, whatever its extension says').choices(inputFormats),
    )
    .addOption(
      new Option('--transform <name>', 'what is done to every key first')
        .choices(Object.keys(transforms))
        .default('none'),
    )
    .option(
      '--eps <number>',
      'ε under the root: default 0 for scale, 1e-5 for layernorm and rmsnorm',
      nonNegative('--eps'),
    )
    .option('--bias <file>', 'one number a key, as a row or a column, added to its score')
    .option(
      '--tolerance <number>',
      "distance that counts as none, in the keys' units (default: their rounding)",
      nonNegative('--tolerance'),
    )
    .option('--exact', 'decide in exact arithmetic: the same as --tolerance 0')
    .addOption(new Option('--format <format>', 'what to print').choices(['table', 'json', 'ndjson']).default('table'))
}

/** Reads all that the shared options name. */
export async function readQuestion(path: string, options: SharedOptions): Promise<Question> {
  const { transform, eps, bias, exact } = options
  checkUsage(path, options)
  const read = await readMatrix(path, options.inputFormat ?? formatOf(path))
  const b = bias === undefined ? undefined : await readVector(bias, formatOf(bias) ?? options.inputFormat)
  const tolerance = exact ? 0 : options.tolerance
  return {
    keys: transforms[transform](read, eps),
    options: { ...(tolerance !== undefined && { tolerance }), ...(b !== undefined && { bias: b }) },
  }
}

function checkUsage(path: string, { transform, eps, bias, tolerance, exact }: SharedOptions): void {
  if (exact && tolerance !== undefined && tolerance !== 0) {
    throw new TypeError(`--exact: expected no --tolerance beside it but 0, got ${tolerance}`)
  }
  if (eps !== undefined && withoutEps.includes(transform)) {
    throw new TypeError(`--eps: expected --transform scale, layernorm or rmsnorm beside it, got ${transform}`)
  }
  if (path === '-' && bias === '-') throw new TypeError('--bias: expected a file, as KEYS is read from stdin')
}

function nonNegative(option: string): (text: string) => number {
  return (text) => {
    const value = isNumber(text) ? parseNumber(text) : NaN
    if (value >= 0 && value < Infinity) return value
    throw new RangeError(`${option}: expected a finite number >= 0, got ${quote(text)}`)
  }
}
