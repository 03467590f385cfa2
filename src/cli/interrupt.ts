/** Ctrl-C and its kin: a long check ends cleanly, and what it has proven is kept. */
import type { PartialReport } from '../index.ts'
import { oneLine } from './errors.ts'
import { locate } from './locate.ts'
import { writeFileAtomically } from './output.ts'
import { certificateLines } from './report.ts'
import { count } from './table.ts'

/** Signals that ask a process to end, and their numbers; a shell reports the end as 128 more. */
const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

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
  let number: number = signals.SIGINT
  const onSignal = (signal: NodeJS.Signals): void => {
    release()
    number = signals[signal as keyof typeof signals]
    controller.abort()
  }
  const release = (): void => {
    for (const signal of Object.keys(signals)) process.off(signal, onSignal)
  }
  for (const signal of Object.keys(signals)) process.on(signal as NodeJS.Signals, onSignal)
  return {
    signal: controller.signal,
    release,
    leave: async (report, target) => {
      const decided = report.keys.length
      let kept = ''
      if (target !== undefined && decided > 0) {
        const file = `${target}.partial`
        await writeFileAtomically(file, certificateLines(report)).catch((error: unknown) => {
          throw locate('stopped', error)
        })
        kept = `; their certificates are in ${file}`
      }
      process.stderr.write(`selectability: ${oneLine(`stopped with ${count(decided, 'key')} decided${kept}`)}\n`)
      return 128 + number
    },
  }
}
