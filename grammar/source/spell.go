package source

// Nearest returns the candidate that a misspelt word was probably meant to be: the one with the fewest letters inserted,
// left out, replaced or swapped with their neighbour (the Damerau-Levenshtein distance), the first of equals.
// It returns "" where none is near: more than one change in words of up to four letters, two up to eight, three beyond.
func Nearest(word string, candidates []string) string {
	best, most := "", 1+min(2, (len([]rune(word))-1)/4)
	for _, c := range candidates {
		if d := distance([]rune(word), []rune(c), most); d <= most && d < len([]rune(word)) {
			best, most = c, d-1
		}
	}
	return best
}

// distance is the optimal string alignment distance of a and b, or most+1 where it is larger than most.
func distance(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	// Rows i-2, i-1 and i of the table of distances between prefixes.
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], most+1)
}
