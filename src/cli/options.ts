/** The options that every command shares: how keys are read, transformed and judged. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { layerNorm, project, rmsNorm, scale } from '../index.ts'
import type { MatrixLike } from '../index.ts'
import { formatOf, inputFormats, nameOf, readMatrix, readVector } from './input.ts'
import type { InputFormat } from './input.ts'
import { isNumber, parseNumber, quote } from './numbers.ts'
import type { Numbers, TypedArray } from './numbers.ts'
import { count } from './table.ts'

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
  readonly n: number
  readonly d: number
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

/** Reads all that the shared options name; what is wrong with a file is said here, in its own name. */
export async function readQuestion(path: string, options: SharedOptions): Promise<Question> {
  const { transform, eps, bias, exact } = options
  checkUsage(options)
  const read = await readMatrix(path, options.inputFormat ?? formatOf(path))
  const [n, d] = checkKeys(nameOf(path), read)
  const b = bias === undefined ? undefined : await readVector(bias, formatOf(bias) ?? options.inputFormat)
  if (bias !== undefined && b !== undefined) checkBias(nameOf(bias), b, n)
  const tolerance = exact ? 0 : options.tolerance
  return {
    keys: transforms[transform](read, eps),
    n,
    d,
    options: { ...(tolerance !== undefined && { tolerance }), ...(b !== undefined && { bias: b }) },
  }
}

/** Before any transform, which would smear a NaN over its row, or run for ever over a shape without numbers. */
function checkKeys(name: string, { data, shape }: Numbers): readonly [n: number, d: number] {
  const [n = 0, d = 0] = shape
  if (shape.length !== 2) throw new RangeError(`${name}: expected 2 dimensions, got ${shape.length}`)
  if (n === 0) throw new RangeError(`${name}: expected at least 1 key, got 0`)
  if (d === 0) throw new RangeError(`${name}: expected at least 1 dimension a key, got 0`)
  const bad = data.findIndex((x) => !Number.isFinite(x))
  if (bad < 0) return [n, d]
  const place = `row ${Math.floor(bad / d)}, column ${bad % d} (counted from 0)`
  throw new RangeError(`${name}: expected finite numbers, got ${data[bad]} in ${place}`)
}

function checkBias(name: string, bias: TypedArray, n: number): void {
  if (bias.length !== n) throw new RangeError(`${name}: expected ${count(n, 'number')}, one a key, got ${bias.length}`)
  const bad = bias.findIndex((x) => !Number.isFinite(x))
  if (bad >= 0) throw new RangeError(`${name}: expected finite numbers, got ${bias[bad]} for key ${bad}`)
}

function checkUsage({ transform, eps, bias, tolerance, exact }: SharedOptions): void {
  if (exact && tolerance !== undefined && tolerance !== 0) {
    throw new TypeError(`--exact: expected no --tolerance beside it but 0, got ${tolerance}`)
  }
  if (eps !== undefined && withoutEps.includes(transform)) {
    throw new TypeError(`--eps: expected --transform scale, layernorm or rmsnorm beside it, got ${transform}`)
  }
  if (bias === '-') throw new TypeError('--bias: expected a file, got - (only KEYS and CERTIFICATES may be stdin)')
}

function nonNegative(option: string): (text: string) => number {
  return (text) => {
    const value = isNumber(text) ? parseNumber(text) : NaN
    if (value >= 0 && value < Infinity) return value
    throw new RangeError(`${option}: expected a finite number >= 0, got ${quote(text)}`)
  }
}
