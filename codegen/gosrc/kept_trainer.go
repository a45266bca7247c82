package gosrc

import (
	"fmt"
	"strings"

	"github.com/aegen/aegen/compiler/plan"
)

// keptTraining is what a trainer has for codes of few values: fields, and where they start; what follows the phases of a step; methods.
type keptTraining struct {
	Imports                []string // of the runtime
	Fields, Start, Grouped string
	Restored               string // after a state was restored
	Late                   int    // panels whose updates come after all others
	Before                 string // the late ones
	Methods                string
	After                  string // the end of a step
	Saved, Loaded          string // of a state
}

// keptTraining prints what codes of few values need.
func (g *generator) keptTraining() keptTraining {
	var k keptTraining
	var gathered, rows *plan.Update
	for _, u := range g.p.Train.Updates {
		switch {
		case u.Gathered():
			gathered = u
		case u.Rows != nil:
			rows = u
		case u.Through != nil:
			k.Late = u.Param.Panels()
			g.throughTraining(&k, u)
		}
	}
	g.deadTraining(&k)
	g.thresholdTraining(&k)
	g.bookTraining(&k)
	if gathered == nil {
		return k
	}
	uses := 0
	for _, pair := range rows.Pairs {
		uses += pair.A.Few
	}
	k.Fields += "lists *topk.Lists // which samples use which panels of the code\nscratch chan *gathered // one for each worker\n"
	k.Start += fmt.Sprintf("t.lists = topk.NewLists(CodeSize, Batch*%d)\nt.scratch = make(chan *gathered, max(1, workers))\nfor range cap(t.scratch) {\nt.scratch <- new(gathered)\n}\n", uses)
	k.Grouped += "t.group()\n"
	w := &writer{}
	g.group(w, rows)
	g.gatheredMethods(w, gathered)
	g.rowsMethods(w, rows)
	k.Methods += w.b.String()
	if rows.Rows.Idle && !g.p.Train.Materialize && len(g.p.Train.Config.Optimizer.Slots()) > 0 {
		k.Fields += fmt.Sprintf("used [CodeSize]bool // rows of %s that have had a gradient: the others have not moved\n", rows.Param.Field)
		k.Restored += "t.findUsed()\n"
	}
	return k
}

// trimmed is the same without the ends of the last lines, which the template has.
func (k keptTraining) trimmed() keptTraining {
	for _, text := range []*string{&k.Fields, &k.Start, &k.Grouped, &k.Restored, &k.Before, &k.Methods, &k.After, &k.Saved, &k.Loaded} {
		*text = strings.TrimRight(*text, "\n")
	}
	return k
}

// deadTraining prints the counts of steps in which values of the code were 0.
func (g *generator) deadTraining(k *keptTraining) {
	z := g.p.Train.Counted
	if z == nil {
		return
	}
	k.Fields += "idle [CodeSize]uint32 // for each value of the code, the last steps in which it was 0 in every sample\n"
	k.After += "t.countIdle()\n"
	k.Saved += "idle := make([]float32, CodeSize)\nfor i, steps := range t.idle {\nidle[i] = float32(steps)\n}\nfile.Tensors = append(file.Tensors, weights.Tensor{Name: \"dead.idle\", Shape: []int{CodeSize}, Data: idle})\n"
	k.Loaded += "idle, err := file.Tensor(\"dead.idle\", CodeSize)\nif err != nil {\nreturn err\n}\n"
	k.Restored += "for i, steps := range idle {\nt.idle[i] = uint32(steps)\n}\n"
	w := &writer{}
	w.line("// countIdle counts the step for every value of the code that was 0 in all its samples, up to 2²⁴ of them.\nfunc (t *Trainer) countIdle() {\nn := len(t.x)\nz := %s", wholeOf(z))
	w.line("for i := range t.idle {\nt.idle[i] = min(t.idle[i]+1, 1<<24)\n}\nfor s := range z {\n%s}\n}\n", eachUse(z, "z[s]", "t.idle[%s] = 0"))
	k.Methods += w.b.String()
}

// thresholdTraining prints the running mean of the bounds of batches.
func (g *generator) thresholdTraining(k *keptTraining) {
	b, p := g.p.Train.Bound, g.p.Train.Threshold
	if b == nil {
		return
	}
	k.After += "t.learnThreshold()\n"
	w := &writer{}
	w.line("// learnThreshold takes the bound of the step's batch into the running mean.\nfunc (t *Trainer) learnThreshold() {\nbound := max(t.whole[%d], 0)", b.Offset)
	w.line("threshold := &t.w.%s[0][0][0]\nif t.steps > 1 {\nbound = 0.99**threshold + 0.01*bound\n}\n*threshold = bound\n}\n", p.Field)
	k.Methods += w.b.String()
}

// eachUse prints a loop over the values of a sample's code that are not 0. Body is what is done with one, for its place; j is its slot.
func eachUse(z *plan.Buffer, sample, body string) string {
	if z.Compact > 0 {
		return fmt.Sprintf("for j, v := range &%s.values {\nif v != 0 {\n%s\n}\n}\n", sample, fmt.Sprintf(body, sample+".places[j]"))
	}
	return fmt.Sprintf("for j, v := range &%s {\nif v != 0 {\n%s\n}\n}\n", sample, fmt.Sprintf(body, "j"))
}

// group prints the method that lists the uses of codes.
func (g *generator) group(w *writer, rows *plan.Update) {
	var count, add string
	w.line("// group lists which samples of the batch use which panels of the code.\nfunc (t *Trainer) group() {\nn := len(t.x)")
	slot := 0
	for i, pair := range rows.Pairs {
		name, place := numbered("z", i), "uint32(%s)"
		w.line("%s := %s", name, wholeOf(pair.A))
		at := fmt.Sprint(slot)
		if pair.A.Compact > 0 {
			place, at = "%s", plus("j", slot)
		}
		count += eachUse(pair.A, name+"[s]", "t.lists.Count("+place+")")
		add += eachUse(pair.A, name+"[s]", "t.lists.Add(topk.Use{Sample: uint32(s), Slot: uint32("+at+"), Place: "+place+"})")
		slot += pair.A.Slots()
	}
	w.line("t.lists.Begin()\nfor s := range z {\n%s}\nt.lists.Counted()\nfor s := range z {\n%s}\n}\n", count, add)
}

// numbered is the name of one of several variables: z, z2.
func numbered(name string, i int) string {
	if i == 0 {
		return name
	}
	return fmt.Sprint(name, i+1)
}

// ofUse prints what is done with a use u by the code that it belongs to. Body is printed for the number of a code, and what follows a sample of it, or of
// its gradient, for the value.
func ofUse(codes []*plan.Buffer, body func(i int, value string) string) string {
	text, slot := "", 0
	for i, z := range codes {
		value := "[u.Place]"
		if z.Compact > 0 {
			value = ".values[u.Slot]"
			if slot > 0 {
				value = fmt.Sprintf(".values[u.Slot-%d]", slot)
			}
		}
		slot += z.Slots()
		one := body(i, value)
		switch {
		case len(codes) == 1:
			return one
		case i < len(codes)-1:
			text += fmt.Sprintf("if u.Slot < %d {\n%s\n} else ", slot, one)
		default:
			text += fmt.Sprintf("{\n%s\n}", one)
		}
	}
	return text
}

// panelOf is the update of one panel of a block whose samples are brought together: of a block of 16 outputs.
func panelOf(u *plan.Update) *plan.Update {
	param, one := *u.Param, *u
	param.Out = plan.Panel
	one.Param = &param
	return &one
}

// gatheredMethods prints the gradient and the update of a panel of the encoder's block, over the samples that use it.
func (g *generator) gatheredMethods(w *writer, u *plan.Update) {
	p, name := u.Param, title(u.Param.Field)
	w.line("// gathered are samples that use a panel of the code: what the encoder saw of them, and their gradients.\ntype gathered struct {\nx [%d][%d]float32\nd [%d][16]float32\nn int\n}\n", u.Gather, p.In, u.Gather)
	gradients, arrays, declared := sides(u)
	w.line("// take brings samples together and returns the uses that it had no room for.")
	w.line("func (s *gathered) take(uses []topk.Use, x [][%d]float32, %s) []topk.Use {\ns.n = 0\nlast := ^uint32(0)", p.In, declared)
	w.line("for i, u := range uses {\nif u.Sample != last {\nif s.n == len(s.x) {\nreturn uses[i:]\n}\nlast = u.Sample\ns.x[s.n], s.d[s.n] = x[last], [16]float32{}\ns.n++\n}")
	w.line("%s\n}\nreturn nil\n}\n", ofUse(gradients, func(i int, value string) string {
		return fmt.Sprintf("s.d[s.n-1][u.Place%%16] += %s[u.Sample]%s", numbered("d", i), value)
	}))
	names := strings.Join(arrays, ", ")
	through := g.throughOf(p)
	w.line("// gradient%s adds to the gradient of panel p of %s, the samples in order.\nfunc (t *Trainer) gradient%s(p int) {\nn := len(t.x)", name, p.Field, name)
	w.line("x, %s := %s, %s\ns := <-t.scratch", names, wholeOf(u.Pairs[0].A), wholes(gradients))
	if through != nil {
		w.line("var sums [16]float32")
	}
	w.line("for uses := t.lists.Of(p); len(uses) > 0; {\nuses = s.take(uses, x, %s)\n%s(&t.g.%s[p], 0, s.x[:s.n], s.d[:s.n])", names, gradientName(u, 0), p.Field)
	if through != nil {
		w.line("addRows(&sums, s.d[:s.n])")
	}
	w.line("}")
	if through != nil {
		w.line("%s(&t.through[p], &t.w.%s[p], &sums)", throughName(p), p.Field)
	}
	w.line("t.scratch <- s\n}\n")
	if !fused(u) {
		return
	}
	slots := ""
	for _, slot := range g.p.Train.Config.Optimizer.Slots() {
		slots += fmt.Sprintf(", &t.%s.%s[p]", slot, p.Field)
	}
	w.line("// update%s moves panel p of %s by its gradient, if assembly functions run and not too many samples use it.\nfunc (t *Trainer) update%s(p int) bool {\nuses := t.lists.Of(p)", name, p.Field, name)
	w.line("n := len(t.x)\nx, %s := %s, %s\ns := <-t.scratch\nrest := s.take(uses, x, %s)", names, wholeOf(u.Pairs[0].A), wholes(gradients), names)
	w.line("done := false\nif len(rest) == 0 {\nif s.n == 0 { // the optimiser's state moves all the same\ns.x[0], s.d[0], s.n = [%d]float32{}, [16]float32{}, 1\n}", p.In)
	if through != nil {
		w.line("var sums [16]float32\naddRows(&sums, s.d[:s.n])\n%s(&t.through[p], &t.w.%s[p], &sums)", throughName(p), p.Field)
	}
	w.line("done = %s(&t.step, 0, &t.w.%s[p]%s, s.x[:s.n], s.d[:s.n])\n}\nt.scratch <- s\nreturn done\n}\n", fusedName(u), p.Field, slots)
}

// sides are the gradients of codes that a gathered update sums, the names of their arrays, and these as parameters.
func sides(u *plan.Update) (gradients []*plan.Buffer, names []string, parameters string) {
	var typed []string
	for i, pair := range u.Pairs {
		name := numbered("d", i)
		gradients, names, typed = append(gradients, pair.D), append(names, name), append(typed, fmt.Sprintf("%s []%s", name, rowType(pair.D)))
	}
	return gradients, names, strings.Join(typed, ", ")
}

// wholes are buffers of the whole batch.
func wholes(buffers []*plan.Buffer) string {
	var all []string
	for _, b := range buffers {
		all = append(all, wholeOf(b))
	}
	return strings.Join(all, ", ")
}

// rowsMethods prints the gradient and the update of 16 rows of the decoder's block.
func (g *generator) rowsMethods(w *writer, u *plan.Update) {
	p, name, train := u.Param, title(u.Param.Field), g.p.Train
	g.accumulate(u.Rows.AddScaled)
	var codes []*plan.Buffer
	arrays := ""
	for i, pair := range u.Pairs {
		codes = append(codes, pair.A)
		arrays += fmt.Sprintf("%s, %s := %s, %s\n", numbered("z", i), numbered("dy", i), wholeOf(pair.A), wholeOf(pair.D))
	}
	add := func(to string) string {
		return ofUse(codes, func(i int, value string) string {
			return fmt.Sprintf("accumulate(%s, %s[u.Sample][:], %s[u.Sample]%s)", to, numbered("dy", i), numbered("z", i), value)
		})
	}
	per := p.Out / plan.Panel // rows of 16 floats in a row of the block
	w.line("// gradient%s adds to the gradient of rows 16p to 16p+15 of %s, the samples in order.\nfunc (t *Trainer) gradient%s(p int) {\nn := len(t.x)\n%sg := arena.Flat(&t.g.%s[p])", name, p.Field, name, arrays, p.Field)
	w.line("for _, u := range t.lists.Of(p) {\nc := int(u.Place %% 16)\n%s\n}\n}\n", add(fmt.Sprintf("g[%d*c:%d*c+%d]", p.Out, p.Out, p.Out)))
	if train.Materialize {
		return
	}
	slots := train.Config.Optimizer.Slots()
	idle := u.Rows.Idle
	w.line("// update%s moves rows 16p to 16p+15 of %s by their gradients, the samples in order.", name, p.Field)
	if idle {
		w.line("// Rows that no sample has ever used stay as they are: their gradients are 0, and so is the optimiser's state.")
	}
	w.line("func (t *Trainer) update%s(p int) bool {\nn := len(t.x)\n%suses := t.lists.Of(p)\nvar g [%d][16]float32", name, arrays, per)
	w.line("for c := 0; c < 16 && 16*p+c < CodeSize; c++ {\nused := false\nfor _, u := range uses {\nif int(u.Place%%16) != c {\ncontinue\n}")
	w.line("if !used {\ng, used = [%d][16]float32{}, true\n}\n%s\n}", per, add("arena.Flat(&g)"))
	row := func(of string) string { return fmt.Sprintf("t.%s.%s[p][%d*c:%d*c+%d]", of, p.Field, per, per, per) }
	scale, first := "", ""
	if u.Rows.Unit {
		g.unitRow(u.Rows.Dot)
		scale = fmt.Sprintf("unitRow(arena.Floats(%s))\n", row("w"))
		first = "if t.steps == 1 {\n" + scale + "}\n"
	}
	switch {
	case idle && len(slots) > 0:
		w.line("if used {\nt.used[16*p+c] = true\n} else if !t.used[16*p+c] {\n%scontinue\n} else {\ng = [%d][16]float32{}\n}", first, per)
	case idle:
		w.line("if !used {\n%scontinue\n}", first)
	default:
		w.line("if !used {\ng = [%d][16]float32{}\n}", per)
	}
	args := []string{row("w"), "g[:]"}
	for _, slot := range slots {
		args = append(args, row(slot))
	}
	w.line("t.step.applyWeights(%s)\n%s}\nreturn true\n}\n", strings.Join(args, ", "), scale)
	if !idle || len(slots) == 0 {
		return
	}
	w.line("// findUsed finds the rows of %s that have had a gradient: those with a state of the optimiser.\nfunc (t *Trainer) findUsed() {\nfor i := range t.used {\nt.used[i] = false", p.Field)
	for _, slot := range slots {
		w.line("for _, v := range arena.Flat(&t.%s.%s)[%d*i:%d*i+%d] {\nif v != 0 {\nt.used[i] = true\nbreak\n}\n}", slot, p.Field, p.Out, p.Out, p.Out)
	}
	w.line("}\n}\n")
}

// addScaled is the assembly function of accumulate, or nil.
func (g *generator) addScaled() *plan.Function {
	for _, u := range g.p.Train.Updates {
		if u.Rows != nil {
			return u.Rows.AddScaled
		}
	}
	return nil
}
