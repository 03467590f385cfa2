/**
 * What strangers' bytes may do: be read, or be refused with one clear error. Nothing else.
 *
 * Each target takes any bytes. It throws, as a finding, when a reader fails in a way that no message was written for, hands out
 * a matrix that is none, touches a prototype, or when a certificate proves what is not so.
 */
import { gunzipSync } from 'node:zlib'
import { readCsv } from '../../src/cli/csv.ts'
import { readJson, readJsonl } from '../../src/cli/json.ts'
import { readNpy } from '../../src/cli/npy.ts'
import { readNpz } from '../../src/cli/npz.ts'
import type { Numbers } from '../../src/cli/numbers.ts'
import { readSafetensors } from '../../src/cli/safetensors.ts'
import { unpackGzip } from '../../src/cli/unpack.ts'
import { fromJson, selectability, toJson, verify } from '../../src/index.ts'
import type { Certificate } from '../../src/index.ts'
import { rows as square } from '../cli/square.ts'

/** What came of it, in a word or a message. */
export type Target = (bytes: Uint8Array) => string | Promise<string>

/** Words of the engine, not of ours: a mistake in the reader rather than in the file. */
const accident =
  /is not a function|cannot read|is not iterable|call stack|allocation|invalid (?:typed )?array|not defined/iu

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8').decode(bytes)

/** No message repeats what a file holds too much of: JSON of thousands of axes once had messages as long as itself. */
const longestMessage = 1000

/** The words of a refusal; anything else is thrown on. */
function refused(error: unknown): string {
  if (error instanceof Error && error.message.length > longestMessage)
    throw new Error(`FINDING: a message of ${error.message.length} characters: ${error.message.slice(0, 80)}`)
  if (!(error instanceof Error) || error.message === '' || accident.test(error.message)) throw error
  return error.message
}

function checkMatrix({ data, shape, rowNames, columnNames }: Numbers): string {
  const size = shape.includes(0) ? 0 : shape.reduce((product, count) => product * count, 1)
  if (size !== data.length) throw new Error(`FINDING: ${data.length} numbers for shape [${shape.join(', ')}]`)
  if (rowNames !== undefined && rowNames.length !== shape[0]) throw new Error('FINDING: names for other rows')
  if (columnNames !== undefined && columnNames.length !== shape[1]) throw new Error('FINDING: names for other columns')
  return `${data.constructor.name} of rank ${shape.length}`
}

function checkPrototypes(): void {
  for (const { prototype } of [Object, Array, Float64Array]) {
    for (const name in prototype) throw new Error(`FINDING: a prototype has got ${name}`)
  }
}

function reading(read: (bytes: Uint8Array) => Numbers | Promise<Numbers>): Target {
  return async (bytes) => {
    let matrix: Numbers
    try {
      matrix = await read(bytes)
    } catch (error) {
      return refused(error)
    } finally {
      checkPrototypes()
    }
    return checkMatrix(matrix)
  }
}

const questions = [
  {},
  { tolerance: 0 },
  { tolerance: 0, bias: [0, 0, 0, 0, -1, 3] },
  { bias: [0, 0, 0, 0, 0, -1] },
].map((options) => ({ options, report: selectability(square, options) }))

/** Lines that verify, for a fuzzer to start from. */
export const proofs: readonly string[] = questions.flatMap(({ report }) =>
  square.map((_, i) => JSON.stringify(toJson(report.certificate(i)))),
)

/** Whoever forges a proof of something false is refused, whatever the fields hold. */
export function judge(json: unknown): string {
  let certificate: Certificate
  try {
    certificate = fromJson(json)
  } catch (error) {
    return refused(error)
  } finally {
    checkPrototypes()
  }
  return questions.map(({ options, report }) => {
    try {
      const result = verify(square, certificate, options)
      if (!result.valid) return result.reason
    } catch (error) {
      return refused(error)
    }
    const verdict = report.verdicts[certificate.key]
    // Above tolerance 0 and under a bias, hull weights prove that a key is not selectable; which of the other two it is stays open.
    const open = options.tolerance !== 0 || 'bias' in options
    if (verdict !== certificate.verdict && !(open && certificate.verdict === 'unselectable' && verdict === 'tied'))
      throw new Error(`FINDING: a proof that key ${certificate.key} is ${certificate.verdict}`)
    return 'valid'
  })[0] as string
}

/** A matrix packed and unpacked again is what gunzip makes of it, or too dense, or damaged. */
async function gzip(bytes: Uint8Array): Promise<string> {
  let unpacked: Uint8Array
  try {
    unpacked = await unpackGzip(bytes)
  } catch (error) {
    return refused(error)
  }
  if (Buffer.compare(unpacked, gunzipSync(bytes)) !== 0) throw new Error('FINDING: other bytes than gunzip')
  return 'unpacked'
}

export const targets: Readonly<Record<string, Target>> = {
  npy: reading(readNpy),
  npz: reading((bytes) => readNpz(bytes)),
  safetensors: reading((bytes) => readSafetensors(bytes)),
  csv: reading((bytes) => readCsv(decode(bytes))),
  tsv: reading((bytes) => readCsv(decode(bytes), '\t')),
  json: reading((bytes) => readJson(decode(bytes))),
  jsonl: reading((bytes) => readJsonl(decode(bytes))),
  gzip,
  verify: (bytes) => {
    let json: unknown
    try {
      json = JSON.parse(decode(bytes))
    } catch {
      return 'no JSON'
    }
    return judge(json)
  },
}
