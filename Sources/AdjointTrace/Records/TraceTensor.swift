/// A tensor object of the program. A second record with the same id takes the place of the first,
/// and keeps what only that one says: more is known of the tensor then, such as its name.
public struct TraceTensor: Sendable, Equatable {
    public enum Role: String, Sendable, CaseIterable {
        /// A leaf that the program made.
        case input
        case parameter
        case buffer
        /// A number of an expression, or a leaf without a gradient.
        case constant
        case intermediate
        case gradient
        /// The root of a backward pass.
        case loss
    }

    /// What made a tensor: output `output` of node `node`.
    public struct Producer: Sendable, Hashable {
        public var node: Int
        public var output: Int

        public init(node: Int, output: Int = 0) {
            self.node = node
            self.output = output
        }
    }

    public var id: Int
    /// The number of the memory: equal ones share it.
    public var storage: Int?
    /// The tensor that this one is a view of.
    public var viewOf: Int?
    public var name: String?
    public var role: Role?
    public var shape: [Int]
    /// In elements.
    public var strides: [Int]?
    public var dtype: String
    public var device: String?
    /// The bytes of the elements.
    public var bytes: Int?
    public var requiresGrad: Bool
    public var leaf: Bool
    public var retainsGrad: Bool?
    /// The writes to the memory so far.
    public var version: Int?
    public var producer: Producer?
    /// The elements at the time of the record.
    public var value: TraceValue?
    public var src: TraceSource?

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
