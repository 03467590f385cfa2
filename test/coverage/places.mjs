/** Where a coverage run keeps what it measures. */
import { fileURLToPath } from 'node:url'

const place = (name) => fileURLToPath(new URL(`../.generated/coverage/${name}`, import.meta.url))
export const tests = place('tests')
export const children = place('children')
export const merged = place('merged')
