public import AdjointCore

/// What a network consists of, and what one call of it costs: a table that prints itself. Tensors on
/// `.meta` may have any size; what an Int does not count is the largest number.
///
///     print(model.summary(input: Tensor.zeros(32, 784)))
public struct ModelSummary: Sendable, Equatable, CustomStringConvertible {
    /// A layer, or operations between layers.
    public struct Row: Sendable, Equatable {
        /// The dotted path of the layer; of operations outside of layers, their names.
        public let name: String
        /// The layer's type; "(function)" for operations outside of layers.
        public let type: String
        /// The shape of what it gave last; nil for a layer that was not called.
        public let outputShape: [Int]?
        /// The type of what it gave last, or of the parameters where it was not called.
        public let dtype: DType?
        /// Numbers that are learnt or frozen; those that an earlier row has are not counted again.
        public let parameters: Int
        /// Of these, how many want a gradient.
        public let trainableParameters: Int
        /// Bytes that the graph holds for its derivatives, and that no earlier row holds.
        public let savedBytes: Int
        /// True where what it keeps lies in memory that an earlier row holds, in part or as a whole.
        public let sharesSaved: Bool
        /// Multiplications that are summed up in products of matrices and convolutions.
        public let macs: Int
        /// How often the layer was called; 0 for operations between layers.
        public let calls: Int
        /// True for operations outside of layers.
        public let isFunction: Bool
    }

    /// A parameter or a layer that has two names.
    public struct Tie: Sendable, Equatable {
        /// The name that is counted no more.
        public let name: String
        /// The name under which it is counted.
        public let first: String
    }

    /// In the order of the first call; layers that were not called last.
    public let rows: [Row]
    /// What has several names, each after the first.
    public let ties: [Tie]
    /// Bytes of the parameters and of the buffers.
    public let stateBytes: Int
    /// Bytes of the gradients of all parameters that want one.
    public let gradientBytes: Int
    /// Bytes of the largest result of an operation.
    public let largestBytes: Int

    /// All parameters, each once: what `parameters()` adds up to.
    public var parameters: Int { rows.sum(of: \.parameters) }
    /// Those that want a gradient.
    public var trainableParameters: Int { rows.sum(of: \.trainableParameters) }
    /// Bytes that the graph holds until the backward pass.
    public var savedBytes: Int { rows.sum(of: \.savedBytes) }
    /// Multiplications that are summed up, in one call.
    public var macs: Int { rows.sum(of: \.macs) }
    /// About how many bytes a training step takes at most, without the optimiser's memories:
    /// parameters and buffers, their gradients, what the graph holds, and the gradients of two
    /// results of the largest size on their way.
    public var peakBytes: Int {
        [stateBytes, gradientBytes, savedBytes, largestBytes, largestBytes].sum(of: \.self)
    }

    /// The table, ties, and totals.
    public var description: String { SummaryText.table(self) }
}
