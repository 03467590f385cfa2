/** The runs behind Figures 1a, 1b, 2 and 3; finished ones are kept, so that a command that is cut off goes on where it was. */
import { resumable } from '../paper/resume.mjs'
import { norms } from './model.mjs'
import { drawable, task } from './task.mjs'
import { train } from './train.mjs'

/** What a run is: the source's 1,000 epochs are 14,000 steps, and 10,000 at width 3. */
const full = {
  curves: { which: task, size: 1000, steps: 14_000 },
  pictures: { which: drawable, size: 1000, steps: 10_000 },
}
/** The curves begin as those of the full runs do, to the last digit; the pictures are of small batches. */
const quick = { curves: { ...full.curves, steps: 50 }, pictures: { ...full.pictures, size: 50, steps: 50 } }

/** `curves(norm, seed)` and `pictures(norm, seed)`, each trained when it is asked for the first time. */
export function runs(isQuick) {
  const settings = isQuick ? quick : full
  const kept = new URL(isQuick ? '.progress-quick/' : '.progress/', import.meta.url)
  const parts = resumable(kept, JSON.stringify(settings))
  const trained = (kind) => (norm, seed) => {
    return parts.part(`${kind}, ${norm}, seed ${seed}`, () => train({ norm, seed, ...settings[kind] }))
  }
  return { settings, curves: trained('curves'), pictures: trained('pictures'), done: parts.done }
}

/** Seed by seed, so that a half of the work is all norms of half of the seeds. */
export function order(seeds) {
  return Array.from({ length: seeds }, (_, seed) => Object.keys(norms).map((norm) => ({ norm, seed }))).flat()
}
