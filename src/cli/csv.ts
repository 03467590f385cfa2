/**
 * Matrices as comma- or tab-separated text, one row a line: numbers, and where there are any, a first line that names the
 * columns and a first column that names the rows.
 *
 * Lines and columns in messages count from 1, as editors and spreadsheets do. Nothing is skipped but blank lines at the
 * end, since a table that loses a row gives every later key a wrong number. So a line is a header only when each of its cells
 * is a word that could be no damaged number, or when the user says so.
 */
import { parse } from 'csv-parse/sync'
import { locate } from './locate.ts'
import { gatherRows, isNumber, parseNumber, quote } from './numbers.ts'
import type { Numbers } from './numbers.ts'

type Delimiter = ',' | '\t'

/** What the user says of a table, where its words do not. */
export interface TextLayout {
  /** The first line names the columns, whatever it holds. */
  readonly header?: true | undefined
  /** The first column names the rows, whatever it holds. */
  readonly labels?: true | undefined
}

const separators = { ',': 'commas', '\t': 'tabs' } as const
/** How a number starts, or what stands where one is missing: no name of a column. */
const nearNumber = /^[+-]?[.,]?\d|^(?:n\/?a|none|null|-)$/iu

/** Reads CSV (RFC 4180 quoting, any line ending, blanks around a number allowed), or TSV when `delimiter` is a tab. */
export function readCsv(text: string, delimiter: Delimiter = ',', layout: TextLayout = {}): Numbers {
  const table = gatherTable(delimiter, layout)
  let blankAt = 0
  const onRecord = (record: readonly string[], { lines }: { readonly lines: number }): null => {
    if (record.length === 0 || (record.length === 1 && record[0] === '')) {
      blankAt ||= lines
      return null
    }
    if (blankAt > 0) throw new TypeError(`line ${blankAt}: expected a row of numbers, got a blank line`)
    table.add(record, lines)
    return null
  }
  parse(text, { delimiter, trim: true, relax_column_count: true, on_record: onRecord })
  // A quoted empty cell alone on its line looks like a blank line to the parser, but is a row that lacks its number.
  if (blankAt > 0 && text.trimEnd().endsWith('""'))
    throw new TypeError(`line ${blankAt}, column 1: expected a number, got nothing`)
  return table.numbers()
}

interface TableGatherer {
  add(record: readonly string[], line: number): void
  numbers(): Numbers
}

function gatherTable(delimiter: Delimiter, layout: TextLayout): TableGatherer {
  const rows = gatherRows()
  const names: string[] = []
  let head: readonly string[] | undefined
  let headLine = 0
  let first = true
  let labelled = layout.labels === true
  return {
    add(record, line) {
      if (first && head === undefined && (layout.header ?? isHeader(record))) {
        // `np.savetxt` writes its header as a comment.
        head = record.map((name, c) => (c === 0 ? name.replace(/^#\s*/u, '') : name))
        headLine = line
        return
      }
      if (first) labelled ||= hasLabels(record, head)
      first = false
      const offset = labelled ? 1 : 0
      if (labelled) names.push(record[0])
      rows.add(readRecord(record, line, delimiter, offset), `line ${line}`)
    },
    numbers() {
      const { data, shape } = rows.matrix()
      const [n = 0, d = 0] = shape
      if (n === 0) throw new TypeError(`expected rows of numbers, got only ${head ? 'a header' : 'blank lines'}`)
      const columnNames = head !== undefined && labelled && head.length > d ? head.slice(1) : head
      if (columnNames !== undefined && columnNames.length !== d) {
        const comment = head?.length === 1 ? ` (is ${quote(head[0])} a comment? take the line out)` : ''
        throw new RangeError(`line ${headLine}: expected ${d} names, one a column, got ${columnNames.length}${comment}`)
      }
      return { data, shape, ...(labelled && { rowNames: names }), ...(columnNames && { columnNames }) }
    },
  }
}

function isHeader(record: readonly string[]): boolean {
  const words = record.filter((cell, c) => c > 0 || cell !== '')
  return words.length > 0 && words.every(isWord)
}

/** The first row decides: it starts with a word, or the header has no name for its first column. */
function hasLabels(record: readonly string[], head: readonly string[] | undefined): boolean {
  return record.length > 1 && (head?.[0] === '' || isWord(record[0]))
}

function isWord(cell: string): boolean {
  return cell !== '' && !nearNumber.test(cell) && !isNumber(cell)
}

function readRecord(record: readonly string[], line: number, delimiter: Delimiter, offset: number): number[] {
  const numbers: number[] = []
  for (let column = offset; column < record.length; column++) {
    const cell = record[column]
    try {
      numbers.push(parseNumber(cell))
    } catch (error) {
      const located = locate(`line ${line}, column ${column + 1}`, error)
      located.message += hint(cell, record, line, delimiter)
      throw located
    }
  }
  return numbers
}

function hint(cell: string, record: readonly string[], line: number, delimiter: Delimiter): string {
  const parts = cell.split(/[\s,;]+/u).filter((part) => part !== '')
  if (record.length === 1 && parts.length > 1 && parts.every(isNumber)) {
    return ` (numbers are separated by ${separators[delimiter]} here)`
  }
  if (line === 1) return ' (if the line is a header, say --header)'
  return cell === record[0] && isWord(cell) ? ' (if the first column names the keys, say --labels)' : ''
}
