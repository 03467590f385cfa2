/** Eight words with four made-up coordinates: between the others are the ones in the middle of a scale. */
export const example = `word,size,heat,speed,age
mouse,-2,0,1,-1
dog,0.1,0.2,0.3,0
elephant,3,0,0,1
snail,-2.5,-0.5,-3,-0.5
falcon,-1,0.5,3,0
glacier,2.5,-3,-2.5,3
volcano,2,3,-1,2.5
spark,-3,2.5,2,-3
`
