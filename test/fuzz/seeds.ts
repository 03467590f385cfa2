/** Valid files to mutate, some for each target. */
import { gzipSync } from 'node:zlib'
import { npyOf, npzOf, safetensorsOf } from '../cli/archives.ts'
import { proofs } from './targets.ts'

const text = (...files: string[]): Uint8Array[] => files.map((file) => new TextEncoder().encode(file))
const rows = [
  [1, 2],
  [3, 4],
]
/** As many axes as it takes to tell a message that lists them from one that does not. */
const sizes = Array<number>(400).fill(2 ** 40)
const tensor = (dtype: string, size: number): object => ({ dtype, shape: [2, 2], data_offsets: [0, 4 * size] })

export const seeds: Readonly<Record<string, readonly Uint8Array[]>> = {
  npy: [npyOf(rows), npyOf([[]])],
  npz: [
    npzOf({ 'a.npy': npyOf(rows) }, 0),
    npzOf({ 'a.npy': npyOf(rows) }),
    npzOf({ 'a.npy': npyOf(rows), 'b.npy': npyOf(rows) }),
  ],
  safetensors: [
    safetensorsOf({ a: tensor('F64', 8) }, new Uint8Array(32)),
    safetensorsOf({ a: tensor('BF16', 2), __metadata__: { format: 'pt' } }, new Uint8Array(8)),
  ],
  csv: text('1,2\n3,4\n', 'key,x,y\na,1,2\n"b",3e-1,4\n', ',0,1\n0,1,2\n'),
  tsv: text('1\t2\n3\t4\n', 'key\tx\na\t1\n'),
  json: text(
    '[[1,2],[3,4]]',
    '{"data":[1,2,3,4],"shape":[2,2]}',
    '{"dims":[1,1],"data":[5]}',
    `{"data":[1],"dims":[${sizes}]}`,
    `{"data":[],"shape":[0,${sizes}]}`,
  ),
  jsonl: text('[1,2]\n[3,4]\n'),
  gzip: [gzipSync('1,2\n3,4\n'), gzipSync(Buffer.alloc(1 << 16))],
  verify: text(...proofs),
}
