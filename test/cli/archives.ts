/** Writers of the files that tests need and the package itself only reads. */
import { crc32 } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { writeNpy } from '../../src/cli/npy.ts'

/** Rows as a `.npy` file of float64. */
export function npyOf(rows: readonly (readonly number[])[]): Uint8Array {
  return writeNpy(Float64Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0])
}

/** A `.npz` file as `numpy.savez` (level 0) and `numpy.savez_compressed` make it. */
export function npzOf(entries: Readonly<Record<string, Uint8Array>>, level: 0 | 6 = 6): Uint8Array {
  return zipSync(entries, { level })
}

/** A `.safetensors` file with this header, the data as it is. */
export function safetensorsOf(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const json = typeof header === 'string' ? header : JSON.stringify(header)
  const text = strToU8(json)
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

/** A zip archive of one stored entry whose sizes and checksum are as claimed, not as they are. */
export function forgedZip(
  name: string,
  data: Uint8Array,
  claim: { size?: number; method?: number; crc?: number },
): Buffer {
  const size = claim.size ?? data.length
  const file = Buffer.from(name)
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(claim.method ?? 0, 4)
  common.writeUInt32LE(claim.crc ?? crc32(data), 10)
  common.writeUInt32LE(data.length, 14)
  common.writeUInt32LE(size, 18)
  common.writeUInt16LE(file.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, file, data])
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, Buffer.alloc(14), file])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}
