/** Ctrl-C and its kin: a long check ends cleanly, and what it has proven is kept. */
import type { PartialReport } from '../index.ts'
import { oneLine } from './errors.ts'
import { locate } from './locate.ts'
import { signals, writeFileAtomically } from './output.ts'
import { written } from './progress.ts'
import { certificateLines } from './report.ts'
import { count } from './table.ts'

/** A wish to stop, if there is one. */
export interface Stop {
  /** Aborted by the first signal; a second one ends the process at once. */
  readonly signal: AbortSignal
  /** Signals end the process again, as if nobody had listened. */
  release(): void
  /** Keeps the certificates that there are beside `target`, says so on stderr, and answers with the exit code. */
  leave(report: PartialReport, target: string | undefined): Promise<number>
}

/** Listens for signals from here on. */
export function listenForStop(): Stop {
  const controller = new AbortController()
  // A shell reports the end by a signal as its number and 128.
  let code = 128
  const onSignal = (_: NodeJS.Signals, number: number): void => {
    release()
    code = 128 + number
    controller.abort()
  }
  const release = (): void => {
    for (const signal of signals) process.off(signal, onSignal)
  }
  for (const signal of signals) process.on(signal, onSignal)
  return {
    signal: controller.signal,
    release,
    leave: async (report, target) => {
      const decided = report.keys.length
      let kept = ''
      if (target !== undefined && decided > 0) {
        const file = `${target}.partial`
        await writeFileAtomically(file, written(certificateLines(report), decided)).catch((error: unknown) => {
          throw locate('stopped', error)
        })
        kept = `; their certificates are in ${file}`
      }
      process.stderr.write(`selectability: ${oneLine(`stopped with ${count(decided, 'key')} decided${kept}`)}\n`)
      return code
    },
  }
}
