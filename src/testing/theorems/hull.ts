/** Unselectable keys are those inside the hull of the others; keys on its faces tie. */
import { certify, verify } from '../../index.ts'
import { keySets } from '../arbitraries.ts'
import { interiorKeys, tiedKeys, vertexKeys } from '../planted.ts'
import type { TiedKey } from '../planted.ts'
import { claim, dot } from '../rounding.ts'
import type { Rows, Theorem } from '../types.ts'
import { spread } from './spread.ts'

const exact = { tolerance: 0 }

interface Decided {
  readonly keys: Rows
  /** The keys to judge, each with what is known of it. */
  readonly known: readonly { readonly key: number; readonly inHull: boolean | null }[]
}

export const unselectableIffInHull: Theorem<Decided> = {
  id: 'unselectable-iff-in-hull',
  statement:
    'Some query makes $q \\cdot k_i$ the strict maximum if and only if $k_i \\notin \\mathrm{conv}\\{k_j : j \\ne i\\}$: every ' +
    'verdict has a certificate, a query or convex weights, that exact arithmetic accepts, and a planted key has the verdict ' +
    'that it was planted with.',
  hypotheses: [
    'a key said to be in the hull is a convex combination of others',
    'a key said to be outside has a query',
  ],
  source: 'Demeter et al. 2020, arXiv:2005.02433; Brody, Alon and Yahav 2023, section 4, arXiv:2305.02582',
  arbitrary: (fc) =>
    fc.oneof(
      keySets(fc).map((keys) => ({ keys, known: keys.map((_, key) => ({ key, inHull: null })) })),
      interiorKeys(fc).map(({ keys, key }) => ({ keys, known: [{ key, inHull: true }] })),
      tiedKeys(fc).map(({ keys, key }) => ({ keys, known: [{ key, inHull: true }] })),
      vertexKeys(fc).map(({ keys, key }) => ({ keys, known: [{ key, inHull: false }] })),
    ),
  about: (keys) => [{ keys, known: spread(keys.length).map((key) => ({ key, inHull: null })) }],
  check({ keys, known }) {
    for (const { key, inHull } of known) {
      const certificate = certify(keys, key, exact)
      const outcome = verify(keys, certificate, exact)
      claim(outcome.valid, () => `key ${key}: the certificate is refused: ${outcome.valid ? '' : outcome.reason}`)
      const selectable = certificate.verdict === 'selectable'
      const place = inHull === true ? 'in the hull of the others' : 'outside the hull of the others'
      claim(inHull === null || selectable !== inHull, () => `key ${key} is ${place}, yet ${certificate.verdict}`)
    }
  },
}

export const keyOnAFaceIsTied: Theorem<TiedKey> = {
  id: 'key-on-a-face-is-tied',
  statement:
    'A key on a proper face of the hull is neither selectable nor unselectable: the query $q$ of the face puts it at the maximum ' +
    'with some key strictly below, and no query puts it there alone.',
  hypotheses: ['q scores the key and the keys it is a combination of alike', 'q scores some other key less'],
  source: 'Grivas et al. 2022, arXiv:2203.06462, on weakly argmaxable classes',
  arbitrary: (fc) => tiedKeys(fc),
  about: () => [],
  check({ keys, key, query }) {
    // Integers times a power of two: the scores are exact.
    const scores = keys.map((x) => dot(query, x))
    claim(scores[key] === Math.max(...scores), () => `the query does not put key ${key} at the maximum`)
    claim(
      scores.some((s) => s < scores[key]),
      () => 'the query puts no key below the maximum',
    )
    const { verdict } = certify(keys, key, exact)
    claim(verdict === 'tied', () => `expected key ${key} to be tied, got ${verdict}`)
  },
}
