/** The judge before forgers: nothing but a proof is accepted, and what is wrong is said in a sentence. */
import { describe, expect, test } from 'vitest'
import type { Certificate, CertifyOptions, MatrixLike } from '../src/index.ts'
import { certify, fromJson, toJson, verify } from '../src/index.ts'

const keys = [[1, 1], [1, -1], [-1, 1], [-1, -1], [0, 0], [0.5, 1], [0.25, 0.125]] // prettier-ignore
const selectable = certify(keys, 0, { tolerance: 0 })
const tied = certify(keys, 5, { tolerance: 0 })
const unselectable = certify(keys, 6, { tolerance: 0 })
const exact = { tolerance: 0 }

const judge = (forged: unknown, options: CertifyOptions = exact, set: MatrixLike = keys): ReturnType<typeof verify> =>
  verify(set, forged as Certificate, options)

/** Refused with one line that names a part of the certificate, and nothing of the inside. */
function expectRefused(forged: unknown, options: CertifyOptions = exact, set: MatrixLike = keys): void {
  const outcome = judge(forged, options, set)
  expect(outcome.valid).toBe(false)
  const reason = outcome.valid ? '' : outcome.reason
  expect(reason).toMatch(/key|verdict|query|exactQuery|margin|runner-?up|support|weights|distance/i)
  expect(reason).not.toMatch(/\n|undefined is|Cannot|not a function|BigInt|iterable/)
}

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
  test.each([undefined, null, 3, 'selectable', true, 0n, () => 1])('%s is a TypeError', (x) => {
    expect(() => judge(x)).toThrow(TypeError)
    const what = x === null ? 'null' : typeof x
    expect(() => judge(x)).toThrow(new TypeError(`certificate: expected a certificate, got ${what}`))
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

describe('a hull', () => {
  const center = { verdict: 'unselectable', key: 4, distance: 0 }
  const corners = { support: Uint32Array.of(0, 1, 2, 3), weights: Float64Array.of(0.25, 0.25, 0.25, 0.25) }
  const both = [exact, {}, { tolerance: 0.5 }]

  test('of four corners holds the centre, with any weights that give it', () => {
    for (const options of both) expect(judge({ ...center, ...corners }, options)).toEqual({ valid: true })
    const skew = Float64Array.of(0.125, 0.375, 0.375, 0.125)
    for (const options of both)
      expect(judge({ ...center, ...corners, weights: skew }, options)).toEqual({ valid: true })
  })

  test.each<[string, number[]]>([
    ['another point', [0.7, 0.1, 0.1, 0.1]],
    ['a point on a side', [0.5, 0.25, 0.125, 0.125]],
  ])('whose weights give %s', (_, weights) => {
    for (const options of [exact, {}])
      expectRefused({ ...center, ...corners, weights: Float64Array.from(weights) }, options)
  })

  test('whose weights give another point, less than half a smallest float away', () => {
    const tiny = keys.map((key) => key.map((x) => Math.trunc(x) * 5e-324))
    const moved = { ...corners, weights: Float64Array.of(0.375, 0.25, 0.25, 0.125) }
    expect(judge({ ...center, ...corners }, exact, tiny)).toEqual({ valid: true })
    expectRefused({ ...center, ...moved }, exact, tiny)
  })

  test.each<[string, number[]]>([
    ['sum to less than 1', [0.25, 0.25, 0.25, 0.125]],
    ['sum to more than 1', [0.25, 0.25, 0.25, 0.5]],
    ['are all twice as large', [0.5, 0.5, 0.5, 0.5]],
    ['miss 1 by 1e-12', [0.25, 0.25, 0.25, 0.25 - 1e-12]],
    ['hold a 0', [0.5, 0, 0, 0.5]],
    ['hold a −0', [0.5, -0, 0, 0.5]],
    ['hold a negative', [0.75, -0.25, -0.25, 0.75]],
    ['hold NaN', [0.25, 0.25, 0.25, NaN]],
    ['hold an infinity', [0.25, 0.25, 0.25, Infinity]],
    ['are fewer', [0.25, 0.25, 0.5]],
    ['are more', [0.25, 0.25, 0.25, 0.125, 0.125]],
    ['are none', []],
  ])('whose weights %s', (_, weights) => {
    for (const options of both) expectRefused({ ...center, ...corners, weights: Float64Array.from(weights) }, options)
  })

  test.each<[string, Uint32Array | Int32Array | Float64Array]>([
    ['the key itself', Uint32Array.of(4)],
    ['the key among others', Uint32Array.of(0, 3, 4)],
    ['one key twice', Uint32Array.of(0, 0, 3, 3)],
    ['a key past the last', Uint32Array.of(0, 1, 2, 7)],
    ['a key far past the last', Uint32Array.of(2 ** 32 - 1)],
    ['a negative key', Int32Array.of(-1)],
    ['two negative keys', Int32Array.of(-1, -2)],
    ['keys between keys', Float64Array.of(0.25, 1.25, 2.25, 3.25)],
    ['the key itself, nearly', Float64Array.of(4.5)],
    ['NaN', Float64Array.of(NaN, 0)],
    ['no key', new Uint32Array(0)],
    ['ever the same key', new Uint32Array(1e6)],
    ['a million keys', Uint32Array.from({ length: 1e6 }, (_, j) => j)],
  ])('whose support lists %s', (_, support) => {
    const weights = new Float64Array(support.length).fill(1 / support.length)
    for (const options of both) {
      for (const key of [4, 0]) expectRefused({ ...center, key, support, weights }, options)
    }
  })

  test('that does not hold the key', () => {
    expectRefused({ ...center, support: Uint32Array.of(0, 1, 2), weights: Float64Array.of(0.5, 0.25, 0.25) })
    expectRefused({ ...center, ...corners, key: 5 })
    for (const key of [0, 1, 2, 3]) {
      const support = corners.support.map((j) => (j === key ? 4 : j))
      for (const options of both) expectRefused({ ...center, ...corners, key, support }, options)
    }
  })

  test('without the relative interior does not prove unselectable at tolerance 0', () => {
    const diagonal = { support: Uint32Array.of(0, 3), weights: Float64Array.of(0.5, 0.5) }
    expectRefused({ ...center, ...diagonal })
    expect(judge({ ...center, ...diagonal }, { tolerance: 0.5 })).toEqual({ valid: true })
    expectRefused({ ...tied, verdict: 'unselectable' })
  })

  test('on a line through space does not span a plane', () => {
    const claim = { ...center, key: 2, support: Uint32Array.of(0, 1), weights: Float64Array.of(0.5, 0.5) }
    for (const off of [
      [0, 1, 0],
      [0, 0, 1],
      [0, 1, 1],
    ]) {
      expectRefused(claim, exact, [[1, 0, 0], [-1, 0, 0], [0, 0, 0], off]) // prettier-ignore
    }
    expect(judge(claim, exact, [[1, 0, 0], [-1, 0, 0], [0, 0, 0]])).toEqual({ valid: true }) // prettier-ignore
  })

  test('of copies of one point is no proof that they are unselectable', () => {
    const claim = { ...center, key: 0, support: Uint32Array.of(1), weights: Float64Array.of(1) }
    expectRefused(claim, exact, [[2, 3], [2, 3]]) // prettier-ignore
  })

  test('at a distance', () => {
    const near = { ...center, ...corners, weights: Float64Array.of(0.375, 0.25, 0.25, 0.125) }
    const distance = Math.hypot(0.25, 0.25)
    const options = { tolerance: 0.5 }
    expect(judge({ ...near, distance }, options)).toEqual({ valid: true })
    for (const forged of [0.5 + 2 ** -53, 0.6, -distance, NaN, Infinity, distance * (1 + 1e-8), distance / 2]) {
      expectRefused({ ...near, distance: forged }, options)
    }
    expectRefused({ ...near, distance }, { tolerance: 0.25 })
    expectRefused({ ...near, distance }, exact)
    const far = { ...near, weights: Float64Array.of(0.625, 0.125, 0.125, 0.125), distance: 0.25 }
    const reason = 'weights: they give a point farther than the tolerance, or of too small a bias'
    expect(judge(far, options)).toEqual({ valid: false, reason })
    for (const forged of [5e-324, 1, -1, Infinity]) expectRefused({ ...center, ...corners, distance: forged })
  })

  test('whose bias is too low', () => {
    const bias = [0, 0, 0, 0, 1, 0, 0]
    for (const tolerance of [0, 0.5]) {
      expectRefused({ ...center, ...corners }, { tolerance, bias })
      const low = { tolerance, bias: bias.map((b) => -b) }
      expect(judge({ ...center, ...corners }, low)).toEqual({ valid: true })
    }
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
