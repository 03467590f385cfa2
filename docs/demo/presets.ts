/** Key sets worth a look, each with a sentence on what it shows. */
import { randomLcg, randomNormal } from 'd3-random'
import { story } from './state.ts'
import type { State } from './state.ts'
import type { Vector } from './vector.ts'

export interface Preset {
  /** Its button is `#preset-…`. */
  readonly id: string
  readonly note: string
  readonly state: State
}

const shared: State = { ...story, step: -1, factor: 1, selected: 3 }

/** Twelve keys from a normal distribution, the same for the same seed. */
export function randomTwelve(seed: number): readonly Vector[] {
  const draw = randomNormal.source(randomLcg(seed))(0, 1.4)
  const coordinate = (): number => Math.round(draw() * 100) / 100
  return Array.from({ length: 12 }, (): Vector => [coordinate(), coordinate(), coordinate()])
}

export const presets: readonly Preset[] = [
  {
    id: 'story',
    note: 'Key 3 is long, and key 2 is its neighbour. Key 2 is an average of keys 1, 3 and 4, so it never scores highest.',
    state: { ...story, step: -1 },
  },
  {
    id: 'three',
    note: 'Three keys in general position are all selectable, however long one is. But a query of bounded length may give the overshadowed one little weight: see “at most”.',
    state: { ...shared, keys: story.keys.slice(0, 3), factor: 1.3, selected: 1 },
  },
  {
    id: 'inside',
    note: 'Key 4 lies strictly between the three others. No query selects it, and no projection helps: it stays between them.',
    state: {
      ...shared,
      keys: [
        [2, -2, 0],
        [0, 2.5, -2],
        [-2, -1, 2.5],
        [0, 0.5, -0.375],
      ],
    },
  },
  {
    id: 'tie',
    note: 'Key 4 is the midpoint of keys 1 and 2. Queries that score those two alike put it level with them: it can share the top, never hold it alone.',
    state: {
      ...shared,
      keys: [
        [2, -2, 0],
        [1, 1, -2],
        [-2, 0, 2],
        [1.5, -0.5, -1],
      ],
    },
  },
  {
    id: 'duplicates',
    note: 'Keys 1 and 4 differ by a shift and a positive factor. LayerNorm removes both, so they become one point and tie.',
    state: {
      ...shared,
      keys: [
        [1, -1, 0.5],
        [0, 2, -2],
        [-2, -1, 1.5],
        [2.5, -1.5, 1.5],
      ],
      project: true,
      scale: true,
    },
  },
  {
    id: 'epsilon',
    note: 'Key 4 varies little, and ε under the root keeps it from growing to full length. It stays inside the circle, among the others.',
    state: {
      ...shared,
      keys: [
        [2, -2, 0],
        [0, 2.2, -2],
        [-2, -1, 2],
        [0.3, -0.1, -0.05],
      ],
      project: true,
      scale: true,
      eps: 0.1,
    },
  },
  {
    id: 'head',
    note: 'A head multiplies the normalised keys by a matrix. This one maps the plane onto a line, and only the two ends of a line can be selected.',
    state: {
      ...shared,
      keys: [
        [2, -2, 0],
        [1, 1, -2],
        [-2, 0, 2],
        [0.5, -1.5, 1.5],
        [-1, 2, -0.5],
      ],
      project: true,
      scale: true,
      head: 'flatten',
      selected: 1,
    },
  },
  {
    id: 'random',
    note: 'Twelve random keys. In three dimensions some usually lie between the others; press again for other keys.',
    state: { ...shared, keys: randomTwelve(0.12), selected: 0 },
  },
]
