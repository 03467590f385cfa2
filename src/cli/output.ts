/** Writes results: files whole or not at all, and streams until their reader has had enough. */
import { randomBytes } from 'node:crypto'
import { access, constants, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { codeOf, locate } from './errors.ts'

/** Text is written in pieces of about this many characters: few calls, little memory. */
const pieceLength = 1 << 16

interface Target {
  readonly path: string
  /** A device or a pipe is written as it is: renaming a file over /dev/null would replace it. */
  readonly special: boolean
  readonly mode: number
}

/** Finds out before a long computation that `path` cannot be written. */
export async function checkWritable(path: string): Promise<void> {
  try {
    const target = await resolveTarget(path)
    await access(target.special ? target.path : dirname(target.path), constants.W_OK)
  } catch (error) {
    throw locate(path, error)
  }
}

/** Writes `lines` to a temporary file beside `path`, then renames it; on failure or interruption nothing is left. */
export async function writeFileAtomically(path: string, lines: Iterable<string>): Promise<void> {
  try {
    const target = await resolveTarget(path)
    if (target.special) await writeLines(target.path, 'w', target.mode, lines)
    else await replace(target, lines)
  } catch (error) {
    throw locate(path, error)
  }
}

/** Prints `lines`; stops quietly when the reader has closed the pipe. */
export async function print(lines: Iterable<string>, stream: NodeJS.WritableStream = process.stdout): Promise<void> {
  for (const piece of pieces(lines)) {
    const error = await new Promise<unknown>((resolve) => stream.write(piece, resolve))
    if (codeOf(error) === 'EPIPE') return
    if (error) throw locate('stdout', error)
  }
}

async function resolveTarget(path: string): Promise<Target> {
  try {
    const real = await realpath(path)
    const status = await stat(real)
    if (status.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' })
    return { path: real, special: !status.isFile(), mode: status.mode & 0o777 }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    return { path, special: false, mode: 0o666 }
  }
}

async function replace({ path, mode }: Target, lines: Iterable<string>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  const onSignal = (_: NodeJS.Signals, code: number): never => {
    rmSync(temporary, { force: true })
    process.exit(128 + code)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  try {
    await writeLines(temporary, 'wx', mode, lines)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

async function writeLines(path: string, flags: 'w' | 'wx', mode: number, lines: Iterable<string>): Promise<void> {
  const file = await open(path, flags, mode)
  try {
    for (const piece of pieces(lines)) await file.writeFile(piece)
  } finally {
    await file.close()
  }
}

function* pieces(lines: Iterable<string>): Generator<string> {
  let piece = ''
  for (const line of lines) {
    piece += `${line}\n`
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}
