/** The runs behind Figure 4 and Tables 1 and 2; finished parts are kept, so that a command that is cut off goes on where it was. */
import { resumable } from '../paper/resume.mjs'
import { readText } from './text.mjs'
import { train } from './train.mjs'

const settings = { steps: 1000, every: 50, rate: 0.01, batch: { count: 4, length: 256 } }

/** `trained(scaled, seed)` trains when it is asked for the first time; a quick run stops at the first record, to the last digit the same. */
export function runs(isQuick) {
  const kept = new URL(isQuick ? '.progress-quick/' : '.progress/', import.meta.url)
  const parts = resumable(kept, JSON.stringify(settings))
  const text = readText()
  const until = isQuick ? settings.every : settings.steps
  return {
    settings,
    until,
    text,
    trained: (scaled, seed) => train(parts, text, { scaled, seed, until, ...settings }),
    done: parts.done,
  }
}
