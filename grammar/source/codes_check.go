package source

// The codes of package check: what a spec that can be read says wrongly.
const (
	UnknownName      Code = "AE0101" // a name that no `let` and no parameter has
	UnknownWord      Code = "AE0102" // a word that the language does not have
	MisplacedWord    Code = "AE0103" // a word of the language where it has no meaning
	DuplicateName    Code = "AE0104" // one name for two things
	ReservedName     Code = "AE0105" // a name that is a word of the language
	Recursion        Code = "AE0106" // a `let` or a `block` that needs itself
	UnknownArgument  Code = "AE0107" // an argument that the word does not take
	RepeatedArgument Code = "AE0108" // one argument twice
	MissingArgument  Code = "AE0109" // an argument that cannot be left out
	ExtraArgument    Code = "AE0110" // more arguments than the word takes
	ArgumentForm     Code = "AE0111" // a name before the first argument, or none before another
	WrongKind        Code = "AE0112" // a value of another kind: a word for a number, a number for true or false
	UnknownOverride  Code = "AE0113" // -set of a name that no `let` has
	BadOverride      Code = "AE0114" // -set to what is no number
	MissingSection   Code = "AE0115" // a spec without a section that it needs
	SecondSection    Code = "AE0116" // a section that is there twice
	SecondSetting    Code = "AE0117" // a setting that is there twice
	SettingForm      Code = "AE0118" // a setting without its value, or in another form than it has

	DecoderSize    Code = "AE0201" // the decoder ends in another size than its target has
	ResidualSize   Code = "AE0202" // the body of a `residual` changes the size
	NoWidth        Code = "AE0203" // a `dense` whose width nothing determines
	BottleneckForm Code = "AE0204" // a bottleneck that is not one `dense`
	DecoderForm    Code = "AE0205" // a decoder that is neither a body nor `mirror(encoder)`
	LikelihoodOf   Code = "AE0206" // a likelihood that does not fit what it compares with
	NoImage        Code = "AE0207" // a layer of images where values have no places
	KernelSize     Code = "AE0208" // a kernel that has no place in an image
	GroupSize      Code = "AE0209" // channels that do not divide into groups
	SkipShape      Code = "AE0210" // a skip of another shape than what flows
	SkipOrder      Code = "AE0211" // a skip that is used before it is made
	UnpoolPair     Code = "AE0212" // an `unpool` without a max pool that it undoes
	MirrorForm     Code = "AE0213" // an encoder that cannot be led back
	UnflattenSize  Code = "AE0214" // values that are no image of a size
	NotLayerwise   Code = "AE0216" // `pretrain layers` of a model whose decoder does not mirror the encoder
	TopKSize       Code = "AE0221" // a `topk` that keeps more values than there are

	SpecUnreadable  Code = "AE0231" // the spec of `encoder from` cannot be read
	SpecCycle       Code = "AE0232" // a spec that takes its own encoder
	SpecMistakes    Code = "AE0233" // mistakes in the spec of `encoder from`
	OtherInput      Code = "AE0234" // an input that the encoder of another spec was not made for
	TakenBottleneck Code = "AE0235" // a bottleneck beside the encoder of another spec
	Untakeable      Code = "AE0236" // an encoder that needs more than its layers

	OutOfRange        Code = "AE0301" // a number below or above what its place allows
	NotInteger        Code = "AE0302" // a fraction where a whole number stands
	Overflow          Code = "AE0303" // a number beyond what can be computed with
	DivisionByZero    Code = "AE0304" // a division by zero
	TooManyLayers     Code = "AE0305" // repeats and blocks that unfold to too many layers
	TooManyParameters Code = "AE0306" // weights beyond what is supported
	LinkTwice         Code = "AE0307" // a sigmoid at the end under `bernoulli`
	EmptyRange        Code = "AE0308" // a range that does not go upwards
	SettingConflict   Code = "AE0309" // settings that cannot hold together
	UnboundedCode     Code = "AE0310" // a penalty on probabilities of a code whose values are none
	DeepJacobian      Code = "AE0311" // `contractive` of a code whose Jacobian has no formula, or too many rows
	NoLatentWeights   Code = "AE0312" // `unit_norm` without weights for each value of the code
	NotInNats         Code = "AE0330" // a code that is sampled, and a loss that is no log-likelihood

	NotBuiltConvolution Code = "AE0401" // convolutional models
	NotBuiltSkip        Code = "AE0402" // skip connections
	NotBuiltCategorical Code = "AE0408" // negative sampling
	NotBuiltSequence    Code = "AE0409" // sequences
	NotBuiltContext     Code = "AE0410" // prediction from context

	FieldForm         Code = "AE0601" // a field of a record whose name or type has another form
	NoFields          Code = "AE0602" // a record without fields
	LikelihoodOfInput Code = "AE0603" // a likelihood that does not fit the type of the input
	AugmentOf         Code = "AE0605" // images that are moved, and there are none, or of another size
	LabelsForm        Code = "AE0604" // classes, weights or the ignored number of `labels` in another form

	IdentityCode   Code = "AE0501" // a code as wide as the input, and nothing that stops the identity
	LinearStack    Code = "AE0502" // linear layers that are one matrix
	SigmoidEnd     Code = "AE0503" // a sigmoid at the end under squared error
	Undetermined   Code = "AE0504" // more parameters than the data can determine
	Memorising     Code = "AE0505" // a decoder large enough to hold the data
	Unused         Code = "AE0506" // a name that nothing uses
	EndlessWarmup  Code = "AE0507" // a warm-up that outlasts the training
	BoundedLogits  Code = "AE0508" // an activation at the end that `bernoulli` cannot see beyond
	DropoutEnd     Code = "AE0509" // a decoder that ends in dropout
	CostlyJacobian Code = "AE0510" // `contractive` behind several layers and of many values
	RareAlarm      Code = "AE0520" // alarms rarer than the data can show
)
