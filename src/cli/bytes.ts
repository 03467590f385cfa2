/** Bytes and text of files and of stdin. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { locate } from './locate.ts'

/** What messages call a path. */
export function nameOf(path: string): string {
  return path === '-' ? 'stdin' : path
}

/** All bytes of a file, or of stdin; none are an error. */
export async function readBytes(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array
  try {
    bytes = path === '-' ? await readStdin() : await readFile(path)
  } catch (error) {
    throw locate(nameOf(path), error)
  }
  if (bytes.length === 0) throw new RangeError(`${nameOf(path)}: is empty`)
  return bytes
}

/** The lines of a text, one at a time: a file of certificates may be longer than any string. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line: string[] = []
  let empty = true
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) {
      empty = false
      const [first = '', ...others] = decode(chunk as Uint8Array, decoder, true).split('\n')
      line.push(first)
      for (const other of others) {
        yield line.join('')
        line = [other]
      }
    }
    line.push(decode(new Uint8Array(), decoder))
  } catch (error) {
    throw locate(nameOf(path), error)
  }
  if (empty) throw new RangeError(`${nameOf(path)}: is empty`)
  yield line.join('')
}

/** UTF-8, with or without a byte order mark; anything else would turn into replacement characters unnoticed. */
export function decode(
  bytes: Uint8Array,
  decoder: Pick<InstanceType<typeof TextDecoder>, 'decode'> = new TextDecoder('utf-8', { fatal: true }),
  stream = false,
): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError('expected UTF-8 text, got other bytes')
    throw error
  }
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}
