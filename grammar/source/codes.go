package source

// The codes of package grammar: what is wrong with the text before its words have a meaning.
const (
	TooLarge           Code = "AE0001" // the file is too large for a spec
	NotText            Code = "AE0002" // bytes that are not UTF-8 text
	TooDeep            Code = "AE0003" // brackets nest too deep
	TooLong            Code = "AE0004" // a name, a number, a string or a line is too long
	UnknownCharacter   Code = "AE0005" // a character that the language does not use
	BadNumber          Code = "AE0006" // a number that is not written as one
	BadString          Code = "AE0007" // a string without an end, or with an unknown escape
	BadName            Code = "AE0008" // a name with other than plain letters
	TooMany            Code = "AE0009" // too many mistakes to go on
	Syntax             Code = "AE0010" // something else stands where a part of a line should
	UnknownStatement   Code = "AE0011" // a line that begins with no known word
	MissingValue       Code = "AE0012" // nothing behind `=`, `:`, `,` or an operator
	Incomplete         Code = "AE0013" // a line that ends too early
	SecondStatement    Code = "AE0014" // two statements on one line
	UnclosedParen      Code = "AE0015" // `(` without `)`
	StrayParen         Code = "AE0016" // `)` without `(`
	UnclosedBrace      Code = "AE0017" // `{` without `}`
	StrayBrace         Code = "AE0018" // `}` without `{`
	LoneBrace          Code = "AE0019" // `{` on a line of its own
	MissingBody        Code = "AE0020" // a statement without the body it needs
	UnwantedBody       Code = "AE0021" // a body where none can be
	MisplacedStatement Code = "AE0022" // a top-level statement in a body
	MissingModel       Code = "AE0023" // the first line is not `model`
	SecondModel        Code = "AE0024" // `model` twice
	Internal           Code = "AE0099" // a fault of aegen
)
