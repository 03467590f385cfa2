/** Forged queries before the judge: one that selects or ties must do so in exact arithmetic, by the margin that is stated. */
import { describe, expect, test } from 'vitest'
import { certify } from '../src/index.ts'
import { exact, expectRefused, judge, keys, selectable, tied, unselectable } from './forger.ts'

describe('a selecting query', () => {
  if (selectable.verdict !== 'selectable') throw new Error('key 0 is a corner')
  const { margin, query } = selectable

  test.each([1e-8, -1e-8, 2e-9, -2e-9, 1, -1, -2, 1e300])('with a margin off by %d relative', (off) => {
    expectRefused({ ...selectable, margin: margin * (1 + off) })
  })

  test('with a margin off by its last digit is accepted: it is right to 1e-9', () => {
    for (const off of [2 ** -52, -(2 ** -52), 5e-10, -5e-10]) {
      expect(judge({ ...selectable, margin: margin * (1 + off) })).toEqual({ valid: true })
    }
  })

  test('with an infinite margin, or a finite one where it is infinite', () => {
    for (const forged of [Infinity, -Infinity, 0, -0]) expectRefused({ ...selectable, margin: forged })
    const bias = [0, 0, 0, 0, 1, 0, 0]
    const calm = certify(keys, 4, { bias })
    expect(calm).toMatchObject({ verdict: 'selectable', margin: Infinity })
    for (const forged of [1, 0, -1, Number.MAX_VALUE, -Infinity]) expectRefused({ ...calm, margin: forged }, { bias })
  })

  test('of another length, doubled, is still one; turned around or zero it is none', () => {
    expect(judge({ ...selectable, query: query.map((x) => x * 2 ** 500) })).toEqual({ valid: true })
    expectRefused({ ...selectable, query: query.map((x) => -x) })
    expectRefused({ ...selectable, query: new Float64Array(2) })
    expectRefused({ ...selectable, query: Float64Array.of(1, 0) })
  })

  test('that ties another key is told so', () => {
    const flat = { ...selectable, query: Float64Array.of(0, 1) }
    expect(judge(flat)).toEqual({ valid: false, reason: 'query: key 2 scores at least as high as key 0' })
  })

  test('with a runner-up that is not second', () => {
    // (1, 0.5) leaves (0.5, 1) the gap 0.5, and (1, −1) the gap 1.
    const own = { ...selectable, query: Float64Array.of(1, 0.5), margin: 0.5 / Math.hypot(1, 0.5) }
    expect(judge({ ...own, runnerUp: 5 })).toEqual({ valid: true })
    for (const runnerUp of [0, 1, 2, 3, 4, 6, 7, -1, 5.5]) expectRefused({ ...own, runnerUp })
  })

  test('for another key', () => {
    for (let key = 1; key < 9; key++) expectRefused({ ...selectable, key })
  })

  test('whose margin does not exceed the tolerance', () => {
    expect(judge(selectable, { tolerance: margin / 2 })).toEqual({ valid: true })
    expectRefused(selectable, { tolerance: 2 * margin })
    // A margin of exactly 1: the gap to key 1 over the query's length.
    const own = { verdict: 'selectable', key: 0, query: Float64Array.of(1), margin: 1, runnerUp: 1 }
    expect(judge(own, { tolerance: 1 - 2 ** -53 }, [[1], [0]])).toEqual({ valid: true })
    expectRefused(own, { tolerance: 1 }, [[1], [0]])
  })

  test('whose rounding speaks of another vector than its exact query', () => {
    const thin = [[0, 0], [8106479329266889, -9007199254740987], [-4632273902438221, 5146971002709134]] // prettier-ignore
    const certificate = certify(thin, 0, exact)
    if (certificate.verdict !== 'selectable') throw new Error('key 0 is a corner')
    expect(judge(certificate, exact, thin)).toEqual({ valid: true })
    const turned = certificate.exactQuery?.map((m) => -m)
    expectRefused({ ...certificate, exactQuery: turned }, exact, thin)
    expectRefused({ ...certificate, exactQuery: certificate.exactQuery?.map((m) => m + 1n) }, exact, thin)
    expectRefused({ ...certificate, query: certificate.query.map((x) => -x) }, exact, thin)
    expectRefused({ ...certificate, query: Float64Array.of(1, -7) }, exact, thin)
  })

  test('for a single key needs a query of the right form too', () => {
    const one = certify([[5, 6]], 0)
    expect(judge(one, exact, [[5, 6]])).toEqual({ valid: true })
    for (const query of [undefined, 'x', [1, 0], Float64Array.of(1), Float64Array.of(NaN, 0)]) {
      expectRefused({ ...one, query }, exact, [[5, 6]])
    }
    for (const margin of [1, -Infinity, 0]) expectRefused({ ...one, margin }, exact, [[5, 6]])
    for (const runnerUp of [0, 1]) expectRefused({ ...one, runnerUp }, exact, [[5, 6]])
  })
})

describe('a tie', () => {
  test('needs a query that puts the key at the top, and another below', () => {
    for (const query of [
      [0, -1],
      [1, 0],
      [0, 0],
      [1e-8, 1],
      [-(2 ** -1000), 1],
    ]) {
      expectRefused({ ...tied, query: Float64Array.from(query) })
    }
    expect(judge({ ...tied, query: Float64Array.of(0, 3) })).toEqual({ valid: true })
  })

  test('of a key inside is none, whatever the query', () => {
    for (const query of [
      [0, 1],
      [1, 0],
      [1, 1],
      [0, 0],
    ]) {
      expectRefused({ ...unselectable, verdict: 'tied', query: Float64Array.from(query) })
    }
  })

  test('of equal keys holds by any finite query', () => {
    const pair = [[2, 3], [2, 3]] // prettier-ignore
    const claim = { verdict: 'tied', key: 0, support: Uint32Array.of(1), weights: Float64Array.of(1), distance: 0 }
    for (const query of [
      [0, 0],
      [1, 2],
      [-1e300, 5e-324],
    ]) {
      expect(judge({ ...claim, query: Float64Array.from(query) }, exact, pair)).toEqual({ valid: true })
    }
    expectRefused({ ...claim, query: Float64Array.of(NaN, 0) }, exact, pair)
  })
})
