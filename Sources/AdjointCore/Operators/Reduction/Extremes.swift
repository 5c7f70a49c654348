/// The largest or the smallest element over some dimensions. Its gradient is split evenly among
/// those that tie.
public protocol ExtremeOp: Operator {
    /// True for the largest, false for the smallest.
    static var isLargest: Bool { get }
    /// The dimensions that go.
    var axes: Axes { get }
    /// The extreme over these dimensions.
    init(_ axes: Axes)
}

extension ExtremeOp {
    public func saves(for wanted: InputSet) -> SavedSet { [.input, .output] }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec(try axes.extremes(inputs.first.sizes), inputs.first.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.reduce(
            inputs.first, axes, into: output, Self.isLargest ? CPU.largest : CPU.smallest)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        axes.spread(cotangent, to: saved.sizes(0)) * shares(saved)
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { apply(Sum(axes), Operands($0 * shares(saved))) }
    }

    private func shares(_ saved: Saved) -> Tensor {
        apply(TieShares(axes), Operands(saved[0], saved.output))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.reduced(axes) { apply(Self($1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(Self(.all), .init([2, 3], .distinct)),
            Sample(Self(Axes([0])), .init([2, 3], .distinct)),
            Sample(Self(Axes([0, -1], keeps: true)), .init([2, 3, 2], .distinct)),
            Sample(Self(.all), .init([])), Sample(Self(Axes([0])), .init([2, 0])),
        ]
    }
}

/// The largest element of all.
public struct Max: ExtremeOp {
    public static let info = OpInfo(
        "max", family: .reduction, formula: "max x", derivative: "split among ties")
    public static let isLargest = true
    public let axes: Axes
    public init(_ axes: Axes) { self.axes = axes }
}

/// The smallest element of all.
public struct Min: ExtremeOp {
    public static let info = OpInfo(
        "min", family: .reduction, formula: "min x", derivative: "split among ties")
    public static let isLargest = false
    public let axes: Axes
    public init(_ axes: Axes) { self.axes = axes }
}

/// The largest elements along some dimensions.
public struct AMax: ExtremeOp {
    public static let info = OpInfo(
        "amax", family: .reduction, formula: "max x", derivative: "split among ties")
    public static let isLargest = true
    public let axes: Axes
    public init(_ axes: Axes) { self.axes = axes }
}

/// The smallest elements along some dimensions.
public struct AMin: ExtremeOp {
    public static let info = OpInfo(
        "amin", family: .reduction, formula: "min x", derivative: "split among ties")
    public static let isLargest = false
    public let axes: Axes
    public init(_ axes: Axes) { self.axes = axes }
}

/// How much of the gradient of a reduced value each element gets: one over the number of elements
/// that equal it, and 0 for the others.
struct TieShares: ConstantOp {
    static let info = OpInfo(
        "tieShares", family: .reduction, formula: "[x = m] / Σ [x = m]", torch: "",
        dtypes: .floating)
    let axes: Axes

    init(_ axes: Axes) { self.axes = axes }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        try inputs[1].check(sizes: try axes.extremes(inputs.first.sizes))
        return inputs.first.spec
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.shareTies(inputs.first, inputs.second!, axes, into: output)
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.reduced(axes) { apply(TieShares($1), $0) }
    }

    static var samples: [Sample] {
        [Sample(TieShares(Axes([1])), .init([2, 3]), .init([2]))]
    }
}

extension Tensor {
    /// The largest element; NaN if there is one. The gradient is split evenly among ties.
    ///
    /// - Errors: `.shape` for a tensor without elements.
    public func max() -> Tensor { apply(Max(.all), Operands(self)) }
    /// The smallest element; NaN if there is one. The gradient is split evenly among ties.
    ///
    /// - Errors: `.shape` for a tensor without elements.
    public func min() -> Tensor { apply(Min(.all), Operands(self)) }

    /// The largest elements along some dimensions, or all; the gradient is split among ties.
    public func amax(dim: [Int] = [], keepDim: Bool = false) -> Tensor {
        apply(AMax(Axes(dim, keeps: keepDim)), Operands(self))
    }
    /// The largest elements along one dimension; the gradient is split among ties.
    public func amax(dim: Int, keepDim: Bool = false) -> Tensor {
        amax(dim: [dim], keepDim: keepDim)
    }
    /// The smallest elements along some dimensions, or all; the gradient is split among ties.
    public func amin(dim: [Int] = [], keepDim: Bool = false) -> Tensor {
        apply(AMin(Axes(dim, keeps: keepDim)), Operands(self))
    }
    /// The smallest elements along one dimension; the gradient is split among ties.
    public func amin(dim: Int, keepDim: Bool = false) -> Tensor {
        amin(dim: [dim], keepDim: keepDim)
    }
}
