package lower

import (
	"go/token"
	"strconv"
	"strings"
	"unicode"
)

// names hands out Go identifiers of the generated package's scope, each once.
type names struct{ used map[string]bool }

// reserved are the names that generated code uses itself: predeclared ones, packages, and its own functions and variables.
const reserved = "any append bool byte cap clear close comparable complex complex64 complex128 copy delete error false float32 " +
	"float64 imag int int8 int16 int32 int64 iota len make max min new nil panic print println real recover rune string true " +
	"uint uint8 uint16 uint32 uint64 uintptr init main " +
	"assembly avx512 cpu errors fmt io math strconv sync testing bytes weights reduced random parallel topk train arena unsafe " +
	"parameters blocks state step rate update adam sgd rmsprop clip m t w wt v g n x y z r s a d p c k b " +
	"wholeEncode wholeDecode wholeReconstruct wholeScore identity relu leakyRelu elu selu gelu silu sigmoid tanh softplus softshrink jumprelu kept accumulate dotOf addRows gathered unitRow book codebook numbers averages " +
	"unitFactors scaleLanes scaleRows gaussianNoise maskingNoise saltPepperNoise uniformNoise dropoutNoise places draws deviates from beta q logVariance poisson poissonRate"

func newNames() *names {
	n := &names{used: map[string]bool{}}
	for _, word := range strings.Fields(reserved) {
		n.used[word] = true
	}
	return n
}

func (n *names) taken(name string) bool { return n.used[name] || token.IsKeyword(name) }

// unique returns name, or name with the first number that makes it new.
func (n *names) unique(name string) string {
	candidate := name
	for i := 2; n.taken(candidate); i++ {
		candidate = name + "_" + strconv.Itoa(i)
	}
	n.used[candidate] = true
	return candidate
}

// camel makes a Go name of words: encoder.0 is encoder0, leaky_relu is leakyRelu.
func camel(words string) string {
	parts := strings.FieldsFunc(words, func(r rune) bool { return r == '.' || r == '_' })
	for i := 1; i < len(parts); i++ {
		parts[i] = title(parts[i])
	}
	return strings.Join(parts, "")
}

func title(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}
