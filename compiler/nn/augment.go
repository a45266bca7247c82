package nn

// Augment moves images at random as training takes them: each move in turn, as one map of places.
type Augment struct {
	Image    Grid // of a sample
	Values   bool // whether the target is an image of the same height and width, of Channels
	Channels int
	Labels   bool // whether it has a class for each place
	Moves    []Move
}

// A Move is a flip, a shift or a crop; what is 0 is not done.
type Move struct {
	Horizontal, Vertical bool // flips, each of every second sample
	Shift                int  // by -Shift to Shift places in both directions
	Rows, Columns        int  // of a window anywhere in the image that becomes the image
}
