package source

import "testing"

func TestNearest(t *testing.T) {
	words := []string{"encoder", "decoder", "dense", "relu", "elu", "selu", "mse", "leaky_relu", "bottleneck"}
	for word, want := range map[string]string{
		"enocder":    "encoder", // two letters swapped
		"encodr":     "encoder", // one left out
		"encooder":   "encoder", // one inserted
		"dnse":       "dense",
		"densse":     "dense",
		"rleu":       "relu",
		"botleneck":  "bottleneck",
		"bottelneck": "bottleneck",
		"leakyrelu":  "leaky_relu",
		"Relu":       "relu",
		"relu":       "relu",
		"x":          "",
		"":           "",
		"conv":       "",
		"decorator":  "",
		"decodeer":   "decoder",
		"something":  "",
		"mes":        "mse",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
	if got := Nearest("selx", []string{"sell", "self"}); got != "sell" {
		t.Errorf("of equals %q, want the first", got)
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		most int
		want int
	}{
		{"", "", 3, 0}, {"a", "", 3, 1}, {"ab", "ba", 3, 1}, {"abc", "ca", 3, 3}, {"kitten", "sitting", 3, 3},
		{"kitten", "sitting", 2, 3}, {"größe", "grösse", 3, 2},
	} {
		if got := distance([]rune(test.a), []rune(test.b), test.most); got != test.want {
			t.Errorf("distance(%q, %q, %d) = %d, want %d", test.a, test.b, test.most, got, test.want)
		}
	}
}
