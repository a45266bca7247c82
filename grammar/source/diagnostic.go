package source

// A Severity says whether a spec can be compiled all the same.
type Severity int

const (
	Error Severity = iota
	Warning
)

// A Code names one kind of mistake for good: "AE0102". The catalogue of all codes is in codes.go.
type Code string

// A Diagnostic is one mistake, or one warning, at one place.
// It is the only way in which a user error is reported.
type Diagnostic struct {
	Severity Severity
	Code     Code
	Span     Span
	Message  string // one line, lower case, no full stop: "unknown layer `dnse`"
	Expected string // what would be right here, or ""
	Found    string // what is there, or ""
	Hint     string // how to mend it, or ""
	Related  []Related
}

// Related is a second place that explains a diagnostic: the layer that made a size, the first use of a name.
type Related struct {
	Span    Span
	Message string
}
