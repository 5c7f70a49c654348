/// An operation that was called.
public struct TraceNode: Sendable, Equatable {
    /// Its number; nodes are numbered in the order of their making.
    public var id: Int
    /// The public name: "pow".
    public var op: String
    /// The node's name in a graph, "PowBackward"; nil where nothing was recorded.
    public var gradFn: String?
    /// The id of a `TraceRule`.
    public var rule: String?
    /// The innermost scope that it was called in.
    public var scope: Int?
    /// The innermost line outside of the library.
    public var src: TraceSource?
    /// The lines outside of the library, innermost first.
    public var stack: [TraceSource]
    /// The operands, in order.
    public var inputs: [TraceInput]
    /// The ids of the results.
    public var outputs: [Int]
    /// The parameters that are no tensors: `{"dim": 1}`.
    public var attrs: [String: TraceJSON]
    /// What it keeps for its derivative.
    public var saved: [TraceSaved]
    /// Where each input's gradient goes; nil where none is wanted.
    public var next: [TraceTarget?]
    /// 1 for an operation of the program, 2 for one of a derivative, which can be differentiated
    /// again, and so on.
    public var order: Int?
    /// True for an operation that wrote to its first input.
    public var inplace: Bool?
    /// Whether gradients were recorded when it was called.
    public var gradEnabled: Bool?
    /// The beginning and the duration in microseconds.
    @SameNumber public var t0: Double?
    /// The duration in microseconds.
    @SameNumber public var dur: Double?

    /// An operation, and what it read and made.
    public init(
        id: Int, op: String, gradFn: String? = nil, rule: String? = nil, scope: Int? = nil,
        src: TraceSource? = nil, stack: [TraceSource] = [], inputs: [TraceInput],
        outputs: [Int], attrs: [String: TraceJSON] = [:], saved: [TraceSaved] = [],
        next: [TraceTarget?] = [], order: Int? = nil, inplace: Bool? = nil,
        gradEnabled: Bool? = nil, t0: Double? = nil, dur: Double? = nil
    ) {
        self.id = id
        self.op = op
        self.gradFn = gradFn
        self.rule = rule
        self.scope = scope
        self.src = src
        self.stack = stack
        self.inputs = inputs
        self.outputs = outputs
        self.attrs = attrs
        self.saved = saved
        self.next = next
        self.order = order
        self.inplace = inplace
        self.gradEnabled = gradEnabled
        self.t0 = t0
        self.dur = dur
    }
}

/// An operand: a tensor at a version, or a number.
public struct TraceInput: Sendable, Equatable {
    /// The id of the tensor; nil for a number.
    public var tensor: Int?
    /// The writes to the tensor's memory when it was read.
    public var version: Int?
    /// The number; nil for a tensor.
    @SameNumber public var scalar: Double?
    /// The name of the argument.
    public var arg: String?

    /// An operand: either a tensor at a version, or a number.
    public init(
        tensor: Int? = nil, version: Int? = nil, scalar: Double? = nil, arg: String? = nil
    ) {
        self.tensor = tensor
        self.version = version
        self.scalar = scalar
        self.arg = arg
    }
}

/// A tensor that a node keeps for its derivative.
public struct TraceSaved: Sendable, Hashable {
    /// "self", "other", "result"; "input 3".
    public var name: String
    /// The id of the tensor.
    public var tensor: Int
    /// The writes to the tensor's memory when it was saved.
    public var version: Int
    /// The bytes of its memory.
    public var bytes: Int
    /// True where a parameter, an input or another node holds the memory too: 0 extra bytes.
    public var shared: Bool?

    /// A tensor that is kept.
    public init(name: String, tensor: Int, version: Int, bytes: Int, shared: Bool? = nil) {
        self.name = name
        self.tensor = tensor
        self.version = version
        self.bytes = bytes
        self.shared = shared
    }
}

/// Where a gradient goes.
public enum TraceTarget: Sendable, Hashable {
    /// To output `out` of a node.
    case node(Int, out: Int = 0)
    /// To the `grad` of a tensor.
    case leaf(Int)
}
