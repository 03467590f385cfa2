/**
 * A progress bar on stderr, only where someone watches: on a terminal that can redraw a line.
 *
 * The computation is synchronous, so Ctrl-C ends the process with no chance to tidy up: the bar leaves the cursor and
 * the line wrapping of the terminal alone, and stays narrow enough not to wrap.
 */
import { SingleBar } from 'cli-progress'
import { colours } from './colour.ts'

/** What the bar needs to know of a stream. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

export interface Progress {
  /** For the library's `onProgress`; absent where nobody watches. */
  readonly onProgress?: (done: number, total: number) => void
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
/** Columns for the label, the percentage, the counts and the time left, and some to spare. */
const besidesBar = 50

/** Prepares a bar that shows itself once `onProgress` has been called for some time. */
export function startProgress(
  label: string,
  { stream = process.stderr, environment = process.env, delay = 300 }: ProgressOptions = {},
): Progress {
  if (stream.isTTY !== true || environment['TERM'] === 'dumb') return { stop: () => undefined }
  const { cyan, dim } = colours(stream, environment)
  const bar = new SingleBar({
    stream,
    format: `${label} ${cyan('{bar}')} {percentage}% ${dim('{value}/{total}, {eta_formatted} left')}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: Math.max(5, Math.min(widestBar, (stream.columns || usualColumns) - besidesBar)),
    hideCursor: false,
    linewrap: true,
    gracefulExit: false,
    clearOnComplete: true,
  })
  const began = Date.now()
  return {
    onProgress(done, total) {
      if (bar.isActive) bar.update(done)
      else if (done < total && Date.now() - began >= delay) bar.start(total, done)
    },
    stop() {
      if (bar.isActive) bar.stop()
    },
  }
}
