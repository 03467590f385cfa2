/** Keys: which array of which file, and what is done to it first. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { layerNorm, project, rmsNorm, scale } from '../index.ts'
import type { MatrixLike } from '../index.ts'
import { nameOf } from './bytes.ts'
import { formatOf, inputFormats, readMatrix } from './input.ts'
import type { InputFormat } from './input.ts'
import { finite } from './numbers.ts'
import type { Numbers, TypedArray } from './numbers.ts'

type Transform = 'none' | 'project' | 'scale' | 'layernorm' | 'rmsnorm'

/** Row-major numbers, whether the library has made a matrix of them or a file has. */
type Dense = MatrixLike & { readonly data: TypedArray }

const transforms: Readonly<Record<Transform, (keys: Numbers, eps?: number) => Dense>> = {
  none: (keys) => keys,
  project: (keys) => project(keys),
  scale: (keys, eps = 0) => scale(keys, { eps }),
  layernorm: (keys, eps = 1e-5) => layerNorm(keys, { eps }),
  rmsnorm: (keys, eps = 1e-5) => rmsNorm(keys, { eps }),
}

const withoutEps: readonly Transform[] = ['none', 'project']

/** What is done to keys first. */
export interface TransformOptions {
  readonly transform: Transform
  readonly eps?: number | undefined
}

/** How keys are read and transformed. */
export interface KeyOptions extends TransformOptions {
  readonly inputFormat?: InputFormat | undefined
  readonly entry?: string | undefined
  readonly header?: true | undefined
  readonly labels?: true | undefined
}

/** As JSON has them: names of the keys, and of their coordinates. */
export interface Names {
  readonly names?: readonly string[]
  readonly columns?: readonly string[]
}

/** A matrix with one key a row. */
export interface Keys {
  readonly keys: Dense
  readonly n: number
  readonly d: number
  readonly names: Names
}

/** Declares how keys are read and transformed. */
export function addKeyOptions(command: Command): Command {
  return addTransformOptions(
    command
      .addOption(
        new Option('--input-format <format>', 'format of KEYS, whatever its extension says').choices(inputFormats),
      )
      .option('--entry <name>', 'which array of a .npz or .safetensors file holds the keys')
      .option('--header', 'the first line of a table is a header, even if it looks like numbers')
      .option('--labels', 'the first column of a table names the keys, even if it looks like numbers'),
  )
}

/** Declares what is done to keys first. */
export function addTransformOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--transform <name>', 'what is done to every key first')
        .choices(Object.keys(transforms))
        .default('none'),
    )
    .option(
      '--eps <number>',
      'ε under the root: default 0 for scale, 1e-5 for layernorm and rmsnorm',
      finite('--eps', 0),
    )
}

/** Reads and transforms keys, or queries, which are read like keys. */
export async function readKeys(path: string, options: KeyOptions): Promise<Keys> {
  const { inputFormat, entry, header, labels, transform, eps } = options
  const read = await readMatrix(path, { format: inputFormat ?? formatOf(path), entry, header, labels })
  const [n, d] = checkKeys(nameOf(path), read)
  const { rowNames, columnNames } = read
  const names = { ...(rowNames && { names: rowNames }), ...(columnNames && { columns: columnNames }) }
  return { keys: transforms[transform](read, eps), n, d, names }
}

/** An ε that no transform uses is a slip of the hand. */
export function checkTransform({ transform, eps }: TransformOptions): void {
  if (eps === undefined || !withoutEps.includes(transform)) return
  throw new TypeError(`--eps: expected --transform scale, layernorm or rmsnorm beside it, got ${transform}`)
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
