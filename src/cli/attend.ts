/** `attend QUERIES KEYS [VALUES]`: the attention weights of every query, or with values what attention makes of them. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { attention, attentionWeights } from '../index.ts'
import { jsonOf, tableOf } from './attended.ts'
import type { Attended } from './attended.ts'
import { exit } from './errors.ts'
import { formatOf, holdsEntries, inputFormats } from './input.ts'
import type { InputFormat } from './input.ts'
import { addTransformOptions, checkTransform, readKeys } from './keys.ts'
import type { Keys, TransformOptions } from './keys.ts'
import { jsonLines, matrixContent, outputFormats, outputFormatOf } from './matrixfile.ts'
import { finite } from './numbers.ts'
import { formatOption, readBias } from './options.ts'
import type { OutputFormat } from './options.ts'
import { checkTarget, print, writeFileAtomically } from './output.ts'
import { count } from './table.ts'

interface AttendOptions extends TransformOptions {
  readonly inputFormat?: InputFormat
  readonly entry?: readonly string[]
  readonly header?: true
  readonly labels?: true
  readonly scale?: number
  readonly causal?: true
  readonly bias?: string
  readonly biasEntry?: string
  readonly output?: string
  readonly format: OutputFormat
}

/** Declares the command on `program`; `done` takes the exit code. */
export function addAttend(program: Command, done: (code: number) => void): void {
  addTransformOptions(
    program
      .command('attend')
      .summary('compute attention, or its weights')
      .description('Compute softmax(scale · Q Kᵀ) for the queries Q and keys K, and with values V its product with V.')
      .argument('<QUERIES>', 'file with one query a row, or - for stdin')
      .argument('<KEYS>', 'file with one key a row, or - for stdin')
      .argument('[VALUES]', 'file with one value a row, one for each key')
      .addOption(
        new Option('--input-format <format>', 'format of inputs whose names do not tell').choices(inputFormats),
      )
      .option(
        '--entry <name>',
        'which array of a .npz or .safetensors file; once for all such inputs, or once for each, in their order',
        (name: string, before: readonly string[] = []) => [...before, name],
      )
      .option('--header', 'the first line of a table is a header, even if it looks like numbers')
      .option('--labels', 'the first column of a table names the rows, even if it looks like numbers'),
  )
    .option('--scale <number>', 'factor of the scores (default: 1/√d)', finite('--scale'))
    .option('--causal', 'query i sees the keys up to i + n − m only')
    .option('--bias <file>', 'one number a key, as a row or a column, added to its score')
    .option('--bias-entry <name>', 'which array of a .npz or .safetensors file holds the bias')
    .option('--output <file>', `write the whole result there, as ${outputFormats.join(', ')}, by extension`)
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
Examples:
  selectability attend q.npy k.npy   the strongest key of every query
  selectability attend q.npy k.npy --causal --output weights.npy
  selectability attend m.npz m.npz m.npz --entry q --entry k --entry v
  selectability attend q.csv k.csv v.csv --format ndjson   a row a line`,
    )
    .action(async (queries: string, keys: string, values: string | undefined, options: AttendOptions) => {
      done(await attend(queries, keys, values, options))
    })
}

/** Computes, prints, and answers with the exit code. */
async function attend(
  queryPath: string,
  keyPath: string,
  valuePath: string | undefined,
  options: AttendOptions,
): Promise<number> {
  const { transform, eps, scale, causal = false, bias: biasPath, biasEntry, output, format } = options
  const paths = [queryPath, keyPath, ...(valuePath === undefined ? [] : [valuePath])]
  checkUsage(paths, options)
  const target = output === undefined ? undefined : outputFormatOf('--output', output)
  if (output !== undefined) {
    await checkTarget('--output', output, '--format ndjson prints rows there', [...paths, biasPath])
  }
  const entries = entriesOf(paths, options)
  const read = (at: number, how: TransformOptions): Promise<Keys> => {
    const path = paths[at]
    const { inputFormat, header, labels } = options
    const file = { inputFormat: formatOf(path) ?? inputFormat, entry: entries[at], header, labels }
    return readKeys(path, { ...how, ...file })
  }
  const queries = await read(0, { transform: 'none' })
  const keys = await read(1, { transform, eps })
  const values = valuePath === undefined ? undefined : await read(2, { transform: 'none' })
  checkSizes(queries, keys, values)
  const bias = biasPath === undefined ? undefined : await readBias(biasPath, biasEntry, options.inputFormat, keys.n)
  const settings = {
    causal,
    ...(scale !== undefined && { scale }),
    ...(bias && { mask: { data: Float64Array.from(bias), shape: [1, keys.n] } }),
  }
  const { data } =
    values === undefined
      ? attentionWeights(queries.keys, keys.keys, settings)
      : attention(queries.keys, keys.keys, values.keys, settings)
  const result: Attended = {
    kind: values === undefined ? 'weights' : 'outputs',
    data: data as Attended['data'],
    shape: [queries.n, values?.d ?? keys.n],
    queries,
    keys,
    scale: scale ?? 1 / Math.sqrt(keys.d),
    causal,
  }
  if (output !== undefined && target !== undefined) await writeFileAtomically(output, matrixContent(target, result))
  await print(format === 'ndjson' ? jsonLines(result) : format === 'json' ? jsonOf(result) : tableOf(result))
  return exit.good
}

function checkUsage(paths: readonly string[], { transform, eps, bias, biasEntry }: AttendOptions): void {
  if (paths.filter((path) => path === '-').length > 1) throw new TypeError('expected one input from stdin, got several')
  if (bias === '-') throw new TypeError('--bias: expected a file, got -')
  if (biasEntry !== undefined && bias === undefined) throw new TypeError('--bias-entry: expected --bias beside it')
  checkTransform({ transform, eps })
}

/** Names of arrays go to the inputs that hold several, in order; one name alone goes to all of them. */
function entriesOf(paths: readonly string[], { entry = [], inputFormat }: AttendOptions): (string | undefined)[] {
  const holders = paths.filter((path) => holdsEntries(formatOf(path) ?? inputFormat))
  if (entry.length > 1 && entry.length !== holders.length) {
    throw new TypeError(
      `--entry: expected one, or ${count(holders.length, 'name')} for as many files, got ${entry.length}`,
    )
  }
  if (entry.length > 0 && holders.length === 0)
    throw new TypeError('--entry: expected a .npz or .safetensors file beside it')
  let next = 0
  return paths.map((path) => {
    if (!holdsEntries(formatOf(path) ?? inputFormat)) return undefined
    return entry.length === 1 ? entry[0] : entry[next++]
  })
}

function checkSizes(queries: Keys, keys: Keys, values: Keys | undefined): void {
  if (keys.d !== queries.d)
    throw new RangeError(`KEYS: expected ${count(queries.d, 'dimension')}, as QUERIES have, got ${keys.d}`)
  if (values !== undefined && values.n !== keys.n)
    throw new RangeError(`VALUES: expected ${count(keys.n, 'row')}, one a key, got ${values.n}`)
}
