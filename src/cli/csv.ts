/**
 * Matrices as comma- or tab-separated text, one row a line, nothing but numbers.
 *
 * Lines and columns in messages count from 1, as editors and spreadsheets do. Nothing is skipped but blank lines at the
 * end: a header or a comment is an error that says so, since a table that loses a row gives every later key a wrong number.
 */
import { parse } from 'csv-parse/sync'
import { locate } from './errors.ts'
import { gatherRows, isNumber, parseNumber, quote } from './numbers.ts'
import type { Numbers } from './numbers.ts'

const separators = { ',': 'commas', '\t': 'tabs' } as const

/** Reads CSV (RFC 4180 quoting, any line ending, blanks around a number allowed), or TSV when `delimiter` is a tab. */
export function readCsv(text: string, delimiter: ',' | '\t' = ','): Numbers {
  const rows = gatherRows()
  let blankAt = 0
  const onRecord = (record: readonly string[], { lines }: { readonly lines: number }): null => {
    if (record.length === 0 || (record.length === 1 && record[0] === '')) {
      blankAt ||= lines
      return null
    }
    if (blankAt > 0) throw new TypeError(`line ${blankAt}: expected a row of numbers, got a blank line`)
    rows.add(readRecord(record, lines, delimiter), `line ${lines}`)
    return null
  }
  parse(text, { delimiter, trim: true, relax_column_count: true, on_record: onRecord })
  // A quoted empty cell alone on its line looks like a blank line to the parser, but is a row that lacks its number.
  if (blankAt > 0 && text.trimEnd().endsWith('""'))
    throw new TypeError(`line ${blankAt}, column 1: expected a number, got nothing`)
  const matrix = rows.matrix()
  if (matrix.shape[0] === 0) throw new TypeError('expected rows of numbers, got only blank lines')
  return matrix
}

function readRecord(record: readonly string[], line: number, delimiter: ',' | '\t'): number[] {
  return record.map((cell, column) => {
    try {
      return parseNumber(cell)
    } catch (error) {
      const located = locate(`line ${line}, column ${column + 1}`, error)
      located.message += hint(cell, record, line, delimiter)
      throw located
    }
  })
}

function hint(cell: string, record: readonly string[], line: number, delimiter: ',' | '\t'): string {
  const parts = cell.split(/[\s,;]+/u).filter((part) => part !== '')
  if (record.length === 1 && parts.length > 1 && parts.every(isNumber)) {
    return ` (numbers are separated by ${separators[delimiter]} here)`
  }
  const first = record[0] ?? ''
  if (line === 1 && first !== '' && !isNumber(first)) {
    return ` (is ${quote(first)} a header? take the line out: every line is a key)`
  }
  return ''
}
