/// The running extreme along a dimension, and its latest position, which gets the gradient.
public protocol CumulativeExtremeOp: PickingOp {
    /// True for the largest, false for the smallest.
    static var isLargest: Bool { get }
    /// The running extreme along `dim`.
    init(dim: Int)
}

extension CumulativeExtremeOp {
    public var keepsDim: Bool { true }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        _ = try Dim.resolve(dim, x.ndim)
        return [x.spec, TensorSpec(x.sizes, .int64)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let i = try Dim.resolve(dim, inputs.first.ndim)
        try CPU.cumulateExtremes(
            inputs.first, dim: i, largest: Self.isLargest, values: outputs[0],
            positions: outputs[1])
    }

    public func along(_ dim: Int) -> Self { Self(dim: dim) }

    public static var samples: [Sample] {
        [
            Sample(Self(dim: 0), .init([4, 2], .distinct)),
            Sample(Self(dim: -1), .init([2, 4], .distinct)), Sample(Self(dim: 0), .init([])),
            Sample(Self(dim: 0), .init([0, 2])),
        ]
    }
}

/// The running maximum.
public struct CumMax: CumulativeExtremeOp {
    public static let info = OpInfo(
        "cummax", family: .reduction, formula: "max_{j ≤ i} xⱼ", derivative: "1 at the position",
        results: 2)
    public static let isLargest = true
    public let dim: Int
    public init(dim: Int) { self.dim = dim }
}

/// The running minimum.
public struct CumMin: CumulativeExtremeOp {
    public static let info = OpInfo(
        "cummin", family: .reduction, formula: "min_{j ≤ i} xⱼ", derivative: "1 at the position",
        results: 2)
    public static let isLargest = false
    public let dim: Int
    public init(dim: Int) { self.dim = dim }
}

extension Tensor {
    /// The running maximum along `dim`, and the latest position where it is.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func cummax(dim: Int) -> (values: Tensor, indices: Tensor) {
        let found = apply(CumMax(dim: dim), Operands(self))
        return (found[0], found[1])
    }

    /// The running minimum along `dim`, and the latest position where it is.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func cummin(dim: Int) -> (values: Tensor, indices: Tensor) {
        let found = apply(CumMin(dim: dim), Operands(self))
        return (found[0], found[1])
    }
}
