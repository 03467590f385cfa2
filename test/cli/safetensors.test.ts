/** `.safetensors` files: every dtype that holds plain numbers, and a header that may claim nothing that is not there. */
import { describe, expect, it } from 'vitest'
import { readSafetensors } from '../../src/cli/safetensors.ts'
import { safetensorsOf } from './archives.ts'
import { expectReadOrRefused } from './onebyte.ts'

/** Numbers in little-endian order, written by a `DataView` setter. */
function bytesOf<T>(size: number, numbers: readonly T[], set: (view: DataView, at: number, x: T) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * numbers.length))
  for (const [index, x] of numbers.entries()) set(view, size * index, x)
  return new Uint8Array(view.buffer)
}

const halves = (bits: readonly number[]): Uint8Array => bytesOf(2, bits, (v, at, x) => v.setUint16(at, x, true))

describe('readSafetensors', () => {
  it.each<[string, Uint8Array, unknown]>([
    ['F64', bytesOf(8, [0.1, -0], (v, at, x) => v.setFloat64(at, x, true)), Float64Array.of(0.1, -0)],
    ['F32', bytesOf(4, [0.5, 3], (v, at, x) => v.setFloat32(at, x, true)), Float32Array.of(0.5, 3)],
    ['F16', halves([0x3555, 0x8001]), Float32Array.of(0x555 * 2 ** -12, -(2 ** -24))],
    // 1 + 2⁻⁷ is the next after 1; 0x0001 is the smallest subnormal, 2⁻¹³³.
    ['BF16', halves([0x3f81, 0x0001]), Float32Array.of(1 + 2 ** -7, 2 ** -133)],
    [
      'I64',
      bytesOf(8, [-1n, 2n ** 53n - 1n], (v, at, x) => v.setBigInt64(at, x, true)),
      Float64Array.of(-1, 2 ** 53 - 1),
    ],
    ['I32', bytesOf(4, [-1, 7], (v, at, x) => v.setInt32(at, x, true)), Int32Array.of(-1, 7)],
    ['I16', halves([0xffff, 7]), Int16Array.of(-1, 7)],
    ['I8', Uint8Array.of(255, 7), Int8Array.of(-1, 7)],
    ['U64', bytesOf(8, [1n, 2n], (v, at, x) => v.setBigUint64(at, x, true)), Float64Array.of(1, 2)],
    ['U32', bytesOf(4, [2 ** 32 - 1, 7], (v, at, x) => v.setUint32(at, x, true)), Uint32Array.of(2 ** 32 - 1, 7)],
    ['U16', halves([0xffff, 7]), Uint16Array.of(0xffff, 7)],
    ['U8', Uint8Array.of(255, 7), Uint8Array.of(255, 7)],
    ['BOOL', Uint8Array.of(1, 0), Uint8Array.of(1, 0)],
  ])('reads %s', (dtype, data, expected) => {
    const file = safetensorsOf({ t: { dtype, shape: [1, 2], data_offsets: [0, data.length] } }, data)
    expect(readSafetensors(file)).toEqual({ data: expected, shape: [1, 2] })
    const unaligned = new Uint8Array(file.length + 1)
    unaligned.set(file, 1)
    expect(readSafetensors(unaligned.subarray(1))).toEqual({ data: expected, shape: [1, 2] })
  })

  it('reads infinities and NaN of bfloat16', () => {
    const file = safetensorsOf(
      { t: { dtype: 'BF16', shape: [3], data_offsets: [0, 6] } },
      halves([0x7f80, 0xff80, 0x7fc0]),
    )
    expect(Array.from(readSafetensors(file).data as Float32Array)).toEqual([Infinity, -Infinity, NaN])
  })

  const two = {
    __metadata__: { format: 'pt' },
    second: { dtype: 'U8', shape: [1, 1], data_offsets: [2, 3] },
    'first.weight': { dtype: 'U8', shape: [1, 2], data_offsets: [0, 2] },
  }

  it('takes the tensor that is named, and lists them with their shapes', () => {
    const file = safetensorsOf(two, Uint8Array.of(1, 2, 3))
    expect(readSafetensors(file, 'first.weight').data).toEqual(Uint8Array.of(1, 2))
    expect(readSafetensors(file, 'second').data).toEqual(Uint8Array.of(3))
    expect(() => readSafetensors(file)).toThrow('expected --entry, one of second (1, 1), first.weight (1, 2)')
    expect(() => readSafetensors(file, 'Weight')).toThrow('one of first.weight (1, 2); got "Weight"')
    expect(() => readSafetensors(file, '__metadata__')).toThrow('got "__metadata__"')
  })

  it('reads tensors with names that every object has', () => {
    const header = '{"__proto__":{"dtype":"U8","shape":[1,1],"data_offsets":[0,1]}}'
    expect(readSafetensors(safetensorsOf(header, Uint8Array.of(7)), '__proto__').data).toEqual(Uint8Array.of(7))
    expect(() => readSafetensors(safetensorsOf(header, Uint8Array.of(7)), 'toString')).toThrow('got "toString"')
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined()
  })

  const one = (fields: object): object => ({ t: { dtype: 'U8', shape: [1, 1], data_offsets: [0, 1], ...fields } })
  const huge = new Uint8Array(16)
  new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true)

  it.each<[string, Uint8Array, RegExp]>([
    ['too few bytes', new Uint8Array(7), /starts with the length of its header/u],
    ['a header of absurd length', huge, /^expected a header of at most 100000000 bytes/u],
    ['a cut header', safetensorsOf(two).subarray(0, 40), /is the file truncated\?$/u],
    ['a header that is no JSON', safetensorsOf('{"t":'), /with a header in JSON/u],
    ['a header that is no UTF-8', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0xff]), /with a header in JSON/u],
    ['a header that is an array', safetensorsOf([]), /a header that names tensors$/u],
    ['no tensors', safetensorsOf({ __metadata__: {} }), /expected at least one array, got none/u],
    ['null for a tensor', safetensorsOf({ t: null }), /^entry t: expected \{ dtype, shape, data_offsets \}$/u],
    ['a negative size', safetensorsOf(one({ shape: [-1, 1] }), Uint8Array.of(1)), /^entry t: expected \{ dtype/u],
    ['a fractional size', safetensorsOf(one({ shape: [0.5, 2] }), Uint8Array.of(1)), /^entry t: expected \{ dtype/u],
    ['offsets turned round', safetensorsOf(one({ data_offsets: [1, 0] }), Uint8Array.of(1)), /^entry t: expected/u],
    ['three offsets', safetensorsOf(one({ data_offsets: [0, 1, 1] }), Uint8Array.of(1)), /^entry t: expected/u],
    ['float8', safetensorsOf(one({ dtype: 'F8_E4M3' }), Uint8Array.of(1)), /^entry t: .*got "F8_E4M3"$/u],
    ['another shape', safetensorsOf(one({ shape: [1, 2] }), Uint8Array.of(1)), /^entry t: expected 2 bytes of U8/u],
    [
      'a shape beyond integers',
      safetensorsOf(one({ shape: [2 ** 52, 2 ** 52] }), Uint8Array.of(1)),
      /^entry t: expected Infinity bytes/u,
    ],
    ['cut data', safetensorsOf(one({})), /^expected 1 bytes of data, got 0: is the file truncated\?$/u],
    ['data that is nobody’s', safetensorsOf(one({}), Uint8Array.of(1, 2)), /what is the rest\?$/u],
    ['a hole', safetensorsOf(one({ data_offsets: [1, 2] }), Uint8Array.of(1, 2)), /to begin at byte 0, got 1$/u],
    [
      'tensors that overlap',
      safetensorsOf({ ...two, second: { dtype: 'U8', shape: [1, 1], data_offsets: [1, 2] } }, Uint8Array.of(1, 2)),
      /^entry second: expected its data to begin at byte 2, got 1$/u,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes, undefined)).toThrow(message)
  })

  it('refuses integers that float64 may not hold', () => {
    const data = bytesOf(8, [2n ** 53n], (v, at, x) => v.setBigInt64(at, x, true))
    const file = safetensorsOf({ t: { dtype: 'I64', shape: [1, 1], data_offsets: [0, 8] } }, data)
    expect(() => readSafetensors(file)).toThrow('got 9007199254740992 at position 0')
  })

  it('reads or refuses any file with one byte changed', () => {
    expectReadOrRefused(
      safetensorsOf(two, Uint8Array.of(1, 2, 3)),
      (bytes) => readSafetensors(bytes, 'second'),
      /expected /u,
    )
  })
})
