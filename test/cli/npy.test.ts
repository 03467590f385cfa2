/** `.npy` files: what NumPy writes is read, what this package writes is what NumPy writes, and damage is named. */
import { describe, expect, it } from 'vitest'
import { readNpy, writeNpy } from '../../src/cli/npy.ts'
import { expectReadOrRefused } from './onebyte.ts'

/** A file as `numpy.lib.format` lays it out, with any header text. */
function file(dictionary: string, data: Uint8Array, version = 1): Uint8Array {
  const lengthBytes = version === 1 ? 2 : 4
  const unpadded = 8 + lengthBytes + dictionary.length + 1
  const header = new TextEncoder().encode(`${dictionary.padEnd(dictionary.length + ((64 - (unpadded % 64)) % 64))}\n`)
  const bytes = new Uint8Array(8 + lengthBytes + header.length + data.length)
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0])
  const view = new DataView(bytes.buffer)
  if (version === 1) view.setUint16(8, header.length, true)
  else view.setUint32(8, header.length, true)
  bytes.set(header, 8 + lengthBytes)
  bytes.set(data, 8 + lengthBytes + header.length)
  return bytes
}

function header(descr: string, shape: string, fortran = false): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape}), }`
}

/** `count` numbers written one by one by a `DataView` setter, so that the byte order is spelt out. */
function numbers(size: number, count: number, set: (view: DataView, at: number, index: number) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * count))
  for (let index = 0; index < count; index++) set(view, size * index, index)
  return new Uint8Array(view.buffer)
}

const two = [1, 2]
/** The magic string, version 1.0, 118 bytes of header, `{'descr': '` */
const preamble = 'k05VTVBZAQB2AHsnZGVzY3InOiAn'

describe('readNpy', () => {
  // numpy 2.4.6: save(file, array([[1, 2], [3, 4.5]])), then the same of asfortranarray(array([...], dtype='>f4')).
  it('reads what numpy.save writes', () => {
    const plain = `${preamble}PGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9${'ICAg'.repeat(19)}IAoAAAAAAADwPwAAAAAAAABAAAAAAAAACEAAAAAAAAASQA==`
    expect(readNpy(Buffer.from(plain, 'base64'))).toEqual({ data: Float64Array.of(1, 2, 3, 4.5), shape: [2, 2] })
    const fortran = `${preamble}PmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMywgMiksIH0g${'ICAg'.repeat(19)}IAo/gAAAQEAAAECgAABAAAAAQJAAAEDAAAA=`
    const data = Float32Array.of(1, 2, 3, 4.5, 5, 6)
    expect(readNpy(Buffer.from(fortran, 'base64'))).toEqual({ data, shape: [3, 2] })
  })

  it.each<[string, Uint8Array, ArrayLike<number>]>([
    ['<f4', numbers(4, 2, (v, at, k) => v.setFloat32(at, k + 1, true)), Float32Array.from(two)],
    ['>f4', numbers(4, 2, (v, at, k) => v.setFloat32(at, k + 1)), Float32Array.from(two)],
    ['<f8', numbers(8, 2, (v, at, k) => v.setFloat64(at, k + 1, true)), Float64Array.from(two)],
    ['>f8', numbers(8, 2, (v, at, k) => v.setFloat64(at, k + 1)), Float64Array.from(two)],
    ['<f2', numbers(2, 2, (v, at, k) => v.setUint16(at, [0x3c00, 0x4000][k] ?? 0, true)), Float32Array.from(two)],
    ['>f2', numbers(2, 2, (v, at, k) => v.setUint16(at, [0x3c00, 0x4000][k] ?? 0)), Float32Array.from(two)],
    ['|i1', numbers(1, 2, (v, at, k) => v.setInt8(at, k + 1)), Int8Array.from(two)],
    ['<i2', numbers(2, 2, (v, at, k) => v.setInt16(at, k + 1, true)), Int16Array.from(two)],
    ['>i4', numbers(4, 2, (v, at, k) => v.setInt32(at, k + 1)), Int32Array.from(two)],
    ['<i8', numbers(8, 2, (v, at, k) => v.setBigInt64(at, -BigInt(k), true)), Float64Array.of(0, -1)],
    ['|u1', numbers(1, 2, (v, at, k) => v.setUint8(at, k + 1)), Uint8Array.from(two)],
    ['>u2', numbers(2, 2, (v, at, k) => v.setUint16(at, k + 1)), Uint16Array.from(two)],
    ['<u4', numbers(4, 2, (v, at, k) => v.setUint32(at, k + 1, true)), Uint32Array.from(two)],
    ['>u8', numbers(8, 2, (v, at, k) => v.setBigUint64(at, BigInt(k + 1))), Float64Array.from(two)],
    ['|b1', Uint8Array.of(1, 0), Uint8Array.of(1, 0)],
  ])('reads %s', (descr, data, expected) => {
    for (const version of [1, 2, 3]) {
      expect(readNpy(file(header(descr, '1, 2'), data, version))).toEqual({ data: expected, shape: [1, 2] })
    }
  })

  it('reads every kind of float16', () => {
    const bits = [0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3555, 0x7bff, 0xfc00, 0x7e00]
    const { data } = readNpy(file(header('<f2', '9,'), new Uint8Array(Uint16Array.from(bits).buffer)))
    const expected = [0, -0, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 0x555 * 2 ** -12, 65504, -Infinity, NaN]
    expect(Array.from(data as Float32Array)).toEqual(expected)
  })

  // Row-major, the numbers count up; in Fortran order, the first index runs fastest.
  it.each<[string, number[], number[]]>([
    ['', [], [0]],
    ['3,', [3], [0, 1, 2]],
    ['3, 2', [3, 2], [0, 2, 4, 1, 3, 5]],
    ['2, 3', [2, 3], [0, 3, 1, 4, 2, 5]],
    ['2, 3, 2', [2, 3, 2], [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]],
    ['0, 3', [0, 3], []],
    ['3, 0', [3, 0], []],
  ])('reads Fortran order of shape (%s)', (sizes, shape, stored) => {
    const data = new Uint8Array(Float64Array.from(stored).buffer)
    expect(readNpy(file(header('<f8', sizes, true), data))).toEqual({ data: Float64Array.from(stored.keys()), shape })
  })

  it('reads what other writers make of the header', () => {
    const bytes = file(`{"descr":"<f8","fortran_order":False,"shape":(1,2)}`, new Uint8Array(16))
    expect(readNpy(bytes).shape).toEqual([1, 2])
  })

  it('reads scalars, vectors, empty arrays, and the long integers of Python 2', () => {
    expect(readNpy(file(header('|u1', ''), Uint8Array.of(7))).shape).toEqual([])
    expect(readNpy(file(header('|u1', '2,'), Uint8Array.of(7, 8))).shape).toEqual([2])
    expect(readNpy(file(header('|u1', '0, 3'), new Uint8Array(0))).shape).toEqual([0, 3])
    expect(readNpy(file(header('|u1', '1L, 2L'), Uint8Array.of(7, 8))).shape).toEqual([1, 2])
  })

  it('reads from a view that is not aligned, and keeps nothing of it', () => {
    const bytes = writeNpy(Float64Array.of(1, 2), [1, 2])
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    const { data } = readNpy(shifted.subarray(3))
    shifted.fill(0)
    expect(data).toEqual(Float64Array.of(1, 2))
  })

  it.each<[string, Uint8Array, string]>([
    ['objects', file(header('|O', '1, 1'), Uint8Array.of(0x80, 4, 0x4b, 1, 0x2e)), 'never unpickled'],
    ['text', file(header('<U3', '1, 1'), new Uint8Array(12)), 'expected a dtype among f2, f4'],
    ['complex numbers', file(header('<c16', '1, 1'), new Uint8Array(16)), 'got "c16"'],
    ['long doubles', file(header('<f16', '1, 1'), new Uint8Array(16)), 'got "f16"'],
    ['dates', file(header('<M8[ns]', '1, 1'), new Uint8Array(8)), 'got "M8[ns]"'],
    [
      'records',
      file("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), }", new Uint8Array(8)),
      'records',
    ],
    ['a header that is no dictionary', file('print(1)', new Uint8Array(8)), 'descr, fortran_order and shape'],
    ['a negative size', file(header('<f8', '-1, 2'), new Uint8Array(8)), 'descr, fortran_order and shape'],
    ['sizes beyond any file', file(header('<f8', '99999999, 99999999'), new Uint8Array(8)), 'truncated'],
    [
      'a size beyond integers',
      file(header('<f8', `0, ${'9'.repeat(400)}`), new Uint8Array(0)),
      'expected a shape, got',
    ],
    ['a header that claims more than there is', file(header('<f8', '9, 9'), new Uint8Array(8)), 'expected 648 bytes'],
    ['a size missing', file(header('<f8', '1,,2'), new Uint8Array(16)), 'descr, fortran_order and shape'],
    ['sizes without a comma', file(header('<f8', '1 2'), new Uint8Array(16)), 'descr, fortran_order and shape'],
    ['more after the dtype', file(header('<f8, 2', '1, 1'), new Uint8Array(8)), 'got "f8, 2"'],
    ['a dtype that every object has', file(header('<toString', '1, 1'), new Uint8Array(8)), 'got "toString"'],
    ['more than one array', file(header('<f8', '1, 1'), new Uint8Array(16)), 'expected 8 bytes'],
    ['version 9', file(header('<f8', '1, 1'), new Uint8Array(8), 9), 'version 1, 2 or 3, got 9'],
    ['another kind of file', new TextEncoder().encode('PK\u0003\u0004 and so on'), 'expected a .npy file'],
  ])('refuses %s', (_, bytes, words) => {
    expect(() => readNpy(bytes)).toThrow(words)
  })

  it.each([2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n])('refuses int64 %s, which float64 may not hold', (value) => {
    const data = new Uint8Array(BigInt64Array.of(0n, value).buffer)
    expect(() => readNpy(file(header('<i8', '1, 2'), data))).toThrow(RangeError)
    expect(() => readNpy(file(header('<i8', '1, 2'), data))).toThrow(`got ${value} at position 1`)
  })

  it.each([1, 2, 3])('names the damage at every length of a truncated file of version %i', (version) => {
    const whole = file(header('<f4', '3, 2'), new Uint8Array(24), version)
    expect(readNpy(whole).shape).toEqual([3, 2])
    for (let length = 0; length < whole.length; length++) {
      expect(() => readNpy(whole.subarray(0, length)), `${length} bytes`).toThrow(/^expected /u)
    }
  })

  it('reads or refuses any file with one byte changed', () => {
    expectReadOrRefused(file(header('<f4', '3, 2'), new Uint8Array(24)), readNpy, /^expected /u)
  })
})

describe('writeNpy', () => {
  it.each([
    Float64Array.of(0.1, -0, 5e-324, NaN, Infinity, 6),
    Float32Array.of(0.5, 1, 2, 3, 4, 5),
    Int32Array.of(-1, 1, 2, 3, 4, 5),
    Uint8Array.of(0, 1, 2, 3, 4, 255),
  ])('is read back as it was, data on a multiple of 64 bytes', (data) => {
    for (const shape of [[6], [2, 3], [1, 2, 3]]) {
      const bytes = writeNpy(data, shape)
      expect((bytes.length - data.byteLength) % 64).toBe(0)
      expect(readNpy(bytes)).toEqual({ data, shape })
    }
  })

  it('writes version 1.0 with a header that Python can read', () => {
    const bytes = writeNpy(Float32Array.of(1, 2), [2])
    expect(Array.from(bytes.subarray(0, 10))).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0])
    const text = new TextDecoder().decode(bytes.subarray(10, 128))
    expect(text).toBe(`{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }`.padEnd(117) + '\n')
  })

  it('writes only the numbers of a view', () => {
    expect(readNpy(writeNpy(Float64Array.of(1, 2, 3, 4).subarray(1, 3), [2])).data).toEqual(Float64Array.of(2, 3))
  })

  it('refuses a shape of another size', () => {
    expect(() => writeNpy(Float64Array.of(1, 2), [3])).toThrow('expected 3 numbers for its shape, got 2')
  })
})
