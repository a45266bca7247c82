package grammar

import "unicode/utf8"

// columns returns for each line of a body the column, counted from its margin, in which its second part begins, or 0:
// the second operation of a layer, the value of a setting, the type of a field. Empty lines and lines with a body
// separate groups of lines that share a column.
func columns(list []*branch, kind bodyKind) []int {
	widths := make([]int, len(list))
	for i := 0; i < len(list); {
		end, width := i, 0
		for end < len(list) && (end == i || !list[end].blank) && list[end].open == nil {
			if n := firstPart(list[end], kind); n > 0 {
				width = max(width, n+1)
			}
			end++
		}
		for ; i < end; i++ {
			widths[i] = width
		}
		if i < len(list) && list[i].open != nil {
			i++
		}
	}
	return widths
}

// firstPart is the width of the first part of a line that has a second, else 0.
func firstPart(b *branch, kind bodyKind) int {
	at := secondPart(b, kind)
	if at == 0 {
		return 0
	}
	return utf8.RuneCountInString(headText(b, 0, at))
}

// secondPart is the index of the token at which the second part of a line begins, or 0 where there is none to align.
func secondPart(b *branch, kind bodyKind) int {
	switch {
	case len(words(b.head)) != len(b.head): // over several lines
		return 0
	case kind == layerBody:
		return secondOperation(b.head)
	case kind == settingBody && len(b.head) > 1 && !isMark(b.head[1], "("):
		return 1
	case kind == fieldBody && len(b.head) > 2:
		return 2
	}
	return 0
}

// secondOperation is the index of the word after the first operation of a layer, or 0 where there is none but `as`.
func secondOperation(head []token) int {
	depth := 0
	for i, t := range head {
		switch {
		case isMark(t, "("):
			depth++
		case isMark(t, ")"):
			depth--
		case i > 0 && depth == 0 && isName(t, "as"):
			return 0
		case i > 0 && depth == 0:
			return i
		}
	}
	return 0
}
