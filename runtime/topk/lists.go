package topk

// Panel is the number of places whose uses are listed together.
const Panel = 16

// A Use is a value of a sample's code that is not 0.
type Use struct {
	Sample, Slot uint32 // the sample, and which of its kept values
	Place        uint32 // of the value in the code
}

// Lists are the uses of the places of a code by the samples of a batch, a list for each panel of places, the samples in order.
type Lists struct {
	ends []uint32 // of each panel's list; ends[0] is 0
	uses []Use
}

// NewLists returns lists for a number of places, and of uses at most before they grow.
func NewLists(places, uses int) *Lists {
	return &Lists{ends: make([]uint32, (places+Panel-1)/Panel+2), uses: make([]Use, uses)}
}

// Begin empties the lists. Count is then called for every use, Counted once, and Add for every use in the same order.
func (l *Lists) Begin() { clear(l.ends) }

// Count counts a use of a place.
func (l *Lists) Count(place uint32) { l.ends[place/Panel+2]++ }

// Counted says that all uses are counted.
func (l *Lists) Counted() {
	for i := 1; i < len(l.ends); i++ {
		l.ends[i] += l.ends[i-1]
	}
	if n := int(l.ends[len(l.ends)-1]); n > len(l.uses) {
		l.uses = make([]Use, n)
	}
}

// Add adds a use to its panel's list.
func (l *Lists) Add(u Use) {
	end := &l.ends[u.Place/Panel+1]
	l.uses[*end] = u
	*end++
}

// Of is the list of a panel.
func (l *Lists) Of(panel int) []Use { return l.uses[l.ends[panel]:l.ends[panel+1]] }
