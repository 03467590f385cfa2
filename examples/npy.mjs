/** Reads and writes `.npy` version 1.0: little-endian float32, C order, which is what `examples/data` holds. */
import { readFileSync, writeFileSync } from 'node:fs'
import { endianness } from 'node:os'

if (endianness() !== 'LE') throw new Error('npy: expected a little-endian machine')

const magic = '\x93NUMPY\x01\x00'

/** @returns {{ data: Float32Array, shape: number[] }} a matrix as `selectability` takes it */
export function readNpy(path) {
  const bytes = readFileSync(path)
  if (bytes.toString('latin1', 0, 8) !== magic) throw new Error(`${path}: expected .npy version 1.0`)
  const start = 10 + bytes.readUInt16LE(8)
  const header = bytes.toString('latin1', 10, start)
  const found = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(([\d, ]*)\)/.exec(header)
  if (!found) throw new Error(`${path}: expected float32 in C order, got ${header.trim()}`)
  const shape = found[1].split(',').filter(Boolean).map(Number)
  const size = shape.reduce((product, length) => product * length, 1)
  if (bytes.length !== start + 4 * size) throw new Error(`${path}: expected ${size} numbers after the header`)
  return { data: new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer), shape }
}

/** @param {{ data: Float32Array, shape: number[] }} array */
export function writeNpy(path, { data, shape }) {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const fields = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`
  const header = fields.padEnd(Math.ceil((fields.length + 11) / 64) * 64 - 11) + '\n'
  const lead = Buffer.alloc(10)
  lead.write(magic, 'latin1')
  lead.writeUInt16LE(header.length, 8)
  const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  writeFileSync(path, Buffer.concat([lead, Buffer.from(header, 'latin1'), body]))
}
