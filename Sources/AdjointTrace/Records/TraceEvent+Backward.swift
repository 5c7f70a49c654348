extension TraceEvent {
    /// A backward pass begins.
    public struct BackwardBegin: Sendable, Equatable {
        /// The pass, from 0.
        public var run: Int
        /// The tensors that it starts from.
        public var roots: [Int]
        /// The gradients of the roots; 1 for each where none was given.
        public var gradOut: [TraceValue]
        /// Whether the graph keeps what it saved.
        public var retainGraph: Bool?
        /// Whether the pass itself is recorded.
        public var createGraph: Bool?
        /// The line of the program that it happened at.
        public var src: TraceSource?

        /// A pass from these roots.
        public init(
            run: Int, roots: [Int], gradOut: [TraceValue] = [], retainGraph: Bool? = nil,
            createGraph: Bool? = nil, src: TraceSource? = nil
        ) {
            self.run = run
            self.roots = roots
            self.gradOut = gradOut
            self.retainGraph = retainGraph
            self.createGraph = createGraph
            self.src = src
        }
    }

    /// The derivative of a node has run: from the gradients of its outputs to those of its inputs.
    public struct BackwardNode: Sendable, Equatable {
        /// The pass, from 0.
        public var run: Int
        /// The node.
        public var node: Int
        /// The gradient of each output, summed over its consumers.
        public var gradOut: [TraceValue]
        /// The gradient of each input, in the input's shape and dtype.
        public var gradIn: [TraceValue]
        /// The derivative by each input, with numbers put in; nil where none is wanted.
        public var local: [TraceLocal?]

        /// The gradients on both sides of a node.
        public init(
            run: Int, node: Int, gradOut: [TraceValue], gradIn: [TraceValue],
            local: [TraceLocal?] = []
        ) {
            self.run = run
            self.node = node
            self.gradOut = gradOut
            self.gradIn = gradIn
            self.local = local
        }
    }

    /// A gradient has arrived.
    public struct Edge: Sendable, Equatable {
        /// The pass, from 0.
        public var run: Int
        /// The node that the gradient comes from, and of which of its inputs it is.
        public var from: Int
        /// The input of `from` that the gradient is of.
        public var input: Int?
        /// Where it goes: a node's output, or a leaf.
        public var to: TraceTarget
        /// The gradient.
        public var value: TraceValue

        /// A gradient on its way.
        public init(run: Int, from: Int, input: Int? = nil, to: TraceTarget, value: TraceValue) {
            self.run = run
            self.from = from
            self.input = input
            self.to = to
            self.value = value
        }
    }

    /// A leaf's gradient changes: after = before + incoming, in the gradient's dtype.
    public struct Accumulate: Sendable, Equatable {
        /// What became of the gradient that was there.
        public enum Mode: String, Sendable, CaseIterable {
            /// There was no gradient before.
            case assign
            /// The gradient that was there has grown.
            case add
        }

        /// The pass, from 0.
        public var run: Int?
        /// The leaf.
        public var tensor: Int
        /// The node that the gradient comes from, and of which of its inputs it is; nil where it is
        /// the sum of what `edge` events brought.
        public var from: Int?
        /// The input of `from` that the gradient is of.
        public var input: Int?
        /// The leaf's gradient before.
        public var before: TraceValue
        /// What is added.
        public var incoming: TraceValue
        /// The leaf's gradient afterwards.
        public var after: TraceValue
        /// What became of the gradient that was there.
        public var mode: Mode

        /// A change of a leaf's gradient.
        public init(
            run: Int? = nil, tensor: Int, from: Int? = nil, input: Int? = nil,
            before: TraceValue, incoming: TraceValue, after: TraceValue, mode: Mode
        ) {
            self.run = run
            self.tensor = tensor
            self.from = from
            self.input = input
            self.before = before
            self.incoming = incoming
            self.after = after
            self.mode = mode
        }
    }

    /// A node has given back what it saved.
    public struct Free: Sendable, Equatable {
        /// The pass that the node ran in; nil where it was freed otherwise.
        public var run: Int?
        /// The node.
        public var node: Int
        /// The bytes that nobody else holds.
        public var bytes: Int?

        /// What a node has given back.
        public init(run: Int? = nil, node: Int, bytes: Int? = nil) {
            self.run = run
            self.node = node
            self.bytes = bytes
        }
    }

    /// A backward pass has ended.
    public struct BackwardEnd: Sendable, Equatable {
        /// The pass, from 0.
        public var run: Int
        /// True where an error ended it: every gradient is as it was before the pass.
        public var failed: Bool

        /// The end of a pass.
        public init(run: Int, failed: Bool = false) {
            self.run = run
            self.failed = failed
        }
    }
}

/// The derivative of a node's result by one input.
public struct TraceLocal: Sendable, Equatable {
    /// The formula with numbers put in, or words.
    public var text: String
    /// The numbers of the derivative; nil where it has a form of its own.
    public var value: TraceValue?
    /// The product with the incoming gradient, with numbers put in: "1 · 4 = 4".
    public var product: String?
    /// True where the reader computed it, and not the library.
    public var derived: Bool?

    /// A derivative in words and numbers.
    public init(
        text: String, value: TraceValue? = nil, product: String? = nil, derived: Bool? = nil
    ) {
        self.text = text
        self.value = value
        self.product = product
        self.derived = derived
    }
}
