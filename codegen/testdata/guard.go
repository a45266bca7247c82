// Guard runs assembly functions on arrays that end or begin where the memory ends: the program of TestGuardPages, which adds packages.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"syscall"
	"unsafe"
)

// A Call is a call of an assembly function with arrays of as many floats as it takes.
type Call = struct {
	Name   string
	Arrays []int
	Run    func(a []*float32)
}

// A pkg is a generated package.
type pkg struct {
	name       string
	calls      []Call
	setKernels func(number int) bool
	use        func(floats func(n int) []float32, n int)
}

// Places of an array in its pages.
const (
	end = iota
	begin
	unaligned // four bytes after the beginning
	places
)

// page is the size of a page of memory.
const page = 4096

// mapped is the memory of the arrays of one call.
var mapped [][]byte

// floats is an array of n numbers around 0. The memory before and after its pages must not be touched.
func floats(place, n int) []float32 {
	size := (4*n + 4 + page - 1) / page * page
	memory, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err == nil {
		err = syscall.Mprotect(memory[page:page+size], syscall.PROT_READ|syscall.PROT_WRITE)
	}
	if err != nil {
		panic(err)
	}
	mapped = append(mapped, memory)
	at := page + [places]int{size - 4*n, 0, 4}[place]
	a := unsafe.Slice((*float32)(unsafe.Pointer(&memory[at])), n)
	for i := range a {
		a[i] = float32(i*7919%2001-1000) / 1000
	}
	return a
}

// release gives the memory back.
func release() {
	for _, memory := range mapped {
		if err := syscall.Munmap(memory); err != nil {
			panic(err)
		}
	}
	mapped = nil
}

// current is what is called: a fault says so and ends the program.
var current string

func main() {
	debug.SetGCPercent(-1) // models are where the collector does not look
	debug.SetPanicOnFault(true)
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n%s", current, fault, debug.Stack())
			os.Exit(1)
		}
	}()
	for _, p := range packages {
		for kernels := 1; kernels < 3; kernels++ {
			if !p.setKernels(kernels) {
				continue
			}
			for place := range places {
				p.run(kernels, place)
			}
			fmt.Println(p.name, kernels, len(p.calls))
		}
	}
}

// run calls all functions of a package, and the methods of its model.
func (p *pkg) run(kernels, place int) {
	for _, c := range p.calls {
		current = fmt.Sprintf("%s: %s, kernels %d, place %d", p.name, c.Name, kernels, place)
		var a []*float32
		for _, n := range c.Arrays {
			a = append(a, &floats(place, n)[0])
		}
		c.Run(a)
		release()
	}
	for _, n := range []int{1, 2, 5, 13, 37} {
		current = fmt.Sprintf("%s: a model with %d samples, kernels %d, place %d", p.name, n, kernels, place)
		p.use(func(n int) []float32 { return floats(place, n) }, n)
		release()
	}
}
