/** Seeds for the property tests: `FC_SEED` replays a run, and the seed of each file's run is printed when it fails. */
import fc from 'fast-check'
import { afterAll, afterEach } from 'vitest'

const given = Number.parseInt(process.env['FC_SEED'] ?? '', 10)
const seed = Number.isInteger(given) ? given : (Date.now() ^ (Math.random() * 0x1_0000_0000)) | 0
let failed = false

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })

afterEach(({ task }) => {
  if (task.result?.state === 'fail') failed = true
})

afterAll(() => {
  if (failed) process.stderr.write(`fast-check seed of this file: FC_SEED=${seed}\n`)
})
