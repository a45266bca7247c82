package check

import (
	"fmt"
	"slices"

	"github.com/aegen/aegen/grammar"
	"github.com/aegen/aegen/grammar/source"
)

// A block is a named body of layers.
type block struct {
	*grammar.Block
	params []param // the first is written without its name, as of any word
	used   bool
}

func (c *checker) declareBlock(s *grammar.Block) {
	built, unbuilt := fitting(layer)
	if !c.declare(s.Name, slices.Concat(built, unbuilt, []string{"mirror", "repeat", "residual"})) {
		return
	}
	b := &block{Block: s}
	for i, name := range s.Params {
		p := realArg(name.Name, anyReal)
		p.bare = i == 0
		switch {
		case slices.Contains(constants, name.Name):
			c.declare(name, constants)
		case has(b.params, name.Name):
			c.add(source.Diagnostic{
				Code: source.DuplicateName, Span: name.At, Message: fmt.Sprintf("the name %s is taken", quoted(name.Name)),
				Hint: "choose another name", Related: []source.Related{{Span: s.Params[0].At, Message: "among these parameters"}},
			})
		default:
			b.params = append(b.params, p)
		}
	}
	c.declareSkips(s.Body)
	c.blocks = append(c.blocks, b)
	c.blocksByName[s.Name.Name] = b
}

// blockNames lists the blocks, as far as a hint looks.
func (c *checker) blockNames() []string {
	var names []string
	for _, b := range c.blocks[:min(len(c.blocks), maxHinted)] {
		names = append(names, b.Name.Name)
	}
	return names
}

// unfoldBlock replaces a call of a block by its body.
func (c *checker) unfoldBlock(b *block, call *grammar.Call, in scope) []step {
	b.used = true
	values, _ := c.bind(call.Name, call.Args, b.params, in)
	for _, around := range c.unfolds.active {
		if around.Name.Name == b.Name.Name {
			c.add(source.Diagnostic{
				Code: source.Recursion, Span: call.At, Message: fmt.Sprintf("the block %s contains itself", quoted(b.Name.Name)),
				Hint:    "layers that come again are written with `repeat`",
				Related: []source.Related{{Span: b.Name.At, Message: "the block is here"}},
			})
			return []step{unknown{}}
		}
	}
	if c.unfolds.blocks++; c.unfolds.blocks > maxLayers {
		c.tooManyLayers(call.At)
		return nil
	}
	c.unfolds.active = append(c.unfolds.active, call)
	steps := c.unfold(b.Body, scope(values))
	c.unfolds.active = c.unfolds.active[:len(c.unfolds.active)-1]
	return steps
}

// checkUnusedBlocks reports the mistakes in blocks that no layer uses. Their parameters have no values.
func (c *checker) checkUnusedBlocks() {
	for _, b := range c.blocks {
		if b.used {
			continue
		}
		values := scope{}
		for _, p := range b.params {
			values[p.name] = number{}
		}
		call := &grammar.Call{At: b.At, Name: b.Name}
		c.unfolds.active = append(c.unfolds.active, call)
		c.unfold(b.Body, values)
		c.unfolds.active = c.unfolds.active[:0]
	}
}
