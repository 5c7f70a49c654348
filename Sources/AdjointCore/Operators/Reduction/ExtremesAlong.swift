/// The extreme of each row along one dimension, and its first position, which gets the gradient.
public protocol ExtremeAlongOp: PickingOp {
    /// True for the largest, false for the smallest.
    static var isLargest: Bool { get }
    /// The extreme along `dim`, which stays with size 1 where `keepsDim` is true.
    init(dim: Int, keepsDim: Bool)
}

extension ExtremeAlongOp {
    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        let sizes = try Axes([dim], keeps: keepsDim).extremes(x.sizes)
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.extremes(
            inputs.first, dim: dim, largest: Self.isLargest, values: outputs[0],
            positions: outputs[1])
    }

    public func along(_ dim: Int) -> Self { Self(dim: dim, keepsDim: keepsDim) }

    public static var samples: [Sample] {
        [
            Sample(Self(dim: 0, keepsDim: false), .init([3, 2], .distinct)),
            Sample(Self(dim: -1, keepsDim: true), .init([2, 3, 2], .distinct)),
            Sample(Self(dim: 0, keepsDim: false), .init([])),
            Sample(Self(dim: 1, keepsDim: false), .init([0, 2])),
        ]
    }
}

/// The largest element along a dimension, and where it is.
public struct MaxAlong: ExtremeAlongOp {
    public static let info = OpInfo(
        "max", family: .reduction, formula: "max x along dim", derivative: "1 at the position",
        results: 2)
    public static let isLargest = true
    public let dim: Int
    public let keepsDim: Bool

    public init(dim: Int, keepsDim: Bool) {
        self.dim = dim
        self.keepsDim = keepsDim
    }
}

/// The smallest element along a dimension, and where it is.
public struct MinAlong: ExtremeAlongOp {
    public static let info = OpInfo(
        "min", family: .reduction, formula: "min x along dim", derivative: "1 at the position",
        results: 2)
    public static let isLargest = false
    public let dim: Int
    public let keepsDim: Bool

    public init(dim: Int, keepsDim: Bool) {
        self.dim = dim
        self.keepsDim = keepsDim
    }
}

/// The first position of the extreme, along a dimension or in the flat tensor.
public protocol ExtremePositionOp: ConstantOp {
    /// True for the largest, false for the smallest.
    static var isLargest: Bool { get }
    /// Nil for the flat tensor.
    var dim: Int? { get }
    /// True where the dimension stays, with size 1.
    var keepsDim: Bool { get }
    /// The position along `dim`, or in the flat tensor for nil.
    init(dim: Int?, keepsDim: Bool)
}

extension ExtremePositionOp {
    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        let axes = Axes(dim.map { [$0] }, keeps: keepsDim)
        return TensorSpec(try axes.extremes(inputs.first.sizes), .int64)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        var x: Block = inputs.first
        if dim == nil {
            let flat = try CPU.dense(x, x.dtype)
            x = Block(
                flat.storage, Layout(contiguous: [x.numel]).shifted(flat.layout.offset), x.dtype,
                .cpu)
        }
        try CPU.extremes(x, dim: dim ?? 0, largest: Self.isLargest, values: nil, positions: output)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        if let dim {
            return try inputs.along(dim) { apply(Self(dim: $1, keepsDim: keepsDim), $0) }
        }
        let rows = inputs[0].reshape([inputs.size, inputs.sizes(0).product])
        let found = apply(Self(dim: 1, keepsDim: false), Operands(rows))
        let ones = [Int](repeating: 1, count: keepsDim ? inputs.rank(0) : 0)
        return found.reshape([inputs.size] + ones)
    }

    public static var samples: [Sample] {
        [
            Sample(Self(dim: nil, keepsDim: false), .init([2, 3])),
            Sample(Self(dim: -1, keepsDim: true), .init([2, 3])),
            Sample(Self(dim: 0, keepsDim: false), .init([])),
        ]
    }
}

/// Where the largest element is.
public struct ArgMax: ExtremePositionOp {
    public static let info = OpInfo(
        "argmax", family: .reduction, formula: "the position of max x", dtypes: .numeric)
    public static let isLargest = true
    public let dim: Int?
    public let keepsDim: Bool

    public init(dim: Int?, keepsDim: Bool) {
        self.dim = dim
        self.keepsDim = keepsDim
    }
}

/// Where the smallest element is.
public struct ArgMin: ExtremePositionOp {
    public static let info = OpInfo(
        "argmin", family: .reduction, formula: "the position of min x", dtypes: .numeric)
    public static let isLargest = false
    public let dim: Int?
    public let keepsDim: Bool

    public init(dim: Int?, keepsDim: Bool) {
        self.dim = dim
        self.keepsDim = keepsDim
    }
}

extension Axes {
    /// The reduced shape, where rows are not empty or there is no row.
    func extremes(_ sizes: Dims) throws(TensorError) -> Dims {
        let left = try reduced(sizes)
        if count(sizes) == 0, left.product != 0 {
            throw TensorError(
                .shape,
                "there is no extreme of no elements: a tensor of shape \(sizes) is empty "
                    + "along the reduced dimensions")
        }
        return left
    }
}

extension Tensor {
    /// The largest element along `dim`, and its first position. Same as `torch.max(x, dim)`.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.shape` where it is empty.
    public func max(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
        let found = apply(MaxAlong(dim: dim, keepsDim: keepDim), Operands(self))
        return (found[0], found[1])
    }

    /// The smallest element along `dim`, and its first position. Same as `torch.min(x, dim)`.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.shape` where it is empty.
    public func min(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
        let found = apply(MinAlong(dim: dim, keepsDim: keepDim), Operands(self))
        return (found[0], found[1])
    }

    /// The first position of the largest element, int64: along `dim`, or in the flat tensor.
    public func argmax(dim: Int? = nil, keepDim: Bool = false) -> Tensor {
        apply(ArgMax(dim: dim, keepsDim: keepDim), Operands(self))
    }

    /// The first position of the smallest element, int64: along `dim`, or in the flat tensor.
    public func argmin(dim: Int? = nil, keepDim: Bool = false) -> Tensor {
        apply(ArgMin(dim: dim, keepsDim: keepDim), Operands(self))
    }
}
