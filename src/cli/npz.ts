/**
 * NumPy's `.npz` files: a zip archive of `.npy` files, each named after its array, stored or deflated.
 *
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.savez.html. An archive is not believed: the sizes that it
 * states are held against the array's own header before anything is unpacked, and its checksum against what came out.
 */
import { crc32 } from 'node:zlib'
import { fromBufferPromise } from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { chooseEntry } from './entries.ts'
import { locate, messageOf } from './locate.ts'
import { npyHeaderLength, readNpy, readNpyHeader } from './npy.ts'
import { listSizes } from './numbers.ts'
import type { Numbers } from './numbers.ts'
import { tooDense, unpackedLimit } from './unpack.ts'

/** Reads the array that `--entry` names, as `numpy.load(file)[name]` would. */
export async function readNpz(bytes: Uint8Array, name?: string): Promise<Numbers> {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let archive: ZipFile
  const entries: { readonly name: string; readonly entry: Entry }[] = []
  try {
    archive = await fromBufferPromise(raw, { autoClose: false })
    for await (const entry of archive.eachEntry()) {
      const { fileName } = entry
      if (fileName.endsWith('.npy')) entries.push({ name: fileName.slice(0, -'.npy'.length), entry })
    }
  } catch (error) {
    throw new TypeError(`expected a .npz file, which is a zip archive (${messageOf(error)})`)
  }
  const chosen = chooseEntry(entries, name?.replace(/\.npy$/u, ''))
  try {
    return readNpy(await unpack(archive, chosen.entry, bytes.length))
  } catch (error) {
    throw locate(`entry ${chosen.name}`, error)
  }
}

async function unpack(archive: ZipFile, entry: Entry, fileSize: number): Promise<Uint8Array> {
  const packed = Math.min(entry.compressedSize, fileSize)
  if (entry.uncompressedSize > unpackedLimit(packed)) throw tooDense(packed)
  const chunks: Uint8Array[] = []
  let length = 0
  let checksum = 0
  let hasHeader = false
  try {
    for await (const chunk of await archive.openReadStreamPromise(entry)) {
      const piece = chunk as Buffer
      chunks.push(piece)
      length += piece.length
      checksum = crc32(piece, checksum)
      if (!hasHeader) hasHeader = checkHeader(chunks, entry.uncompressedSize)
    }
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw error
    throw new TypeError(`expected a stored or deflated file, got a damaged one (${messageOf(error)})`)
  }
  if (checksum !== entry.crc32) throw new TypeError('expected the checksum that the archive states, got another')
  return Buffer.concat(chunks, length)
}

/** Whether the header is complete; an array of another size than the archive says is refused before it is unpacked. */
function checkHeader(chunks: readonly Uint8Array[], stated: number): boolean {
  const bytes = Buffer.concat(chunks)
  const end = npyHeaderLength(bytes)
  if (end === undefined || bytes.length < end) return false
  const { start, size, dtype, shape } = readNpyHeader(bytes)
  if (start + size === stated) return true
  throw new RangeError(`expected ${start + size} bytes of ${dtype} for shape (${listSizes(shape)}), got ${stated}`)
}
