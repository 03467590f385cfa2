/** Numbers, CSV, TSV, JSON and JSON lines: strict, and exact about where something is wrong. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../src/cli/csv.ts'
import { jsonLines, readJson, readJsonl } from '../../src/cli/json.ts'
import { parseNumber } from '../../src/cli/numbers.ts'

const square = { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] }

describe('parseNumber', () => {
  it.each([
    ['0', 0],
    ['-0', -0],
    ['+1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1E-3', 0.001],
    [' 7\t', 7],
    ['1e-999', 0],
    ['nan', NaN],
    ['NaN', NaN],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
  ])('reads %j', (text, value) => {
    expect(parseNumber(text)).toBe(value)
  })

  it.each(['', ' ', '.', '0x10', '0b1', '1_000', '1,5', '1e', 'e5', '--1', '1 2', 'one', '1n', '∞', '１'])(
    'refuses %j',
    (text) => {
      expect(() => parseNumber(text)).toThrow(TypeError)
    },
  )

  it.each(['1e999', '-1e309', '9'.repeat(400)])('refuses %j, too large for float64', (text) => {
    expect(() => parseNumber(text)).toThrow(RangeError)
  })

  it('reads back every float64 that JavaScript prints, which has no sign for 0', () => {
    fc.assert(fc.property(fc.double(), (x) => Object.is(parseNumber(String(x)), x + 0)))
  })
})

describe('readCsv', () => {
  it.each([
    ['plain', '1,2\n3,4\n'],
    ['no line end at the end', '1,2\n3,4'],
    ['CRLF and blank lines at the end', '1,2\r\n3,4\r\n\r\n \r\n'],
    ['old Mac line ends', '1,2\r3,4\r'],
    ['quoted numbers', '"1","2"\n"3","4"\n'],
    ['blanks around numbers', ' 1 ,\t2\n3, "4" \n'],
    ['exponents', '1e0,2E0\n+3,.4e1\n'],
  ])('reads %s', (_, text) => {
    expect(readCsv(text)).toEqual(square)
  })

  it('reads more rows than it has room for at first', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => [i, i / 2])
    expect(readCsv(rows.map((row) => `${row.join(',')}\n`).join(''))).toEqual({
      data: Float64Array.from(rows.flat()),
      shape: [3000, 2],
    })
  })

  it('reads tabs', () => {
    expect(readCsv('1\t2\r\n3\t4\n', '\t')).toEqual(square)
  })

  it('leaves NaN and infinities to whoever takes the matrix', () => {
    expect(readCsv('1,nan\n-inf,4\n')).toEqual({ data: Float64Array.of(1, NaN, -Infinity, 4), shape: [2, 2] })
  })

  it.each<[string, string, string]>([
    ['a word', '1,2\n3,abc\n', 'line 2, column 2: expected a number, got "abc"'],
    [
      'a row that starts with a word under one that does not',
      '1,2\nx,1\n',
      'line 2, column 1: expected a number, got "x"',
    ],
    ['a comment', '# x y\n1,2\n', 'is "x y" a comment?'],
    ['a quoted empty cell alone on the last line', '1\n""\n', 'line 2, column 1: expected a number, got nothing'],
    ['an empty cell', '1,2\n3,\n', 'line 2, column 2: expected a number, got nothing'],
    ['a comma too many', '1,2,\n', 'line 1, column 3: expected a number, got nothing'],
    ['a short row', '1,2\n3\n', 'line 2: expected 2 numbers as on the first, got 1'],
    ['a long row', '1\n2\n3,4\n', 'line 3: expected 1 number as on the first, got 2'],
    ['a blank line between rows', '1,2\n\n3,4\n', 'line 2: expected a row of numbers, got a blank line'],
    ['a blank first line', '\n1,2\n', 'line 1: expected a row of numbers, got a blank line'],
    ['nothing but blank lines', '\n\n', 'got only blank lines'],
    [
      'blanks for commas',
      '1 2\n3 4\n',
      'line 1, column 1: expected a number, got "1 2" (numbers are separated by commas',
    ],
    ['semicolons for commas', '1;2\n3;4\n', 'numbers are separated by commas'],
    ['a hexadecimal number', '1,0x10\n', 'got "0x10"'],
    ['a number too large', '1,1e999\n', 'line 1, column 2: expected a number within float64, got "1e999"'],
    ['an open quote', '1,"2\n3,4\n', 'quote'],
    ['text after a quote', '1,"2"x\n', 'line 1'],
    ['a decimal comma in quotes', '"1,5",2\n', 'line 1, column 1: expected a number, got "1,5"'],
    ['a very long cell', `1,${'x'.repeat(999)}\n`, `got "${'x'.repeat(39)}…"`],
  ])('refuses %s', (_, text, words) => {
    expect(() => readCsv(text)).toThrow(new RegExp(words.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'), 'iu'))
  })

  it('refuses empty cells between tabs, at either end too', () => {
    expect(() => readCsv('1\t\t2\n', '\t')).toThrow('line 1, column 2: expected a number, got nothing')
    expect(() => readCsv('\t1\n', '\t')).toThrow('line 1, column 1: expected a number, got nothing')
    expect(() => readCsv('1,2\n', '\t')).toThrow('numbers are separated by tabs')
  })
})

describe('readJson', () => {
  it.each([
    ['rows', '[[1,2],[3,4]]'],
    ['data and shape', '{"data":[1,2,3,4],"shape":[2,2]}'],
    ['data and dims', '{"type":"float64","dims":[2,2],"data":[1,2,3,4]}'],
  ])('reads %s', (_, text) => {
    expect(readJson(text)).toEqual(square)
  })

  it('reads a flat array as one dimension, no rows as none, and rows of nothing', () => {
    expect(readJson('[1,2]').shape).toEqual([2])
    expect(readJson('[]').shape).toEqual([0, 0])
    expect(readJson('[[],[]]').shape).toEqual([2, 0])
    const shape = [...Array<number>(40).fill(2 ** 40), 0]
    expect(readJson(JSON.stringify({ data: [], shape })).shape).toEqual(shape)
  })

  it.each<[string, string, RegExp]>([
    ['no JSON', '[[1,2]', /JSON/u],
    ['NaN, which is no JSON', '[[NaN]]', /JSON/u],
    ['a number', '5', /expected an array of rows.*got 5$/u],
    ['null', 'null', /got null$/u],
    ['text', '"1,2"', /got the string "1,2"$/u],
    ['an object without data', '{"shape":[1]}', /got an object$/u],
    ['text for a number', '[[1,"2"]]', /^row 0, column 1: expected a number, got the string "2"$/u],
    ['null for a number', '[[1,2],[null,2]]', /^row 1, column 0: expected a number, got null$/u],
    ['a third dimension', '[[[1]]]', /^row 0, column 0: expected a number, got an array$/u],
    ['a row that is no array', '[[1],2]', /^row 1: expected an array of numbers, got 2$/u],
    ['ragged rows', '[[1,2],[3]]', /^row 1: expected 2 numbers as on the first, got 1$/u],
    ['a number too large', '[[1,1e999]]', /^row 0, column 1: expected a number within float64/u],
    ['data of another size', '{"data":[1,2,3],"shape":[2,2]}', /^data: expected 4 numbers for shape \[2, 2\], got 3$/u],
    [
      'many sizes, in a message of one short line',
      `{"data":[1],"dims":[${Array(5000).fill(4294967296)}]}`,
      /^data: expected Infinity numbers for shape \[4294967296(, 4294967296){7}, …\], got 1$/u,
    ],
    ['data that is no array', '{"data":{"0":1},"shape":[1,1]}', /^data: expected an array of numbers, got an object$/u],
    ['a shape that is no shape', '{"data":[1],"shape":[1,-1]}', /^shape: expected an array of integers/u],
    ['strides', '{"data":[1,2],"shape":[1,1],"stride":[2,1]}', /^expected row-major data/u],
  ])('refuses %s', (_, text, message) => {
    expect(() => readJson(text)).toThrow(message)
  })
})

describe('readJsonl', () => {
  it('reads one row a line, with any line ends and blank lines at the end', () => {
    expect(readJsonl('[1,2]\n[3,4]\n')).toEqual(square)
    expect(readJsonl('[1,2]\r\n [3, 4]\r\n\r\n')).toEqual(square)
  })

  it.each<[string, string, RegExp]>([
    ['a broken line', '[1,2]\n[3,\n', /^line 2: .*JSON/u],
    ['a short row', '[1,2]\n[3]\n', /^line 2: expected 2 numbers as on the first, got 1$/u],
    ['text in a row', '[1,2]\n[3,"x"]\n', /^line 2, column 2: expected a number, got the string "x"$/u],
    ['an object', '{"x":1}\n', /^line 1: expected an array of numbers, got an object$/u],
    ['a blank line between rows', '[1]\n\n[2]\n', /^line 2: expected JSON, got a blank line$/u],
    ['nothing but blank lines', ' \n\n', /only blank lines/u],
  ])('refuses %s', (_, text, message) => {
    expect(() => readJsonl(text)).toThrow(message)
  })

  it('counts lines from 1', () => {
    const parse = jsonLines()
    expect(['1', '{}', '', ' '].map(parse)).toEqual([
      { line: 1, value: 1 },
      { line: 2, value: {} },
      undefined,
      undefined,
    ])
    expect(() => parse('2')).toThrow('line 3: expected JSON, got a blank line')
  })
})
