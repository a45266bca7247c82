package grammar

import "github.com/alecthomas/participle/v2/lexer"

// The grammars that participle builds its parsers from. Each is LL(1) and parses one head.
// The Tokens fields are filled by participle and give a node its place.

// headNode is the head of a top-level statement.
type headNode struct {
	Model       *modelNode       `parser:"@@"`
	Let         *letNode         `parser:"| @@"`
	Block       *blockNode       `parser:"| @@"`
	Input       *inputNode       `parser:"| @@"`
	Target      *targetNode      `parser:"| @@"`
	Predict     *predictNode     `parser:"| @@"`
	Augment     *augmentNode     `parser:"| @@"`
	Corrupt     *corruptNode     `parser:"| @@"`
	Encoder     *encoderNode     `parser:"| @@"`
	Bottleneck  *bottleneckNode  `parser:"| @@"`
	Decoder     *decoderNode     `parser:"| @@"`
	Reconstruct *reconstructNode `parser:"| @@"`
	Train       *trainNode       `parser:"| @@"`
	Alarm       *alarmNode       `parser:"| @@"`
}

type modelNode struct {
	Name lexer.Token `parser:"'model' @Name"`
}

type letNode struct {
	Name  lexer.Token `parser:"'let' @Name"`
	Value *sumNode    `parser:"'=' @@"`
}

type blockNode struct {
	Name   lexer.Token `parser:"'block' @Name"`
	Params []*nameNode `parser:"( '(' @@ ( ',' @@ )* ')' )?"`
}

type nameNode struct {
	Name lexer.Token `parser:"@Name"`
}

type inputNode struct {
	Name  lexer.Token `parser:"'input' @Name '='"`
	Type  *callNode   `parser:"@@"`
	Scale *callNode   `parser:"( 'scale' @@ )?"`
}

type targetNode struct {
	Name lexer.Token `parser:"'target' @Name '='"`
	Type *callNode   `parser:"@@"`
}

type predictNode struct {
	What lexer.Token `parser:"'predict' @Name 'from'"`
	From *callNode   `parser:"@@"`
}

type augmentNode struct {
	By *callNode `parser:"'augment' @@"`
}

type corruptNode struct {
	By *callNode `parser:"'corrupt' @@"`
}

type encoderNode struct {
	Keyword lexer.Token  `parser:"@'encoder'"`
	From    *lexer.Token `parser:"( 'from' @String )?"`
}

type bottleneckNode struct {
	Name lexer.Token `parser:"'bottleneck' @Name '='"`
	Ops  []*callNode `parser:"@@+"`
}

type decoderNode struct {
	Keyword lexer.Token `parser:"@'decoder'"`
	Call    *callNode   `parser:"@@?"`
}

type reconstructNode struct {
	By *callNode `parser:"'reconstruct' @@"`
}

type trainNode struct {
	Keyword lexer.Token `parser:"@'train'"`
}

type alarmNode struct {
	Count *sumNode `parser:"'alarm' @@"`
	Per   *sumNode `parser:"'per' @@"`
}

// lineNode is one line of a body of layers.
type lineNode struct {
	Repeat   *sumNode     `parser:"'repeat' @@"`
	Residual *lexer.Token `parser:"| @'residual'"`
	Layer    *layerNode   `parser:"| @@"`
}

type layerNode struct {
	Ops []*callNode `parser:"( (?! 'as') @@ )+"`
	As  *nameNode   `parser:"( 'as' @@ )?"`
}

// settingNode is one line of a body of settings.
type settingNode struct {
	Name  lexer.Token `parser:"@Name"`
	Args  *argsNode   `parser:"( @@"`
	Value *sumNode    `parser:"| @@ )?"`
}

// fieldNode is one line of a record.
type fieldNode struct {
	Name lexer.Token `parser:"@Name ':'"`
	Type *callNode   `parser:"@@"`
}

// Expressions, in common.

type sumNode struct {
	First *productNode   `parser:"@@"`
	Rest  []*sumTailNode `parser:"@@*"`
}

type sumTailNode struct {
	Op lexer.Token  `parser:"@( '+' | '-' )"`
	X  *productNode `parser:"@@"`
}

type productNode struct {
	First *unaryNode         `parser:"@@"`
	Rest  []*productTailNode `parser:"@@*"`
}

type productTailNode struct {
	Op lexer.Token `parser:"@( '*' | '/' )"`
	X  *unaryNode  `parser:"@@"`
}

type unaryNode struct {
	Tokens []lexer.Token
	Minus  *unaryNode   `parser:"'-' @@"`
	Number *lexer.Token `parser:"| @Number"`
	String *lexer.Token `parser:"| @String"`
	Call   *callNode    `parser:"| @@"`
	Paren  *sumNode     `parser:"| '(' @@ ')'"`
}

type callNode struct {
	Tokens []lexer.Token
	Name   lexer.Token `parser:"@Name"`
	Args   *argsNode   `parser:"@@?"`
}

type argsNode struct {
	List []*argNode `parser:"'(' ( @@ ( ',' @@ )* )? ')'"`
}

// argNode is `256` or `stride: 2`. That the part before the colon is one word is seen to afterwards.
type argNode struct {
	Tokens []lexer.Token
	First  *sumNode `parser:"@@"`
	Value  *sumNode `parser:"( ':' @@ )?"`
}
