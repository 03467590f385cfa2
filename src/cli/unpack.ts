/**
 * How much a packed file may unpack to, and gzip.
 *
 * DEFLATE packs at most 1032 to 1, which makes a gigabyte of zeros out of a megabyte. No matrix worth asking about comes
 * near: numbers in text pack some 3 to 1, arrays less, one-hot rows and rounded ones perhaps 100 to 1. So what is small may
 * unpack to whatever a small file could hold, and what is large to 200 times its size.
 */
import { gunzip } from 'node:zlib'
import { codeOf } from './locate.ts'

const small = 64 * 2 ** 20
const densest = 200

/** Whether these bytes begin like a gzip file (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Bytes that `packed` bytes may unpack to. */
export function unpackedLimit(packed: number): number {
  return Math.max(small, densest * packed)
}

/** What to say of a file that would unpack to more. */
export function tooDense(packed: number): RangeError {
  const limit = unpackedLimit(packed)
  return new RangeError(
    `expected ${packed} packed bytes to hold at most ${limit}, got more: unpack it first if it is sound`,
  )
}

/** Unpacks a gzip file, of one member or several; memory is taken as data comes, never for what a header claims. */
export async function unpackGzip(bytes: Uint8Array): Promise<Uint8Array> {
  const options = { maxOutputLength: unpackedLimit(bytes.length), chunkSize: 2 ** 16 }
  return new Promise((resolve, reject) => {
    gunzip(bytes, options, (error, unpacked) => {
      if (error === null) resolve(unpacked)
      else if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') reject(tooDense(bytes.length))
      else reject(new TypeError(`expected a gzip file, got a damaged one (${error.message})`))
    })
  })
}
