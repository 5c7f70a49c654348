/// Σ (x - mean)² / (n - correction) over some dimensions.
public struct Var: Operator {
    public static let info = OpInfo(
        "var", family: .reduction, formula: "Σ (x - x̄)² / (n - c)",
        derivative: "2 (x - x̄) / (n - c)", dtypes: .floating)
    let axes: Axes
    let correction: Double

    init(_ axes: Axes, correction: Double = 1) {
        self.axes = axes
        self.correction = correction
    }

    public func saves(for wanted: InputSet) -> SavedSet { .input }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        return TensorSpec(try axes.reduced(inputs.first.sizes), inputs.first.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.variance(inputs.first, axes, correction: correction, rooted: false, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        axes.spread(cotangent, to: saved.sizes(0)) * slope(saved[0])
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { apply(Sum(axes), Operands($0 * slope(saved[0]))) }
    }

    private func slope(_ x: Tensor) -> Tensor {
        axes.centered(x) * (2 / (Double(axes.count(x.sizes)) - correction))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.reduced(axes) { apply(Var($1, correction: correction), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(Var(.all), .init([2, 3])), Sample(Var(Axes([0]), correction: 0), .init([3, 2])),
            Sample(Var(Axes([0, -1], keeps: true), correction: 1.5), .init([2, 3, 2])),
            Sample(Var(.all, correction: 0), .init([])),
            Sample(Var(Axes([1])), .init([0, 2])),
        ]
    }
}

/// The square root of the variance. Its gradient is 0 where all elements are equal, so that it
/// never makes a NaN there.
public struct Std: Operator {
    public static let info = OpInfo(
        "std", family: .reduction, formula: "√(Σ (x - x̄)² / (n - c))",
        derivative: "(x - x̄) / ((n - c) y), 0 where y = 0", dtypes: .floating)
    let axes: Axes
    let correction: Double

    init(_ axes: Axes, correction: Double = 1) {
        self.axes = axes
        self.correction = correction
    }

    public func saves(for wanted: InputSet) -> SavedSet { [.input, .output] }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        return TensorSpec(try axes.reduced(inputs.first.sizes), inputs.first.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.variance(inputs.first, axes, correction: correction, rooted: true, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        let x = saved[0]
        return axes.spread(cotangent * scale(saved), to: x.sizes) * axes.centered(x)
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map {
            apply(Sum(axes), Operands($0 * axes.centered(saved[0]))) * scale(saved)
        }
    }

    /// 1 / ((n - c) y), and 0 where y is.
    private func scale(_ saved: Saved) -> Tensor {
        saved.output.reciprocalOrZero() / (Double(axes.count(saved[0].sizes)) - correction)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.reduced(axes) { apply(Std($1, correction: correction), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(Std(.all), .init([2, 3])), Sample(Std(Axes([0]), correction: 0), .init([3, 2])),
            Sample(Std(Axes([0, -1], keeps: true), correction: 1.5), .init([2, 3, 2])),
            Sample(Std(Axes([1])), .init([0, 2])),
        ]
    }
}

extension Axes {
    /// x minus its mean over these dimensions.
    func centered(_ x: Tensor) -> Tensor {
        x - apply(Mean(Axes(dims ?? Array(0..<x.ndim), keeps: true)), Operands(x))
    }
}

extension Tensor {
    /// 1 / x, and 0 where x is 0; so are all its derivatives there.
    func reciprocalOrZero() -> Tensor {
        let isZero = self .== 0
        return Tensor.where(isZero, 0, Tensor.where(isZero, 1, self).reciprocal())
    }

    /// The variance of all elements: squared distances from the mean, over n - correction.
    public func `var`(correction: Double = 1) -> Tensor {
        apply(Var(.all, correction: correction), Operands(self))
    }
    /// The variance along one dimension, or several.
    public func `var`(dim: Int, correction: Double = 1, keepDim: Bool = false) -> Tensor {
        self.var(dim: [dim], correction: correction, keepDim: keepDim)
    }
    /// The variance along several dimensions together.
    public func `var`(dim: [Int], correction: Double = 1, keepDim: Bool = false) -> Tensor {
        apply(Var(Axes(dim, keeps: keepDim), correction: correction), Operands(self))
    }

    /// The standard deviation of all elements; its gradient is 0 where they are all equal.
    public func std(correction: Double = 1) -> Tensor {
        apply(Std(.all, correction: correction), Operands(self))
    }
    /// The standard deviation along one dimension, or several.
    public func std(dim: Int, correction: Double = 1, keepDim: Bool = false) -> Tensor {
        std(dim: [dim], correction: correction, keepDim: keepDim)
    }
    /// The standard deviation along several dimensions together.
    public func std(dim: [Int], correction: Double = 1, keepDim: Bool = false) -> Tensor {
        apply(Std(Axes(dim, keeps: keepDim), correction: correction), Operands(self))
    }
}
