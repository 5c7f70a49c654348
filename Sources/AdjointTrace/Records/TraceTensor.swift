/// A tensor object of the program. A second record with the same id takes the place of the first,
/// and keeps what only that one says: more is known of the tensor then, such as its name.
public struct TraceTensor: Sendable, Equatable {
    /// What a tensor is to a reader.
    public enum Role: String, Sendable, CaseIterable {
        /// A leaf that the program made.
        case input
        /// A tensor that is learnt.
        case parameter
        /// State of a module that is not learnt.
        case buffer
        /// A number of an expression, or a leaf without a gradient.
        case constant
        /// What an operation made.
        case intermediate
        /// The gradient of another tensor.
        case gradient
        /// The root of a backward pass.
        case loss
    }

    /// What made a tensor: output `output` of node `node`.
    public struct Producer: Sendable, Hashable {
        /// The id of the node.
        public var node: Int
        /// Which of its results, from 0.
        public var output: Int

        /// A result of a node.
        public init(node: Int, output: Int = 0) {
            self.node = node
            self.output = output
        }
    }

    /// Its number.
    public var id: Int
    /// The number of the memory: equal ones share it.
    public var storage: Int?
    /// The tensor that this one is a view of.
    public var viewOf: Int?
    /// What the program calls it: "fc1.weight", "x".
    public var name: String?
    /// What it is to a reader; nil where the writer does not say.
    public var role: Role?
    /// The size of each dimension.
    public var shape: [Int]
    /// In elements.
    public var strides: [Int]?
    /// The type of the elements: "float32".
    public var dtype: String
    /// Where it lies: "cpu".
    public var device: String?
    /// The bytes of the elements.
    public var bytes: Int?
    /// Whether gradients are wanted.
    public var requiresGrad: Bool
    /// True where no recorded operation made it.
    public var leaf: Bool
    /// Whether a computed tensor keeps its gradient.
    public var retainsGrad: Bool?
    /// The writes to the memory so far.
    public var version: Int?
    /// What made it; nil for a leaf.
    public var producer: Producer?
    /// The elements at the time of the record.
    public var value: TraceValue?
    /// The line that made it.
    public var src: TraceSource?

    /// A tensor object; what is nil is not known.
    public init(
        id: Int, storage: Int? = nil, viewOf: Int? = nil, name: String? = nil, role: Role? = nil,
        shape: [Int], strides: [Int]? = nil, dtype: String, device: String? = nil,
        bytes: Int? = nil, requiresGrad: Bool, leaf: Bool, retainsGrad: Bool? = nil,
        version: Int? = nil, producer: Producer? = nil, value: TraceValue? = nil,
        src: TraceSource? = nil
    ) {
        self.id = id
        self.storage = storage
        self.viewOf = viewOf
        self.name = name
        self.role = role
        self.shape = shape
        self.strides = strides
        self.dtype = dtype
        self.device = device
        self.bytes = bytes
        self.requiresGrad = requiresGrad
        self.leaf = leaf
        self.retainsGrad = retainsGrad
        self.version = version
        self.producer = producer
        self.value = value
        self.src = src
    }
}
