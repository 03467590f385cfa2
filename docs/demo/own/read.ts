/** A reader's keys: pasted text or a file, as the command line reads them, within the sizes that a page can take. */
import { readCsv } from '../../../src/cli/csv.ts'
import { readJson, readJsonl } from '../../../src/cli/json.ts'
import { readNpy, readNpyHeader } from '../../../src/cli/npy.ts'
import type { Numbers } from '../../../src/cli/numbers.ts'

export const mostKeys = 5000
export const longestKey = 1024
/** Text of the largest matrix, at 25 characters a number. */
const mostBytes = 25 * mostKeys * longestKey

export interface OwnKeys {
  readonly data: Float64Array | Float32Array
  readonly n: number
  readonly d: number
  /** What a table calls its rows. */
  readonly names: readonly string[] | null
}

/** What was handed in: text that was pasted, or a file's name and bytes. */
export type Source =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array }

/**
 * Reads keys, one a row.
 *
 * @throws TypeError or RangeError that says where the input is wrong
 */
export function readKeys(source: Source): OwnKeys {
  const size = source.kind === 'text' ? source.text.length : source.bytes.length
  if (size > mostBytes)
    throw new RangeError(`expected at most ${mostBytes / 1e6} MB, got ${(size / 1e6).toFixed(0)} MB`)
  const { data, shape, rowNames } = source.kind === 'text' ? readText(source.text) : readFile(source)
  checkShape(shape)
  const [n = 0, d = 0] = shape
  return {
    data: data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data),
    n,
    d,
    names: rowNames ?? null,
  }
}

function checkShape(shape: readonly number[]): void {
  if (shape.length !== 2) throw new RangeError(`expected 2 dimensions, keys × coordinates, got ${shape.length}`)
  const [n = 0, d = 0] = shape
  if (!(n >= 1 && d >= 1)) throw new RangeError(`expected at least one key of at least one number, got ${n} × ${d}`)
  if (!(n <= mostKeys && d <= longestKey)) {
    throw new RangeError(
      `expected at most ${mostKeys} keys of ${longestKey} numbers, got ${n} of ${d}; the command line takes more`,
    )
  }
}

function readFile({ name, bytes }: Extract<Source, { kind: 'file' }>): Numbers {
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  if (extension === 'npy') {
    // Before its numbers are read, so that too large a file costs nothing.
    checkShape(readNpyHeader(bytes).shape)
    return readNpy(bytes)
  }
  const text = new TextDecoder('utf-8', { fatal: true })
  const read = readers[extension]
  if (read === undefined) throw new TypeError(`expected a .npy, .csv, .tsv, .txt, .json or .jsonl file, got ${name}`)
  return read(text.decode(bytes))
}

const readers: Readonly<Record<string, (text: string) => Numbers>> = {
  csv: (text) => readCsv(text),
  tsv: (text) => readCsv(text, '\t'),
  txt: readText,
  json: readJson,
  jsonl: readJsonl,
}

/** Text without a name: its first line tells what it is. */
function readText(text: string): Numbers {
  if (text.trim() === '') throw new TypeError('expected rows of numbers, got nothing')
  const [first = '', second] = text.trim().split('\n', 2)
  if (/^[[{]/.test(first)) return isWhole(first) && second !== undefined ? readJsonl(text) : readJson(text)
  if (first.includes('\t')) return readCsv(text, '\t')
  if (first.includes(',')) return readCsv(text)
  // As NumPy's savetxt and people write: blanks between numbers.
  return readCsv(
    text
      .trim()
      .replace(/[^\S\n]+/g, ',')
      .replace(/^,|,$/gm, ''),
  )
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
