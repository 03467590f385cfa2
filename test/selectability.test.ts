/** Verdicts on whole key sets: degenerate ones first, at the default tolerance and exactly, each with its proof judged. */
import ndarray from 'ndarray'
import { describe, expect, test } from 'vitest'
import type { MatrixLike, Progress, Report, SelectabilityOptions, Verdict } from '../src/index.ts'
import { certify, fromJson, project, selectability, toJson, verify } from '../src/index.ts'
import { u32, u64 } from './reference/dense.ts'
import { decideAllExactly } from './reference/rational.ts'

const verdictOf: Record<string, Verdict> = { s: 'selectable', t: 'tied', u: 'unselectable' }
const spell = (short: string): Verdict[] => Array.from(short, (letter) => verdictOf[letter])

/** The report, after its counts, every certificate (by report and alone, as it is and through JSON) have been judged. */
function decide(keys: MatrixLike, options: SelectabilityOptions = {}): Report {
  const report = selectability(keys, options)
  const { n, verdicts, counts } = report
  expect(verdicts.length).toBe(n)
  for (const verdict of spell('stu')) {
    expect(counts[verdict]).toBe(verdicts.filter((other) => other === verdict).length)
  }
  for (let i = 0; i < n; i++) {
    for (const certificate of [report.certificate(i), certify(keys, i, options)]) {
      expect([certificate.key, certificate.verdict]).toEqual([i, verdicts[i]])
      expect(verify(keys, certificate, options)).toEqual({ valid: true })
      const line = JSON.stringify(toJson(certificate))
      const sent = fromJson(JSON.parse(line))
      expect(JSON.stringify(toJson(sent))).toBe(line)
      expect(verify(keys, sent, options)).toEqual({ valid: true })
    }
  }
  return report
}

/** The verdicts at tolerance 0, which must be the oracle's too. */
function exactly(keys: number[][], bias?: number[]): readonly Verdict[] {
  const { verdicts } = decide(keys, { tolerance: 0, bias })
  expect(verdicts).toEqual(decideAllExactly(keys, bias))
  return verdicts
}

const square = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
]

/** All points of {−1, 0, 1}^d, and their verdicts: corners, other boundary, centre. */
function lattice(d: number): { keys: number[][]; verdicts: Verdict[] } {
  const keys = Array.from({ length: 3 ** d }, (_, at) =>
    Array.from({ length: d }, (_, c) => (Math.trunc(at / 3 ** c) % 3) - 1),
  )
  const verdicts = keys.map((key) => {
    const outer = key.filter((x) => x !== 0).length
    return outer === d ? 'selectable' : outer > 0 ? 'tied' : 'unselectable'
  })
  return { keys, verdicts }
}

describe('degenerate sets have the same verdicts at the default tolerance and at 0', () => {
  test.each<[string, number[][], string]>([
    ['one key', [[3, 4]], 's'],
    ['one key of zeros', [[0, 0, 0]], 's'],
    ['one key, d = 1', [[-5e-324]], 's'],
    ['two keys', [[1, 2], [1, 3]], 'ss'], // prettier-ignore
    ['two keys on one ray', [[1, 2], [2, 4]], 'ss'], // prettier-ignore
    ['a key and its negative', [[1, 0], [-1, 0]], 'ss'], // prettier-ignore
    ['two equal keys', [[1, 2], [1, 2]], 'tt'], // prettier-ignore
    ['two keys of zeros, of either sign', [[0, -0], [-0, 0]], 'tt'], // prettier-ignore
    ['copies but for the signs of zeros', [[1, -0, 0], [1, 0, -0], [0, -0, -0], [-0, 0, 0]], 'tttt'], // prettier-ignore
    ['many equal keys', Array.from({ length: 7 }, () => [0.1, -0.3, 7]), 'ttttttt'],
    ['d = 1', [[3], [1], [2]], 'ssu'],
    ['d = 1, all equal', [[2], [2], [2]], 'ttt'],
    ['d = 1, equal ends', [[1], [1], [2]], 'tts'],
    ['d = 1, both ends doubled', [[1], [3], [1], [2], [3]], 'tttut'],
    ['d = 1, copies inside are unselectable, not tied', [[1], [2], [2], [3], [2]], 'suusu'],
    ['a zero key alone at an end', [[0], [1], [2]], 'sus'],
    ['a zero key outside the hull of the others', [[0, 0], [1, 2], [2, 1]], 'sss'], // prettier-ignore
    ['a zero key inside', [[0, 0], ...square], 'ussss'],
    ['a zero key on a facet', [[0, 0], [1, 0], [-1, 0], [0, 1]], 'tsss'], // prettier-ignore
    ['copies of a corner', [...square, [1, 1]], 'tssst'],
    ['three copies of a corner', [...square, [1, 1], [1, 1]], 'tssstt'],
    ['every corner doubled', [...square, ...square], 'tttttttt'],
    ['a pair inside', [...square, [0.5, 0.25], [0.5, 0.25]], 'ssssuu'],
    ['three copies of the centre', [...square, [0, 0], [0, 0], [0, 0]], 'ssssuuu'],
    ['a pair on a facet', [...square, [1, 0.5], [1, 0.5]], 'sssstt'],
    ['the middle of an edge', [...square, [0, 1]], 'sssst'],
    ['beside the middle of an edge, inside', [...square, [0, 1 - 2 ** -20]], 'ssssu'],
    ['beside the middle of an edge, outside', [...square, [0, 1 + 2 ** -20]], 'sssss'],
    ['the centre of a face', [[4, 0, 0], [0, 4, 0], [0, 0, 4], [0, 0, 0], [1, 1, 2], [1, 1, 1]], 'sssstu'], // prettier-ignore
    ['collinear in the plane', [[0, 0], [1, 2], [2, 4], [3, 6]], 'suus'], // prettier-ignore
    ['collinear in space', [[1, 1, 1], [3, 5, 2], [2, 3, 1.5], [5, 9, 3]], 'suus'], // prettier-ignore
    ['collinear with a doubled end', [[0, 0], [1, 1], [2, 2], [0, 0]], 'tust'], // prettier-ignore
    ['a square in a plane of space', square.map(([x, y]) => [x, y, 5]), 'ssss'],
    ['its centre too', [...square, [0, 0]].map(([x, y]) => [x, y, x + y]), 'ssssu'],
    ['fewer keys than dimensions', [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0.25, 0.5, 0.25, 0]], 'sssu'], // prettier-ignore
    ['coordinates that never change', square.map(([x, y]) => [0, x, 7, y, 0]), 'ssss'],
  ])('%s', (_, keys, short) => {
    expect(decide(keys).verdicts).toEqual(spell(short))
    expect(exactly(keys)).toEqual(spell(short))
  })

  test.each([1, 2, 3])('the integer lattice {−1, 0, 1}^%i: corners, boundary, centre', (d) => {
    const { keys, verdicts } = lattice(d)
    expect(decide(keys).verdicts).toEqual(verdicts)
    expect(exactly(keys)).toEqual(verdicts)
  })

  test('no keys, or keys of no coordinates, are refused', () => {
    for (const keys of [[], [[], []], ndarray(new Float32Array(0), [0, 3])]) {
      for (const tolerance of [undefined, 0]) {
        expect(() => selectability(keys, { tolerance })).toThrow(RangeError)
        expect(() => certify(keys, 0, { tolerance })).toThrow(RangeError)
      }
    }
  })

  test('a single key has margin Infinity and no runner-up, with and without bias', () => {
    for (const options of [{}, { tolerance: 0 }, { bias: [-3] }, { tolerance: 5, bias: [0] }]) {
      expect(certify([[1, 2]], 0, options)).toMatchObject({ verdict: 'selectable', margin: Infinity, runnerUp: -1 })
      expect(decide([[1, 2]], options).counts).toEqual({ selectable: 1, tied: 0, unselectable: 0 })
    }
  })
})

describe('any exponent', () => {
  const { keys, verdicts } = lattice(2)

  test.each([1e150, 1e-150, 1e300, 1e-300, 2 ** 1022, 2 ** 1023, 2 ** -1022, 3e-320, 5e-324])(
    'a lattice of step %d',
    (step) => {
      const scaled = keys.map((key) => key.map((x) => x * step))
      expect(decide(scaled).verdicts).toEqual(verdicts)
      expect(exactly(scaled)).toEqual(verdicts)
    },
  )

  test('coordinates of different exponents', () => {
    const stretched = keys.map(([x, y]) => [x * 1e300, y * 1e-300])
    expect(exactly(stretched)).toEqual(verdicts)
    // By default all that differs in the second coordinate is rounding of the first.
    expect(decide(stretched).verdicts).toEqual(keys.map(([x]) => (x === 0 ? 'unselectable' : 'tied')))
  })

  test('from 1e-300 to 1e300 in one set', () => {
    const cross = [[1e300, 0], [-1e300, 0], [0, 1e-300], [0, -1e-300], [0, 0]] // prettier-ignore
    expect(exactly(cross)).toEqual(spell('ssssu'))
    expect(decide(cross).verdicts).toEqual(spell('ssuuu'))
    expect(exactly([[1e300], [1], [1e-300], [5e-324], [0], [-1e300]])).toEqual(spell('suuuus'))
    expect(exactly([[1e300, 1], [1, 1e300], [1e-300, 5e-324], [1e300, 1e300]])).toEqual(spell('ssss')) // prettier-ignore
  })
})

describe('the default tolerance', () => {
  test('is 8·u·max‖k‖, u of the type that came', () => {
    const rows = [[3, 4], [0, 1]] // prettier-ignore
    const float32 = rows.map((row) => Float32Array.from(row))
    expect(selectability(rows).tolerance).toBe(8 * u64 * 5)
    expect(selectability(float32).tolerance).toBe(8 * u32 * 5)
    expect(selectability({ data: Float32Array.of(3, 4, 0, 1), dims: [2, 2] }).tolerance).toBe(8 * u32 * 5)
    expect(selectability({ data: Int8Array.of(3, 4, 0, 1), dims: [2, 2] }).tolerance).toBe(8 * u64 * 5)
    expect(selectability([float32[0], rows[1]]).tolerance).toBe(8 * u64 * 5)
    expect(selectability(rows, { tolerance: undefined }).tolerance).toBe(8 * u64 * 5)
    expect(selectability(float32, { tolerance: 0 }).tolerance).toBe(0)
    expect(selectability([[3 * 2 ** 1000, 2 ** 1002]]).tolerance).toBe(8 * u64 * 5 * 2 ** 1000)
    expect(selectability([[0]]).tolerance).toBe(0)
  })

  test('keeps what may be rounding from deciding', () => {
    // 2^−22 is below 8·2^−24·√2, and far above 8·2^−53·√2.
    const keys = [...square, [0, 1 + 2 ** -22]]
    expect(decide(keys.map((key) => Float32Array.from(key))).verdicts).toEqual(spell('sssst'))
    expect(decide(keys).verdicts).toEqual(spell('sssss'))
  })

  test('makes keys that differ by their last bit equal', () => {
    const pair = [[1], [1 + 2 ** -52]]
    expect(decide(pair).verdicts).toEqual(spell('tt'))
    expect(exactly(pair)).toEqual(spell('ss'))
    const corners = [...square, [1, 1 + 2 ** -52]]
    expect(decide(corners).verdicts).toEqual(spell('tssst'))
    expect(exactly(corners)).toEqual(spell('tssss'))
  })
})

describe('one unit in the last place', () => {
  test.each<[string, number[], string]>([
    ['on the facet', [0.5, 0.5], 't'],
    ['outside it', [0.5 + 2 ** -53, 0.5], 's'],
    ['inside it', [0.5 - 2 ** -54, 0.5], 'u'],
    ['past its corner', [1, 2 ** -1074], 's'],
    ['on another', [0.5, 0], 't'],
    ['outside that by the smallest float', [0.5, -(2 ** -1074)], 's'],
    ['inside that by the smallest float', [0.5, 2 ** -1074], 'u'],
  ])('%s of a triangle decides at tolerance 0, and not by default', (name, key, short) => {
    const keys = [[1, 0], [0, 1], [0, 0], key] // prettier-ignore
    expect(exactly(keys)[3]).toBe(verdictOf[short])
    const byDefault = decide(keys).verdicts
    expect(byDefault).toEqual(spell(name === 'past its corner' ? 'tsst' : 'ssst'))
  })
})

describe('sets that are flat up to rounding', () => {
  /** Orthonormal up to rounding, with no entry a short fraction, so that every embedded coordinate is rounded. */
  const basis = [[2 / 3, -1 / 3, 2 / 3], [2 / 3, 2 / 3, -1 / 3]] // prettier-ignore
  const embed = (key: number[]): number[] => basis[0].map((x, c) => x * key[0] * 0.7 + basis[1][c] * key[1] * 0.7)

  test('noise across a plane does not decide', () => {
    const { keys, verdicts } = lattice(2)
    const embedded = keys.map(embed)
    expect(decide(embedded).verdicts).toEqual(verdicts)
    expect(decide(embedded.map((key) => Float32Array.from(key))).verdicts).toEqual(verdicts)
    expect(exactly(embedded)).not.toEqual(verdicts)
  })

  test('projected keys lie on a hyperplane, whether exactly or up to rounding', () => {
    const { keys, verdicts } = lattice(2)
    const lifted = keys.map(([x, y]) => [x + 0.1, y + 0.1, 0.1 - x - y, 0.1])
    expect(decide(project(lifted)).verdicts).toEqual(verdicts)
    expect(decide(project(keys.map(([x, y]) => [4 * x, 4 * y, -4 * x, -4 * y]))).verdicts).toEqual(verdicts)
  })

  test('a key off a line by few digits, yet by far more than the tolerance, ties what is on the line', () => {
    const keys = [[1, -1], [0.5, -0.5], [-1, 1], [-0.25, 0.25 + 2 ** -26]] // prettier-ignore
    expect(decide(keys).verdicts).toEqual(spell('stss'))
    expect(exactly(keys)).toEqual(spell('stss'))
  })

  test('a line in space, bent by rounding, keeps its two ends', () => {
    const keys = Array.from({ length: 9 }, (_, j) => [0.1 * j, 0.3 * j, -0.7 * j + 1])
    expect(decide(keys).verdicts).toEqual(spell('suuuuuuus'))
  })
})

describe('bias', () => {
  test('the same for all changes nothing', () => {
    const { keys, verdicts } = lattice(2)
    for (const b of [0, 1, -1e300, 5e-324]) {
      const bias = keys.map(() => b)
      expect(exactly(keys, bias)).toEqual(verdicts)
    }
  })

  test.each<[string, number[][], number[], string]>([
    ['an inner key rises above the hull', [...square, [0, 0]], [0, 0, 0, 0, 1], 'sssss'],
    ['or sinks below it', [...square, [0, 0]], [0, 0, 0, 0, -1], 'ssssu'],
    ['by the smallest float', [...square, [0, 0]], [0, 0, 0, 0, 2 ** -1074], 'sssss'],
    ['a corner sinks, and is still a corner', square, [0, 0, 0, -1e300], 'ssss'],
    ['equal keys: the greatest bias wins', [[1, 1], [1, 1], [1, 1]], [0, 2, 1], 'usu'], // prettier-ignore
    ['equal keys, two greatest', [[1], [1], [1]], [2, 0, 2], 'tut'],
    ['a doubled corner', [[1], [1], [-1]], [1, 0, 0], 'sus'],
    ['on an edge of the upper hull', [[0], [2], [4], [1]], [0, 2, 2, 1], 'ssst'],
    ['above that edge', [[0], [2], [4], [1]], [0, 2, 2, 1.5], 'ssss'],
    ['below that edge', [[0], [2], [4], [1]], [0, 2, 2, 0.5], 'sssu'],
    ['tied by q = 0 alone', [[-1], [0], [1], [0]], [0, 1, 0, 1], 'stst'],
    ['on a flat top', [[-1], [0], [1], [3]], [1, 1, 1, 0], 'stss'],
    ['flat throughout', [[-1], [0], [1]], [1, 1, 1], 'sus'],
    ['one key', [[7]], [-7], 's'],
  ])('%s', (_, keys, bias, short) => {
    expect(exactly(keys, bias)).toEqual(spell(short))
  })

  test('rounding in the keys does not decide by default', () => {
    // Key 1 is (−1, 1) up to rounding, a quarter of the way between keys 2 and 0, whose biases are higher there.
    const keys = [[2, 1 + 2 ** -52], [-1 + 2 ** -52, 1 + 2 ** -52], [-2, 1], [-1 + 2 ** -52, 2 ** -53]] // prettier-ignore
    const bias = [-2, -1, 0, 1]
    expect(exactly(keys, bias)).toEqual(spell('ssss'))
    expect(decide(keys, { bias }).verdicts).toEqual(spell('stss'))
  })

  test('where q = 0 selects, the margin is Infinity', () => {
    const certificate = certify([...square, [0, 0]], 4, { bias: [0, 0, 0, 0, 1] })
    expect(certificate).toMatchObject({ verdict: 'selectable', query: new Float64Array(2), margin: Infinity })
  })

  test('is any array-like of length n', () => {
    const keys = [[-1], [0], [1]]
    for (const bias of [[0, 1, 0], Float32Array.of(0, 1, 0), Int8Array.of(0, 1, 0)]) {
      expect(selectability(keys, { bias }).verdicts).toEqual(spell('sss'))
    }
  })
})

describe('certificates', () => {
  const keys = [...square, [0, 0], [0.5, 1]]

  test('say what the keys say', () => {
    expect(certify(keys, 4, { tolerance: 0 })).toMatchObject({ verdict: 'unselectable', key: 4, distance: 0 })
    const corner = certify(keys, 3, { tolerance: 0 })
    if (corner.verdict !== 'selectable') throw new Error('a corner is selectable')
    const scores = keys.map(([x, y]) => corner.query[0] * x + corner.query[1] * y)
    const second = Math.max(...scores.filter((_, j) => j !== 3))
    expect(scores[corner.runnerUp]).toBe(second)
    // Both are within three roundings of (s − second)/‖q‖, each of a sum of magnitudes below 8·‖q‖.
    expect(Math.abs(corner.margin - (scores[3] - second) / Math.hypot(...corner.query))).toBeLessThan(64 * u64)
    const middle = certify(keys, 5, { tolerance: 0 })
    if (middle.verdict !== 'tied') throw new Error('the middle of an edge is tied')
    expect([...middle.support].sort()).toEqual([0, 2])
    expect(middle.weights[middle.support.indexOf(0)]).toBe(0.75)
    expect(middle.query[1]).toBeGreaterThan(0)
    expect(middle.query[0]).toBe(0)
  })

  test('a margin is no more than the distance', () => {
    // Key 0 is 4/5 of 3 from the line through the others.
    const certificate = certify([[3, 0], [0, 0], [-3, 4]], 0, { tolerance: 0 }) // prettier-ignore
    expect(certificate.verdict === 'selectable' && certificate.margin).toBeLessThanOrEqual(3)
    expect(certificate.verdict === 'selectable' && certificate.margin).toBeGreaterThan(0)
  })

  test('can be left out; verdicts and counts stay', () => {
    for (const tolerance of [undefined, 0]) {
      const full = selectability(keys, { tolerance })
      const bare = selectability(keys, { tolerance, certificates: false })
      expect([bare.verdicts, bare.counts, bare.tolerance]).toEqual([full.verdicts, full.counts, full.tolerance])
      expect(() => bare.certificate(0)).toThrow(RangeError)
      expect(() => bare.certificate(0)).toThrow('certificates')
    }
  })

  test('a report names its sizes', () => {
    expect(decide(keys)).toMatchObject({ n: 6, d: 2, counts: { selectable: 4, tied: 1, unselectable: 1 } })
  })
})

describe('options', () => {
  test.each<[string, object, ErrorConstructor, string]>([
    ['tolerance NaN', { tolerance: NaN }, RangeError, 'tolerance: expected a finite number >= 0, got NaN'],
    ['tolerance < 0', { tolerance: -1e-300 }, RangeError, 'tolerance: expected a finite number >= 0, got -1e-300'],
    ['tolerance ∞', { tolerance: Infinity }, RangeError, 'tolerance: expected a finite number >= 0, got Infinity'],
    ['tolerance text', { tolerance: '0' }, TypeError, 'tolerance: expected a number, got'],
    ['tolerance null', { tolerance: null }, TypeError, 'tolerance: expected a number, got'],
    ['bias short', { bias: [1] }, RangeError, 'bias: expected length 2'],
    ['bias long', { bias: new Float64Array(3) }, RangeError, 'bias: expected length 2'],
    ['bias NaN', { bias: [0, NaN] }, RangeError, 'bias: expected finite numbers, got NaN at index 1'],
    ['bias ∞', { bias: [-Infinity, 0] }, RangeError, 'bias: expected finite numbers, got -Infinity at index 0'],
    ['bias text', { bias: '12' }, TypeError, 'bias: expected'],
    ['bias null', { bias: null }, TypeError, 'bias: expected'],
    ['bias of strings', { bias: ['1', '2'] }, TypeError, 'bias: expected numbers'],
  ])('%s', (_, options, kind, message) => {
    const keys = [[1], [2]]
    const certificate = certify(keys, 0)
    for (const call of [
      () => selectability(keys, options),
      () => certify(keys, 0, options),
      () => verify(keys, certificate, options),
    ]) {
      expect(call).toThrow(kind)
      expect(call).toThrow(message)
    }
  })

  test('certificates must be a boolean', () => {
    expect(() => selectability([[1]], { certificates: 'no' as never })).toThrow(TypeError)
  })

  test('tolerance −0 is 0', () => {
    expect(decide([[1], [1 + 2 ** -52]], { tolerance: -0 }).verdicts).toEqual(spell('ss'))
  })

  test('progress rises to n of n', () => {
    const seen: Progress[] = []
    const began = Date.now()
    const { n } = selectability(lattice(3).keys, { onProgress: (progress) => seen.push(progress) })
    expect(seen.at(-1)).toMatchObject({ done: n, total: n })
    expect(seen.length - 1).toBeLessThanOrEqual((Date.now() - began) / 100)
    for (const phase of ['gram', 'walk'] as const) {
      const done = seen.filter((each) => each.phase === phase).map((each) => each.done)
      expect(done).toEqual([...done].sort((a, b) => a - b))
    }
  })
})

describe('a tolerance as large as the set', () => {
  test.each<[string, number[][], number, string]>([
    ['all keys equal within it', [...square, [0, 0]], 3, 'ttttt'],
    ['less than every corner sticks out', square, 1, 'ssss'],
    ['more than every corner sticks out', square, 1.5, 'tttt'],
    ['exactly the distance of an end', [[0], [1], [3]], 1, 'tts'],
    ['a query within it, not at it, makes the tie', [[0, 1], [0, -1], [1, -1], [0, 0], [-1, 0]], 0.5, 'ststs'], // prettier-ignore
    ['ties of keys that lie inside', [[1, 2], [-1, -1], [-1, 0], [-2, 2], [0, 1], [-2, -1]], 1, 'sttstt'], // prettier-ignore
    ['and of more', [[0, -4], [-1, 0], [0, -3], [1, 1], [-4, 3], [2, -1], [3, 3]], 2, 'ttttsts'], // prettier-ignore
    ['a pair near one end of a long line', [[1], [2 ** 60], [1], [-1]], 0.25, 'usus'],
  ])('%s', (_, keys, tolerance, short) => {
    expect(decide(keys, { tolerance }).verdicts).toEqual(spell(short))
  })

  test('a distance that is the tolerance itself, at weights that no float holds, is an error that names the key', () => {
    // (0, 1) is exactly 1 from the line through the others, at weights of which every float falls short.
    const decision = () => selectability([[-2, 2], [0, 1], [1, -2]], { tolerance: 1 }) // prettier-ignore
    expect(decision).toThrow(RangeError)
    expect(decision).toThrow('tolerance: key 1 could not be separated from tolerance 1')
  })
})
