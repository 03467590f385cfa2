/** Certificates as JSON: what cannot be one is refused by name. */
import { describe, expect, test } from 'vitest'
import { certify, fromJson, toJson } from '../src/index.ts'

const keys = [[1, 1], [1, -1], [-1, 1], [-1, -1], [0, 0], [0.5, 1]] // prettier-ignore
const selectable = certify(keys, 0, { tolerance: 0 })
const tied = certify(keys, 5, { tolerance: 0 })

test('a field that is undefined is left out', () => {
  expect(toJson({ ...selectable, exactQuery: undefined } as unknown as typeof selectable)).toEqual(toJson(selectable))
})

describe('JSON that is no certificate', () => {
  test.each<[string, unknown, string]>([
    ['null', null, 'certificate: expected an object'],
    ['a list', [], 'certificate: expected an object'],
    ['a number', 3, 'certificate: expected an object'],
    ['an unknown verdict', { ...toJson(tied), verdict: 'x' }, 'certificate: expected verdict'],
    ['a margin of text', { ...toJson(selectable), margin: '1' }, 'certificate: expected margin to be a number'],
    ['a query of text', { ...toJson(selectable), query: ['1', '2'] }, 'certificate: expected query to be an array'],
    ['a query that is none', { ...toJson(selectable), query: { 0: 1 } }, 'certificate: expected query to be an array'],
    ['a negative index', { ...toJson(tied), support: [-1] }, 'certificate: expected support to hold indices'],
    ['half an index', { ...toJson(tied), support: [0.5] }, 'certificate: expected support to hold indices'],
    ['an index past 2^32', { ...toJson(tied), support: [2 ** 32] }, 'certificate: expected support to hold indices'],
    ['an exact query of numbers', { ...toJson(tied), exactQuery: [1] }, 'certificate: expected exactQuery'],
    ['an exact query of fractions', { ...toJson(tied), exactQuery: ['1.5'] }, 'certificate: expected exactQuery'],
    [
      'an exact query longer than any can be',
      { ...toJson(tied), exactQuery: ['1', '9'.repeat(30_001)] },
      'certificate: expected exactQuery to hold at most 30000 digits a number, got 30001',
    ],
  ])('%s', (_, json, message) => {
    expect(() => fromJson(json)).toThrow(message)
  })
})
