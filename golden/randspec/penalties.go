package randspec

import "strings"

// penalise sets the lines of the bottleneck's body, and what they need of the rest of the spec.
func (r *writer) penalise(f *features) {
	f.code, f.end = r.sparsity()
	if r.IntN(4) > 0 {
		return
	}
	lines := r.pick("contractive(0.1)\n", "contractive(0.02)\nunit_norm\n", "orthogonal(0.01)\n", "orthogonal(0.02)\ncontractive(0.05)\n", "unit_norm\n", "unit_norm\northogonal(0.05)\n")
	f.alone = lines != "unit_norm\n"
	if strings.HasPrefix(lines, "contractive") && r.IntN(2) == 0 { // behind several layers, and of all values of the code
		f.alone, f.all = false, true
	}
	if strings.Contains(lines, "contractive") { // behind one activation at most
		f.code = strings.Replace(f.code, ", proximal: true", "", 1)
	}
	f.code += lines
}

// sparsity is a line for a third of the specs, and the activation that it needs.
func (r *writer) sparsity() (line, activation string) {
	if r.IntN(3) > 0 {
		return "", ""
	}
	line = "sparsity " + r.pick("l1(0.01)", "l1(0.1)", "l1(0.05, proximal: true)", "kl(rho: 0.05, beta: 0.3)", "kl(rho: 0.4, beta: 0.1)") + "\n"
	if strings.Contains(line, "kl") {
		activation = "sigmoid"
	}
	return line, activation
}
