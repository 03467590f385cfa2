/** The machine's byte order, without asking Node. */

/** Whether the low byte of a number comes first, as on every machine that is still made. */
export const littleEndian: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Turns round the bytes of each number of `size` bytes, in place. */
export function reverseBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const byte = bytes[low]
      bytes[low] = bytes[high]
      bytes[high] = byte
    }
  }
}
