/** Writes results: files whole or not at all, and streams until their reader has had enough. */
import { randomBytes } from 'node:crypto'
import { fstatSync, rmSync, statSync } from 'node:fs'
import { access, constants, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, locate } from './locate.ts'

/** Text is written in pieces of about this many characters: few calls, little memory. */
const pieceLength = 1 << 16

/** What ends a process unless it is heard; a temporary file must not survive it. */
export const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface Target {
  readonly path: string
  /** A device or a pipe is written as it is: renaming a file over /dev/null would replace it. */
  readonly special: boolean
  /** Permissions of the file that is replaced, if there is one. */
  readonly mode?: number | undefined
}

/** The file descriptors of the standard streams. */
const stdin = 0
const stdout = 1

/**
 * Finds out before a long computation that the file of `option` cannot be written. An input that its own output would replace
 * is a slip of the hand, and so are two outputs in one place; `instead` says how stdout is had.
 */
export async function checkTarget(
  option: string,
  target: string,
  instead: string,
  inputs: readonly (string | undefined)[],
): Promise<void> {
  if (target === '-' || isSameFile(target, stdout))
    throw new TypeError(`${option}: expected a file, got ${target}, which is stdout (${instead})`)
  await checkWritable(target)
  for (const input of inputs) {
    if (input !== undefined && isSameFile(input === '-' ? stdin : input, target))
      throw new TypeError(`${option}: ${target} is read from`)
  }
}

export async function checkWritable(path: string): Promise<void> {
  try {
    const target = await resolveTarget(path)
    if (target.mode !== undefined) await access(target.path, constants.W_OK)
    if (!target.special) await access(dirname(target.path), constants.W_OK)
  } catch (error) {
    throw locate(path, error)
  }
}

/** Lines of text, at hand or still to be read. */
type Lines = Iterable<string> | AsyncIterable<string>

/** Lines of text, or the bytes of a whole file. */
type Content = Lines | Uint8Array

/** Writes to a temporary file beside `path`, then renames it; on failure or interruption nothing is left. */
export async function writeFileAtomically(path: string, content: Content): Promise<void> {
  try {
    const target = await resolveTarget(path)
    if (target.special) await write(target, 'w', content)
    else await replace(target, content)
  } catch (error) {
    // What the content's own source throws says already where it was.
    throw codeOf(error) === undefined ? error : locate(path, error)
  }
}

/** Prints `lines`; stops quietly when the reader has closed the pipe. */
export async function print(lines: Lines, stream: NodeJS.WritableStream = process.stdout): Promise<void> {
  for await (const piece of pieces(lines)) {
    const error = await new Promise<unknown>((resolve) => stream.write(piece, resolve))
    if (codeOf(error) === 'EPIPE') return
    if (error) throw locate('stdout', error)
  }
}

/** Whether two paths or open files are one file under whatever names; no device is, for it keeps nothing. */
function isSameFile(a: string | number, b: string | number): boolean {
  try {
    const [left, right] = [a, b].map((file) =>
      typeof file === 'number' ? fstatSync(file, { bigint: true }) : statSync(file, { bigint: true }),
    )
    if (left === undefined || right === undefined || left.isCharacterDevice()) return false
    return left.dev === right.dev && left.ino === right.ino
  } catch {
    return false
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
    return { path, special: false }
  }
}

async function replace({ path, mode }: Target, content: Content): Promise<void> {
  const temporary = join(dirname(path), `.selectability-${randomBytes(6).toString('hex')}.tmp`)
  const onSignal = (_: NodeJS.Signals, code: number): never => {
    rmSync(temporary, { force: true })
    process.exit(128 + code)
  }
  for (const signal of signals) process.on(signal, onSignal)
  try {
    await write({ path: temporary, mode }, 'wx', content)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    for (const signal of signals) process.off(signal, onSignal)
  }
}

async function write(
  { path, mode }: Pick<Target, 'path' | 'mode'>,
  flags: 'w' | 'wx',
  content: Content,
): Promise<void> {
  const file = await open(path, flags)
  try {
    if (flags === 'wx' && mode !== undefined) await file.chmod(mode)
    if (ArrayBuffer.isView(content)) await file.writeFile(content)
    else for await (const piece of pieces(content)) await file.writeFile(piece)
  } finally {
    await file.close()
  }
}

async function* pieces(lines: Lines): AsyncGenerator<string> {
  let piece = ''
  for await (const line of lines) {
    piece += `${line}\n`
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}
