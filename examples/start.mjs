/** What `npm start` runs: real attention heads first, then the same question on four keys that fit on a page. */
import { showHeads } from './heads.mjs'
import { tellStory } from './story.mjs'

showHeads()
tellStory()
