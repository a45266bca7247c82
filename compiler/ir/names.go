package ir

import (
	"slices"
	"strings"
	"unicode"
)

// initialisms are the words that Go names write in capitals.
var initialisms = strings.Fields("acl api ascii cpu css dns eof gpu guid html http https icmp id io ip json lhs mac os pid qps ram rhs rpc sla smtp sql ssh tcp tls ttl " +
	"udp ui uid uuid uri url utf8 vm xml xsrf xss")

// GoName is a text as part of an exported Go name: src_bytes is SrcBytes, tcp is TCP. It is "" where no letter or digit is left.
func GoName(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		if slices.Contains(initialisms, strings.ToLower(w)) {
			words[i] = strings.ToUpper(w)
		} else {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}
