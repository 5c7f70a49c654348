/// What an operation's room says to readers, and what documentation and sweeps derive from.
public struct OpInfo: Sendable {
    /// The kinds of operation, by what their results depend on.
    public enum Family: String, Sendable {
        /// Each element of the result depends on the elements at its place alone.
        case pointwise
        /// Many elements make one: sums, means, extremes, scans.
        case reduction
        /// Elements change places, or are shown again, and stay what they are.
        case movement
        /// Products and decompositions of matrices.
        case linearAlgebra
        /// Elements are picked, or put, at positions that are data.
        case indexing
        /// A window walks over the input: convolutions and pools.
        case convolution
        /// Elements are measured against others of their row or channel.
        case normalization
        /// What other operations make up: losses, attention, recurrent layers.
        case composite
        /// The result is drawn from a generator.
        case random
    }

    /// The public name, in lowerCamelCase.
    public let name: String
    /// What kind of operation it is.
    public let family: Family
    /// What it computes.
    public let formula: String
    /// Its derivative, as a reader would write it.
    public let derivative: String
    /// PyTorch's name.
    public let torch: String
    /// The dtypes that its first input may have.
    public let dtypes: DTypes
    /// How many results it has.
    public let results: Int

    /// What a room says of itself; `torch` is "torch." and the name unless it is given.
    public init(
        _ name: String, family: Family, formula: String, derivative: String = "",
        torch: String? = nil, dtypes: DTypes = .all, results: Int = 1
    ) {
        self.name = name
        self.family = family
        self.formula = formula
        self.derivative = derivative
        self.torch = torch ?? "torch.\(name)"
        self.dtypes = dtypes
        self.results = results
    }
}

/// A set of dtypes.
public struct DTypes: OptionSet, Sendable {
    /// One bit for each dtype, at the place of its raw value.
    public let rawValue: Int
    /// The dtypes of these bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// float32, float64, float16 and bfloat16.
    public static let floating = DTypes(rawValue: 0b1111)
    /// int64, int32, int16, int8 and uint8.
    public static let integer = DTypes(rawValue: 0b1_1111_0000)
    /// The truth values.
    public static let bool = DTypes(rawValue: 0b10_0000_0000)
    /// Everything but truth values.
    public static let numeric: DTypes = [.floating, .integer]
    /// Every dtype.
    public static let all: DTypes = [.floating, .integer, .bool]

    /// True where the set holds `dtype`.
    public func contains(_ dtype: DType) -> Bool { rawValue & (1 << Int(dtype.rawValue)) != 0 }
}

/// One call of an operation that the sweeps make: gradients, laws, layouts, dtypes.
public struct Sample: Sendable {
    /// An input: its shape and the values that it is drawn from.
    public struct Input: Sendable {
        /// The size of each dimension.
        public var sizes: Dims
        /// What its elements are drawn from.
        public var values: Values

        /// An input of this shape; uniform in [-2, 2] unless it is said otherwise.
        public init(_ sizes: Dims, _ values: Values = .uniform(-2, 2)) {
            self.sizes = sizes
            self.values = values
        }
    }

    /// Where the elements of an input come from.
    public enum Values: Sendable {
        /// Uniform between two bounds.
        case uniform(Double, Double)
        /// All different, by at least a tenth, in random order: no ties for max, no kink at 0.
        case distinct
        /// Whole numbers below a bound, int64: positions. They take no gradient.
        case indices(Int)
        /// Random booleans. They take no gradient.
        case mask
        /// These numbers, row-major, from the first again where there are more elements.
        case these([Double])
    }

    /// The operation that is called.
    public let op: any AnyOperator
    /// What it is called with, in order.
    public let inputs: [Input]

    // Disfavoured, since `.init([])` must mean an input of shape [] and not a list of none.
    /// A call with a list of inputs, which may be empty.
    @_disfavoredOverload
    public init(_ op: any AnyOperator, _ inputs: [Input]) {
        self.op = op
        self.inputs = inputs
    }

    /// A call with these inputs.
    public init(_ op: any AnyOperator, _ inputs: Input...) { self.init(op, inputs) }

    /// An operation of one input at the shapes that matter: matrix, 0-dimensional, empty.
    public static func unary(_ op: any AnyOperator, over values: Values) -> [Sample] {
        [[2, 3], [], [0, 2]].map { Sample(op, Input($0, values)) }
    }

    /// An operation of two inputs at equal and at broadcast shapes, and with an empty one.
    public static func binary(_ op: any AnyOperator, _ first: Values, _ second: Values) -> [Sample]
    {
        let shapes: [(Dims, Dims)] = [
            ([2, 3], [2, 3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([], [2, 2]), ([], []),
            ([0, 3], [3]),
        ]
        return shapes.map { Sample(op, Input($0.0, first), Input($0.1, second)) }
    }
}
