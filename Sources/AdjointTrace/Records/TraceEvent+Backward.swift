extension TraceEvent {
    /// A backward pass begins.
    public struct BackwardBegin: Sendable, Equatable {
        /// The pass, from 0.
        public var run: Int
        /// The tensors that it starts from.
        public var roots: [Int]
        /// The gradients of the roots; 1 for each where none was given.
        public var gradOut: [TraceValue]
        public var retainGraph: Bool?
        public var createGraph: Bool?
        public var src: TraceSource?

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
        public var run: Int
        public var node: Int
        /// The gradient of each output, summed over its consumers.
        public var gradOut: [TraceValue]
        /// The gradient of each input, in the input's shape and dtype.
        public var gradIn: [TraceValue]
        /// The derivative by each input, with numbers put in; nil where none is wanted.
        public var local: [TraceLocal?]

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
        public var run: Int
        /// The node that the gradient comes from, and of which of its inputs it is.
        public var from: Int
        public var input: Int?
        public var to: TraceTarget
        public var value: TraceValue

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
        public enum Mode: String, Sendable, CaseIterable {
            /// There was no gradient before.
            case assign
            case add
        }

        public var run: Int?
        public var tensor: Int
        /// The node that the gradient comes from, and of which of its inputs it is; nil where it is
        /// the sum of what `edge` events brought.
        public var from: Int?
        public var input: Int?
        public var before: TraceValue
        public var incoming: TraceValue
        public var after: TraceValue
        public var mode: Mode

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
        public var run: Int?
        public var node: Int
        /// The bytes that nobody else holds.
        public var bytes: Int?

        public init(run: Int? = nil, node: Int, bytes: Int? = nil) {
            self.run = run
            self.node = node
            self.bytes = bytes
        }
    }

    /// A backward pass has ended.
    public struct BackwardEnd: Sendable, Equatable {
        public var run: Int
        /// True where an error ended it: every gradient is as it was before the pass.
        public var failed: Bool

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
    public var value: TraceValue?
    /// The product with the incoming gradient, with numbers put in: "1 · 4 = 4".
    public var product: String?
    /// True where the reader computed it, and not the library.
    public var derived: Bool?

    public init(
        text: String, value: TraceValue? = nil, product: String? = nil, derived: Bool? = nil
    ) {
        self.text = text
        self.value = value
        self.product = product
        self.derived = derived
    }
}
