/** What `attend` prints: the strongest key of every query or the start of its output, or all numbers as JSON. */
import type { Keys } from './keys.ts'
import { jsonRows } from './matrixfile.ts'
import { alignList, count, nameCell } from './table.ts'
import type { Cell } from './table.ts'

/** What was asked, and the matrix with a row for each query. */
export interface Attended {
  readonly kind: 'weights' | 'outputs'
  readonly data: Float32Array | Float64Array
  readonly shape: readonly [m: number, columns: number]
  readonly queries: Keys
  readonly keys: Keys
  readonly scale: number
  readonly causal: boolean
}

/** Numbers of a row that a table shows. */
const shownNumbers = 6

/** One JSON document over several lines. */
export function* jsonOf(result: Attended): Generator<string> {
  const { kind, shape, queries, keys, scale, causal } = result
  const asked = JSON.stringify({ m: queries.n, n: keys.n, d: keys.d, scale, causal, shape })
  yield `${asked.slice(0, -1)},"${kind}":`
  yield* jsonRows(result)
  yield '}'
}

/** A line a query, the first 20 of them. */
export function* tableOf(result: Attended): Generator<string> {
  const { kind, shape, queries, keys, scale, causal } = result
  const size = `${count(queries.n, 'query', 'queries')} and ${count(keys.n, 'key')} in ${count(keys.d, 'dimension')}`
  yield `${size}, scale ${Number(scale.toPrecision(4))}${causal ? ', causal' : ''}`
  const { names } = queries.names
  const head: Cell[] = [{ text: 'query', align: 'right' }, ...nameCell(names && 'name')]
  const column = kind === 'weights' ? strongestKeys(result) : outputs(result)
  yield* alignList([...head, ...column.head], [...Array(shape[0]).keys()], (row) => {
    return [{ text: String(row), align: 'right' }, ...nameCell(names?.[row]), ...column.cells(row)]
  })
}

interface Columns {
  readonly head: readonly Cell[]
  cells(row: number): readonly Cell[]
}

function strongestKeys({ data, shape: [, n], keys }: Attended): Columns {
  const { names } = keys.names
  return {
    head: [{ text: 'strongest key', align: 'right' }, ...nameCell(names && 'name'), { text: 'weight', align: 'right' }],
    cells(row) {
      let best = -1
      let weight = 0
      for (let j = 0; j < n; j++) {
        const w = data[row * n + j]
        if (w > weight) [best, weight] = [j, w]
      }
      return [
        { text: best < 0 ? 'none' : String(best), align: 'right' },
        ...nameCell(names && (names[best] ?? '')),
        { text: weight.toFixed(4), align: 'right' },
      ]
    },
  }
}

function outputs({ data, shape: [, columns] }: Attended): Columns {
  const shown = Math.min(columns, shownNumbers)
  return {
    head: [{ text: 'output', align: 'right' }],
    cells(row) {
      const numbers = Array.from(data.subarray(row * columns, row * columns + shown), (x) => Number(x.toPrecision(5)))
      const cells = numbers.map((x): Cell => ({ text: String(x), align: 'right' }))
      return columns > shown ? [...cells, { text: '…' }] : cells
    },
  }
}
