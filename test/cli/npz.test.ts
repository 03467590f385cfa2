/** `.npz` archives: what NumPy writes is read by the name of the array, and no archive is believed. */
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { chooseEntry } from '../../src/cli/entries.ts'
import { writeNpy } from '../../src/cli/npy.ts'
import { readNpz } from '../../src/cli/npz.ts'
import { forgedZip, npyOf, npzOf } from './archives.ts'

const a = { data: Float64Array.of(1, 2, 3, 4.5), shape: [2, 2] }
const b = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }

// numpy 1.24.2: savez and savez_compressed(file, a=array([[1, 2], [3, 4.5]]), b=asfortranarray(array([[1, 2], [3, 4]], '>f4'))).
const written = {
  savez:
    'UEsDBBQAAAAAAAAAIQCjV71boAAAAKAAAAAFABQAYS5ucHkBABAAoAAAAAAAAACgAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAyKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAA8D8AAAAAAAAAQAAAAAAAAAhAAAAAAAAAEkBQSwMEFAAAAAAAAAAhAC7ky9KQAAAAkAAAAAUAFABiLm5weQEAEACQAAAAAAAAAJAAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/gAAAQEAAAEAAAABAgAAAUEsBAhQDFAAAAAAAAAAhAKNXvVugAAAAoAAAAAUAAAAAAAAAAAAAAIABAAAAAGEubnB5UEsBAhQDFAAAAAAAAAAhAC7ky9KQAAAAkAAAAAUAAAAAAAAAAAAAAIAB1wAAAGIubnB5UEsFBgAAAAACAAIAZgAAAJ4BAAAAAA==',
  savez_compressed:
    'UEsDBBQAAAAIAAAAIQCjV71bVQAAAKAAAAAFABQAYS5ucHkBABAAoAAAAAAAAABVAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CkaaOgq1CmQDLgYw+GAPoRkcIBQHlBZyAABQSwMEFAAAAAgAAAAhAC7ky9JRAAAAkAAAAAUAFABiLm5weQEAEACQAAAAAAAAAFEAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpdmoq6joJ6WX1RSlJgXn1+UkgoSDykqTQUKF2ckFqQCuRpGOgpGmjoKtQrkAy77BgYGBwcgZgBiIBsAUEsBAhQDFAAAAAgAAAAhAKNXvVtVAAAAoAAAAAUAAAAAAAAAAAAAAIABAAAAAGEubnB5UEsBAhQDFAAAAAgAAAAhAC7ky9JRAAAAkAAAAAUAAAAAAAAAAAAAAIABjAAAAGIubnB5UEsFBgAAAAACAAIAZgAAABQBAAAAAA==',
}

describe('chooseEntry', () => {
  it('refuses to choose between two of one name', () => {
    expect(() => chooseEntry([{ name: 'a' }, { name: 'b' }, { name: 'a' }], 'a')).toThrow(
      new RangeError('expected one entry "a", got 2'),
    )
  })
})

describe('readNpz', () => {
  it.each(Object.entries(written))('reads what numpy.%s writes', async (_, base64) => {
    const bytes = Buffer.from(base64, 'base64')
    expect(await readNpz(bytes, 'a')).toEqual(a)
    expect(await readNpz(bytes, 'b.npy')).toEqual(b)
  })

  it.each([0, 6] as const)('takes the only array without its name (level %i)', async (level) => {
    const bytes = npzOf({ 'arr_0.npy': npyOf([[1, 2]]), 'notes.txt': Buffer.from('no array') }, level)
    expect(await readNpz(bytes)).toEqual({ data: Float64Array.of(1, 2), shape: [1, 2] })
  })

  it('lists what there is when the name is missing or wrong', async () => {
    const bytes = Buffer.from(written.savez, 'base64')
    await expect(readNpz(bytes)).rejects.toThrow('expected --entry, one of a, b')
    await expect(readNpz(bytes, 'c')).rejects.toThrow('expected --entry to be one of a, b; got "c"')
    await expect(readNpz(npzOf({}))).rejects.toThrow('expected at least one array, got none')
    const many = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`array-number-${i}.npy`, npyOf([[1]])]))
    await expect(readNpz(npzOf(many))).rejects.toThrow(/array-number-0, .* and \d+ more$/u)
    await expect(readNpz(npzOf(many), 'NUMBER-42')).rejects.toThrow('one of array-number-42; got "NUMBER-42"')
  })

  it('reads an array of more than one piece', async () => {
    const data = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i))
    const bytes = npzOf({ 'a.npy': writeNpy(data, [1000, 100]) })
    expect(await readNpz(bytes)).toEqual({ data, shape: [1000, 100] })
  })

  const npy = npyOf([[1, 2]])
  it.each<[string, Uint8Array, RegExp]>([
    ['text', Buffer.from('no archive'), /^expected a \.npz file, which is a zip archive/u],
    ['a cut archive', Buffer.from(written.savez, 'base64').subarray(0, 300), /zip archive/u],
    ['a file that is no array', npzOf({ 'a.npy': Buffer.from('plain text') }), /^entry a: expected a \.npy file/u],
    ['a wrong checksum', forgedZip('a.npy', npy, { crc: 1 }), /^entry a: expected the checksum/u],
    ['an unknown packing', forgedZip('a.npy', npy, { method: 12 }), /^entry a: .*compression method/u],
    [
      'damaged packing',
      forgedZip('a.npy', Buffer.alloc(64, 0xff), { method: 8, size: npy.length }),
      /^entry a: expected a stored or deflated file, got a damaged one/u,
    ],
    ['a path out of the archive', forgedZip('../a.npy', npy, {}), /zip archive \(invalid relative path/u],
    [
      'an array shorter than the archive says',
      forgedZip('a.npy', deflateRawSync(npy), { method: 8, size: npy.length + 8, crc: 1 }),
      /^entry a: expected 144 bytes of f8 for shape \(1, 2\), got 152$/u,
    ],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(readNpz(bytes)).rejects.toThrow(message)
  })

  it('refuses a bomb before it is unpacked', async () => {
    const bytes = forgedZip('a.npy', deflateRawSync(npy), { method: 8, size: 2 ** 32 - 2 })
    await expect(readNpz(bytes)).rejects.toThrow(
      /^entry a: expected \d+ packed bytes to hold at most 67108864, got more/u,
    )
  })
})
