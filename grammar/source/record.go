package source

// A Record is a diagnostic as machines read it. Its JSON form is stable: fields are added, never renamed.
type Record struct {
	Severity string `json:"severity"` // "error" or "warning"
	Code     string `json:"code"`
	Place
	Message  string `json:"message"`
	Expected string `json:"expected,omitempty"`
	Found    string `json:"found,omitempty"`
	Hint     string `json:"hint,omitempty"`
	Related  []Note `json:"related,omitempty"`
}

// A Note is a related place of a Record.
type Note struct {
	Place
	Message string `json:"message"`
}

// A Place is a span as machines read it: lines and columns from 1, columns in characters, the end exclusive.
// All numbers are 0 where there is no place.
type Place struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
}

// Records converts diagnostics, sorted by place, each once, all of them.
func Records(list []Diagnostic) []Record {
	records := []Record{}
	for _, d := range Sorted(list) {
		r := Record{
			Severity: d.Severity.String(), Code: string(d.Code), Place: placeOf(d.Span),
			Message: d.Message, Expected: d.Expected, Found: d.Found, Hint: d.Hint,
		}
		for _, rel := range d.Related {
			r.Related = append(r.Related, Note{Place: placeOf(rel.Span), Message: rel.Message})
		}
		records = append(records, r)
	}
	return records
}

func placeOf(s Span) Place {
	if !s.Valid() {
		return Place{}
	}
	from, to := s.File.Position(s.Start), s.File.Position(s.End)
	return Place{File: s.File.Name, Line: from.Line, Column: from.Column, EndLine: to.Line, EndColumn: to.Column}
}
