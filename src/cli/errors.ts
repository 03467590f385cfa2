/** How the command line fails: one line on stderr and exit code 2, whatever went wrong; never a stack trace. */
import { CommanderError } from 'commander'
import { messageOf } from './locate.ts'

/** Exit codes: all as wanted, some not, and nothing to say because the usage or the input was bad. */
export const exit = { good: 0, some: 1, bad: 2 } as const

/** Characters of a message: a few lines of a terminal. */
const longest = 320

/**
 * One printable line: file names and excerpts of bad input may hold newlines and terminal escapes, and megabytes. What is
 * too long loses its middle, for the place comes first and the reason often last.
 */
export function oneLine(message: string): string {
  const line = message
    .replace(/\s+/gu, ' ')
    .replace(/\p{Cc}/gu, '?')
    .trim()
  // A cut between the halves of a character leaves one of them, which no terminal can print.
  return (line.length <= longest ? line : `${line.slice(0, longest / 2)}…${line.slice(1 - longest / 2)}`).replace(
    /\p{Cs}/gu,
    '',
  )
}

/** Whether commander stopped by throwing because it was asked for help or the version, which is no failure. */
export function isAnswer(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0
}

/** Reports `error` and says which code to exit with. */
export function fail(error: unknown, stderr: { write(text: string): unknown } = process.stderr): number {
  stderr.write(`selectability: ${oneLine(wordsOf(error)) || 'failed'}\n`)
  return exit.bad
}

/** A reader that went away (`| head`) is no failure; the write that met it stops, see `print`. */
export function quietPipes(): void {
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
}

function wordsOf(error: unknown): string {
  if (!(error instanceof CommanderError)) return messageOf(error)
  if (error.code === 'commander.help') return 'expected a command; selectability --help lists them'
  return error.message.replace(/^error: /u, '')
}
