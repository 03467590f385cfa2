/** Uniform numbers in [0, 1) that depend on the seed alone, on every machine. */
import seedrandom from 'seedrandom'

export function seeded(seed: string): () => number {
  return seedrandom(seed)
}
