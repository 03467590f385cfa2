/**
 * A progress bar on stderr, only where someone watches: on a terminal that can redraw a line.
 *
 * Some computations are synchronous, so that Ctrl-C ends the process with no chance to tidy up: the bar leaves the cursor and
 * the line wrapping of the terminal alone, and stays narrow enough not to wrap.
 */
import { SingleBar } from 'cli-progress'
import type { Progress as Reported } from '../index.ts'
import { colours } from './colour.ts'

/** What goes on, in a word. */
export const phases: Readonly<Record<Reported['phase'], string>> = {
  gram: 'comparing',
  walk: 'searching',
  measure: 'measuring',
  weigh: 'weighing',
}

/** 12, 3.4K, 5.6M. */
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 2 })

/** What the bar needs to know of a stream. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

export interface Progress {
  /** For the library's `onProgress`, and a word for what goes on; absent where nobody watches. */
  readonly onProgress?: (done: number, total: number, phase?: string) => void
  stop(): void
}

interface ProgressOptions {
  readonly stream?: ProgressStream
  readonly environment?: NodeJS.ProcessEnv
  /** Milliseconds before the bar shows: what is over at once need not flicker. */
  readonly delay?: number
}

const widestBar = 40
/** Assumed where a terminal does not say: some say 0. */
const usualColumns = 80
/** Columns for the label, the percentage, the counts, the rate and the time left, and some to spare. */
const besidesBar = 64

/** Prepares a bar that shows itself once `onProgress` has been called for some time. */
export function startProgress(
  label: string,
  { stream = process.stderr, environment = process.env, delay = 300 }: ProgressOptions = {},
): Progress {
  if (stream.isTTY !== true || environment['TERM'] === 'dumb') return { stop: () => undefined }
  const { cyan, dim } = colours(stream, environment)
  const bar = new SingleBar({
    stream,
    format: `{phase} ${cyan('{bar}')} {percentage}% ${dim('{value}/{total}{pace}')}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: Math.max(5, Math.min(widestBar, (stream.columns || usualColumns) - besidesBar)),
    hideCursor: false,
    linewrap: true,
    gracefulExit: false,
    clearOnComplete: true,
  })
  const began = Date.now()
  let current = label
  let since = began
  let before = 0
  return {
    onProgress(done, total, phase = label) {
      const now = Date.now()
      if (phase !== current) {
        current = phase
        since = now
        before = done
      }
      const pace = paceOf(done - before, total - done, now - since)
      if (bar.isActive) {
        bar.setTotal(total)
        bar.update(done, { phase, pace })
      } else if (done < total && now - began >= delay) bar.start(total, done, { phase, pace })
    },
    stop() {
      if (bar.isActive) bar.stop()
    },
  }
}

/** Lines for a file, under a bar that counts them: a certificate takes a pass over all keys to make. */
export function* written(lines: Iterable<string>, total: number, options?: ProgressOptions): Generator<string> {
  const progress = startProgress('writing', options)
  let done = 0
  try {
    for (const line of lines) {
      yield line
      progress.onProgress?.(++done, total)
    }
  } finally {
    progress.stop()
  }
}

/** The rate of this phase alone, and the time left at it: the next phase may be much slower, or faster, and its start tells nothing yet. */
function paceOf(done: number, left: number, milliseconds: number): string {
  if (done === 0) return ''
  const rate = (done / Math.max(1, milliseconds)) * 1e3
  return `, ${compact.format(rate)}/s, ${duration(Math.ceil(left / rate))} left`
}

/** 59s, 2m5s, 3h20m. */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds}s`
  return minutes < 60 ? `${minutes}m${seconds % 60}s` : `${Math.floor(minutes / 60)}h${minutes % 60}m`
}
