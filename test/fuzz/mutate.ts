/**
 * Damage, as a fuzzer does it: bits, bytes, pieces moved, doubled and lost, numbers at the edges of their types, and words that
 * the formats know.
 */

/** A random number in [0, 1). */
export type Random = () => number

const words: readonly string[] = [
  '\x93NUMPY',
  "'descr'",
  "'<f8'",
  "'|O'",
  "'fortran_order': True",
  "'shape': (",
  '(9999999999, 9999999999)',
  'PK\x01\x02',
  'PK\x03\x04',
  'PK\x05\x06',
  'PK\x06\x06',
  '\x1f\x8b\x08',
  '"data_offsets":[0,',
  '"dtype":"BF16"',
  '"__proto__":',
  '"constructor":{"prototype":{"x":1}}',
  '"shape":[',
  '1e999',
  '-1e308',
  '5e-324',
  '-0',
  'NaN',
  '""',
  '"',
  '\r\n',
  ',',
  '\t',
  '\u0000',
  '\u00ef\u00bb\u00bf',
  '[[[[[[[[',
  ']',
  '{',
  '}',
  'null',
  '"exactQuery":["9999999999999999999999",',
  '"weights":[1',
  '"support":[0,1,2,3,4',
  '"verdict":"tied"',
  '"verdict":"selectable"',
  '"verdict":"unselectable"',
  '"Infinity"',
  '4294967295',
  '9007199254740993',
]

const edges = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]

/** A damaged copy of `bytes`; `other` is a file whose pieces may turn up in it. At most `longest` bytes. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: Random, longest = 1 << 16): Uint8Array {
  let out = Buffer.from(bytes)
  for (let steps = 1 + Math.floor(random() ** 3 * 12); steps > 0; steps--) out = step(out, other, random)
  return new Uint8Array(out.subarray(0, longest))
}

function step(bytes: Buffer<ArrayBuffer>, other: Uint8Array, random: Random): Buffer<ArrayBuffer> {
  const below = (bound: number): number => Math.floor(random() * bound)
  const at = below(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + Math.floor(random() ** 3 * bytes.length))
  const splice = (from: number, to: number, piece: Uint8Array): Buffer<ArrayBuffer> =>
    Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(to)])
  const word = Buffer.from(words[below(words.length)] ?? '', 'latin1')
  switch (below(10)) {
    case 0:
      return bytes.length === 0 ? word : flip(bytes, below(8 * bytes.length))
    case 1:
      return splice(at, at + 1, Uint8Array.of(below(256)))
    case 2:
      return splice(at, end, new Uint8Array())
    case 3:
      return splice(at, at, bytes.subarray(at, end))
    case 4:
      return splice(at, at, word)
    case 5:
      return splice(at, at + word.length, word)
    case 6:
      return splice(at, at, other.subarray(below(other.length), other.length))
    case 7: {
      const size = [1, 2, 4, 8][below(4)] ?? 1
      const value = Buffer.alloc(8)
      value.writeUInt32LE(edges[below(edges.length)] ?? 0)
      if (below(2) === 1) value.subarray(0, size).reverse()
      return splice(at, at + size, value.subarray(0, size))
    }
    case 8:
      return digits(bytes, random)
    default:
      return splice(at, bytes.length, new Uint8Array())
  }
}

function flip(bytes: Buffer<ArrayBuffer>, bit: number): Buffer<ArrayBuffer> {
  const byte = Math.floor(bit / 8)
  bytes[byte] = (bytes[byte] ?? 0) ^ (1 << (bit % 8))
  return bytes
}

/** A number of the text becomes another one. */
function digits(bytes: Buffer<ArrayBuffer>, random: Random): Buffer<ArrayBuffer> {
  const text = bytes.toString('latin1')
  const numbers = [...text.matchAll(/-?\d+(?:\.\d+)?(?:e-?\d+)?/gu)]
  const chosen = numbers[Math.floor(random() * numbers.length)]
  if (chosen === undefined) return bytes
  const values = [String(Math.floor(random() * 10)), '-1', '0', '1e308', '1e-320', '0.1', '4294967296', '1'.repeat(400)]
  const value = values[Math.floor(random() * values.length)] ?? '0'
  return Buffer.from(text.slice(0, chosen.index) + value + text.slice(chosen.index + chosen[0].length), 'latin1')
}
