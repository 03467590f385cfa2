/** The judge before forgers: what has not the form of a certificate is refused, and why is said in a sentence. */
import { describe, expect, test } from 'vitest'
import { certify, fromJson, toJson } from '../src/index.ts'
import { exact, expectRefused, judge, keys, selectable, tied, unselectable } from './forger.ts'

/** What is no number where a number belongs, though much of it turns into one. */
const notNumbers: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['NaN', NaN],
  ['text', '0'],
  ['a bigint', 0n],
  ['false', false],
  ['true', true],
  ['a list', [0]],
  ['an empty list', []],
  ['an object', {}],
  ['an object with a value', { valueOf: () => 0 }],
  ['a function', () => 0],
]

/** What is no array of numbers, though it may look like one. */
const notArrays: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 1],
  ['text', '11'],
  ['an object', {}],
  ['an array-like', { length: 2, 0: 1, 1: 0 }],
  ['a list of text', ['1', '0']],
  ['bigints', BigInt64Array.of(1n, 0n)],
  ['a DataView', new DataView(new ArrayBuffer(16))],
  ['nothing', new Float64Array(0)],
  ['NaN', Float64Array.of(NaN, 1)],
  ['an infinity', Float64Array.of(1, Infinity)],
  ['a million entries', new Float64Array(1e6).fill(1e-6)],
]

test('the certificates that are forged below are valid', () => {
  expect([selectable.verdict, tied.verdict, unselectable.verdict]).toEqual(['selectable', 'tied', 'unselectable'])
  for (const certificate of [selectable, tied, unselectable]) expect(judge(certificate)).toEqual({ valid: true })
})

describe('what is no certificate', () => {
  test.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [3, '3'],
    ['selectable', 'the string "selectable"'],
    [true, 'true'],
    [0n, 'a bigint'],
    [() => 1, 'a function'],
  ])('%s is a TypeError', (x, got) => {
    expect(() => judge(x)).toThrow(new TypeError(`certificate: expected a certificate, got ${got}`))
  })

  test.each<[string, object]>([
    ['an empty object', {}],
    ['a list', [selectable]],
    ['a verdict alone', { verdict: 'tied', key: 0 }],
    ['a JSON text boxed', Object(JSON.stringify(toJson(selectable)))],
  ])('%s is refused', (_, x) => expectRefused(x))
})

describe('a field that is missing', () => {
  for (const certificate of [selectable, tied, unselectable]) {
    for (const name of Object.keys(certificate)) {
      test(`${name} of ${certificate.verdict}`, () => {
        const rest = Object.fromEntries(Object.entries(certificate).filter(([other]) => other !== name))
        expectRefused(rest)
        expect(() => fromJson(JSON.parse(JSON.stringify({ ...toJson(certificate), [name]: undefined })))).toThrow(
          `certificate: expected a field ${name}`,
        )
      })
    }
  }
})

test.each([
  ['query', selectable],
  ['query', tied],
  ['support', tied],
  ['support', unselectable],
  ['weights', unselectable],
] as const)('%s as JSON has it is refused with a word on who reads JSON', (name, certificate) => {
  const { valid, reason } = judge({ ...certificate, [name]: toJson(certificate)[name] }) as {
    valid: false
    reason: string
  }
  expect(valid).toBe(false)
  expect(reason).toMatch(
    new RegExp(`^${name}: expected a .*, got an array \\(fromJson reads a certificate from JSON\\)$`, 'u'),
  )
})

describe('a field of the wrong kind', () => {
  test.each(notNumbers)('a number that is %s', (_, x) => {
    for (const certificate of [selectable, tied, unselectable]) expectRefused({ ...certificate, key: x })
    expectRefused({ ...selectable, margin: x })
    expectRefused({ ...selectable, runnerUp: x })
    expectRefused({ ...tied, distance: x })
    expectRefused({ ...unselectable, distance: x })
    expectRefused({ ...unselectable, distance: x }, { tolerance: 0.5 })
    expectRefused({ ...certify([[5]], 0), margin: x }, exact, [[5]])
    expectRefused({ ...certify([[5]], 0), runnerUp: x }, exact, [[5]])
  })

  test('a number in a box, or one that turns into the right one', () => {
    if (selectable.verdict !== 'selectable') throw new Error('key 0 is a corner')
    const { margin, runnerUp } = selectable
    for (const disguise of [String, (x: number) => [x], (x: number) => ({ valueOf: () => x }), Object]) {
      expectRefused({ ...selectable, margin: disguise(margin) })
      expectRefused({ ...selectable, runnerUp: disguise(runnerUp) })
      expectRefused({ ...selectable, key: disguise(0) })
      expectRefused({ ...unselectable, distance: disguise(0) })
    }
  })

  test.each(notArrays)('an array that is %s', (_, x) => {
    expectRefused({ ...selectable, query: x })
    expectRefused({ ...tied, query: x })
    for (const certificate of [tied, unselectable]) {
      for (const options of [exact, { tolerance: 0.5 }]) {
        expectRefused({ ...certificate, support: x }, options)
        expectRefused({ ...certificate, weights: x }, options)
        expectRefused({ ...certificate, support: x, weights: x }, options)
      }
    }
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['numbers', [1, 1]],
    ['text', '11'],
    ['decimal strings', ['1', '1']],
    ['a typed array', BigInt64Array.of(1n, 1n)],
    ['too few', [1n]],
    ['too many', [1n, 1n, 1n]],
    ['nothing', []],
    ['zeros', [0n, 0n]],
    ['the opposite', [-1n, -1n]],
  ])('an exact query that is %s', (_, x) => {
    expectRefused({ ...selectable, exactQuery: x })
    expectRefused({ ...tied, exactQuery: x })
  })

  test.each<[string, unknown]>([
    ['another word', 'selected'],
    ['the right word boxed', Object('selectable')],
    ['null', null],
    ['a symbol', Symbol('tied')],
    ['a property of objects', 'constructor'],
  ])('a verdict that is %s', (_, verdict) => expectRefused({ ...selectable, verdict }))
})

describe('certificates of another set', () => {
  test('are refused by it', () => {
    for (const certificate of [selectable, tied, unselectable]) {
      expectRefused(certificate, exact, [[1], [2], [3], [0], [5], [6], [1.5]])
      expectRefused(certificate, exact, [[1, 2]])
      // Turned around, with the corner's bias the least of all, and those of the other two keys the greatest.
      const turned = keys.map((key) => key.map((x) => -x))
      expectRefused(certificate, { tolerance: 0, bias: [-9, 0, 0, 0, 0, 8, 9] }, turned)
    }
  })
})
