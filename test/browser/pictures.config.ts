/** For `npm run pictures`. */
import base from '../../vitest.config.ts'

export default { ...base, test: { ...base.test, include: ['test/browser/pictures.ts'] } }
