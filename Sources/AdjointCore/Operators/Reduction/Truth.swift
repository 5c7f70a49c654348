/// Whether all elements over some dimensions are other than 0, or any is.
public protocol TruthReductionOp: ConstantOp {
    /// True for "all", false for "any".
    static var isAll: Bool { get }
    /// The dimensions that go.
    var axes: Axes { get }
    /// The answer over these dimensions.
    init(_ axes: Axes)
}

extension TruthReductionOp {
    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        return TensorSpec(try axes.reduced(x.sizes), x.dtype == .uint8 ? .uint8 : .bool)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.reduceTruth(inputs.first, axes, all: Self.isAll, into: output)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.reduced(axes) { apply(Self($1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(Self(.all), .init([2, 3], .mask)),
            Sample(Self(Axes([1])), .init([2, 3], .mask)),
            Sample(Self(Axes([0, 2], keeps: true)), .init([2, 3, 2], .mask)),
            Sample(Self(.all), .init([])), Sample(Self(Axes([0])), .init([0, 2])),
        ]
    }
}

/// Whether all elements are other than 0; true of none.
public struct All: TruthReductionOp {
    public static let info = OpInfo("all", family: .reduction, formula: "∧ (x ≠ 0)")
    public static let isAll = true
    public let axes: Axes
    public init(_ axes: Axes) { self.axes = axes }
}

/// Whether any element is other than 0; false of none.
public struct AnyNonzero: TruthReductionOp {
    public static let info = OpInfo("any", family: .reduction, formula: "∨ (x ≠ 0)")
    public static let isAll = false
    public let axes: Axes
    public init(_ axes: Axes) { self.axes = axes }
}

/// The number of elements other than 0.
public struct CountNonzero: ConstantOp {
    public static let info = OpInfo(
        "countNonzero", family: .reduction, formula: "Σ [x ≠ 0]", torch: "torch.count_nonzero")
    let axes: Axes

    init(_ axes: Axes) { self.axes = axes }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec(try axes.reduced(inputs.first.sizes), .int64)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.countNonzero(inputs.first, axes, into: output)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.reduced(axes) { apply(CountNonzero($1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(CountNonzero(.all), .init([2, 3], .mask)),
            Sample(CountNonzero(Axes([1])), .init([2, 3], .mask)),
            Sample(CountNonzero(.all), .init([])),
        ]
    }
}

extension Tensor {
    /// Whether all elements are other than 0, as a boolean tensor (uint8 of uint8).
    public func all() -> Tensor { apply(All(.all), Operands(self)) }
    /// Whether all elements along one dimension are other than 0.
    public func all(dim: Int, keepDim: Bool = false) -> Tensor {
        all(dim: [dim], keepDim: keepDim)
    }
    /// Whether all elements along several dimensions are other than 0.
    public func all(dim: [Int], keepDim: Bool = false) -> Tensor {
        apply(All(Axes(dim, keeps: keepDim)), Operands(self))
    }

    /// Whether any element is other than 0, as a boolean tensor (uint8 of uint8).
    public func any() -> Tensor { apply(AnyNonzero(.all), Operands(self)) }
    /// Whether any element along one dimension is other than 0.
    public func any(dim: Int, keepDim: Bool = false) -> Tensor {
        any(dim: [dim], keepDim: keepDim)
    }
    /// Whether any element along several dimensions is other than 0.
    public func any(dim: [Int], keepDim: Bool = false) -> Tensor {
        apply(AnyNonzero(Axes(dim, keeps: keepDim)), Operands(self))
    }

    /// The number of elements other than 0, int64.
    public func countNonzero() -> Tensor { apply(CountNonzero(.all), Operands(self)) }
    /// The number of elements other than 0 along one dimension, int64.
    public func countNonzero(dim: Int) -> Tensor { countNonzero(dim: [dim]) }
    /// The number of elements other than 0 along several dimensions, int64.
    public func countNonzero(dim: [Int]) -> Tensor {
        apply(CountNonzero(Axes(dim)), Operands(self))
    }
}
