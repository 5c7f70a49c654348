extension TraceEvent {
    /// A node has computed its results.
    public struct Forward: Sendable, Equatable {
        /// The node.
        public var node: Int

        /// The results of a node.
        public init(node: Int) { self.node = node }
    }

    /// A tensor was written to.
    public struct InPlace: Sendable, Equatable {
        /// The tensor that was written to.
        public var tensor: Int
        /// The node of the write; nil where it was no operation, or was not recorded.
        public var node: Int?
        /// What wrote: "add_".
        public var name: String?
        /// The writes to the memory before this one.
        public var versionBefore: Int
        /// The writes to the memory with this one.
        public var versionAfter: Int
        /// The elements after the write.
        public var value: TraceValue?
        /// The line of the program that it happened at.
        public var src: TraceSource?

        /// A write; operations that were recorded give their node.
        public init(
            tensor: Int, node: Int? = nil, name: String? = nil, versionBefore: Int,
            versionAfter: Int, value: TraceValue? = nil, src: TraceSource? = nil
        ) {
            self.tensor = tensor
            self.node = node
            self.name = name
            self.versionBefore = versionBefore
            self.versionAfter = versionAfter
            self.value = value
            self.src = src
        }
    }

    /// A tensor's gradient was set to nil, or to zeros.
    public struct ZeroGrad: Sendable, Equatable {
        /// The tensor whose gradient was emptied.
        public var tensor: Int
        /// True for nil, false for zeros.
        public var setToNone: Bool
        /// The line of the program that it happened at.
        public var src: TraceSource?

        /// A gradient that was emptied.
        public init(tensor: Int, setToNone: Bool, src: TraceSource? = nil) {
            self.tensor = tensor
            self.setToNone = setToNone
            self.src = src
        }
    }

    /// An optimiser has changed a parameter.
    public struct OptimStep: Sendable, Equatable {
        /// The parameter; nil where the event stands for the step as a whole.
        public var tensor: Int?
        /// The optimiser: "SGD".
        public var name: String?
        /// Which step of this optimiser it is, from 1.
        public var step: Int?
        /// The writes to the parameter's memory before the step.
        public var versionBefore: Int?
        /// The writes to the parameter's memory after the step.
        public var versionAfter: Int?
        /// The parameter's elements after the step.
        public var value: TraceValue?
        /// The line of the program that it happened at.
        public var src: TraceSource?

        /// A step, of one parameter or as a whole.
        public init(
            tensor: Int? = nil, name: String? = nil, step: Int? = nil, versionBefore: Int? = nil,
            versionAfter: Int? = nil, value: TraceValue? = nil, src: TraceSource? = nil
        ) {
            self.tensor = tensor
            self.name = name
            self.step = step
            self.versionBefore = versionBefore
            self.versionAfter = versionAfter
            self.value = value
            self.src = src
        }
    }

    /// The program goes on with gradients recorded, or not.
    public struct GradMode: Sendable, Equatable {
        /// Whether gradients are recorded from here on.
        public var enabled: Bool
        /// What changed it: "noGrad".
        public var name: String?
        /// The line of the program that it happened at.
        public var src: TraceSource?

        /// A change of mode.
        public init(enabled: Bool, name: String? = nil, src: TraceSource? = nil) {
            self.enabled = enabled
            self.name = name
            self.src = src
        }
    }

    /// The bytes that graphs hold for their derivatives, by the operation that saved them.
    public struct Memory: Sendable, Equatable {
        /// All of `mem` together.
        public var bytes: Int
        /// The bytes by operation: `["exp": 4096]`.
        public var mem: [String: Int]

        /// What graphs hold now.
        public init(bytes: Int, mem: [String: Int]) {
            self.bytes = bytes
            self.mem = mem
        }
    }

    /// A number of a training run.
    public struct Metric: Sendable, Equatable {
        /// The metric: "train_loss".
        public var name: String
        @SameNumber private var number: Double?
        /// The step of the run, from 0.
        public var step: Int
        /// The epoch, with its part that is done; nil where there are none.
        @SameNumber public var epoch: Double?

        /// The number.
        public var y: Double {
            get { number ?? .nan }
            set { number = newValue }
        }

        /// One point of a metric's curve.
        public init(name: String, y: Double, step: Int, epoch: Double? = nil) {
            self.name = name
            number = y
            self.step = step
            self.epoch = epoch
        }
    }

    /// A NaN or an infinity in a result or a gradient.
    public struct Anomaly: Sendable, Equatable {
        /// "nan" or "inf".
        public var kind: String
        /// The part of the step in which it was made.
        public var phase: Phase
        /// True where nothing that the operation read had one: it was made here.
        public var first: Bool
        /// The operation that made it.
        public var node: Int?
        /// The tensor that holds it.
        public var tensor: Int?
        /// The backward pass in which it was made.
        public var run: Int?
        /// How many elements are not finite, and the position of the first of them.
        public var count: Int?
        /// The position of the first of them, one number a dimension.
        public var index: [Int]

        /// A number that is not finite.
        public init(
            kind: String, phase: Phase, first: Bool, node: Int? = nil, tensor: Int? = nil,
            run: Int? = nil, count: Int? = nil, index: [Int] = []
        ) {
            self.kind = kind
            self.phase = phase
            self.first = first
            self.node = node
            self.tensor = tensor
            self.run = run
            self.count = count
            self.index = index
        }
    }

    /// The part of a training step.
    public enum Phase: String, Sendable, CaseIterable {
        /// The results.
        case forward
        /// The gradients.
        case backward
        /// The step of the optimiser.
        case optim
    }

    /// A mistake that the library has reported.
    public struct Failure: Sendable, Equatable {
        /// "backward-twice", "inplace-clash"; "shape", "dtype", "device", "argument", "autograd".
        public var kind: String
        /// The library's words.
        public var message: String
        /// What to do.
        public var hint: String?
        /// The part of the step in which it was made.
        public var phase: Phase?
        /// The backward pass in which it was made.
        public var run: Int?
        /// The node that it is about.
        public var node: Int?
        /// The tensor that it is about.
        public var tensor: Int?
        /// The event that explains this one: the first `free`, the write.
        public var cause: Int?
        /// The version that was saved, and the one that was found.
        public var expected: Int?
        /// The version that was found.
        public var actual: Int?
        /// The line of the program that it happened at.
        public var src: TraceSource?

        /// A mistake, and what it is about.
        public init(
            kind: String, message: String, hint: String? = nil, phase: Phase? = nil,
            run: Int? = nil, node: Int? = nil, tensor: Int? = nil, cause: Int? = nil,
            expected: Int? = nil, actual: Int? = nil, src: TraceSource? = nil
        ) {
            self.kind = kind
            self.message = message
            self.hint = hint
            self.phase = phase
            self.run = run
            self.node = node
            self.tensor = tensor
            self.cause = cause
            self.expected = expected
            self.actual = actual
            self.src = src
        }
    }

    /// Words for the reader.
    public struct Note: Sendable, Equatable {
        /// The words.
        public var text: String
        /// The node that they are about.
        public var node: Int?
        /// The tensor that they are about.
        public var tensor: Int?
        /// The line of the program that it happened at.
        public var src: TraceSource?

        /// Words about a node, a tensor, or the run.
        public init(
            text: String, node: Int? = nil, tensor: Int? = nil, src: TraceSource? = nil
        ) {
            self.text = text
            self.node = node
            self.tensor = tensor
            self.src = src
        }
    }

    /// A round of a loop begins.
    public struct Loop: Sendable, Equatable {
        /// The loop: "batch".
        public var name: String
        /// The round, from 0.
        public var step: Int
        /// The epoch, with its part that is done; nil where there are none.
        @SameNumber public var epoch: Double?

        /// A round of a loop.
        public init(name: String, step: Int, epoch: Double? = nil) {
            self.name = name
            self.step = step
            self.epoch = epoch
        }
    }
}
