/// Σ x / n over some dimensions.
public struct Mean: LinearOp, Hashable {
    public static let info = OpInfo(
        "mean", family: .reduction, formula: "Σ x / n", derivative: "1 / n", dtypes: .floating)
    let axes: Axes

    init(_ axes: Axes) { self.axes = axes }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        if !x.dtype.isFloatingPoint {
            throw TensorError(
                .dtype,
                "the mean of \(x.dtype) numbers is no \(x.dtype); say mean(dtype: .float32)")
        }
        return TensorSpec(try axes.reduced(x.sizes), x.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let x = inputs.first
        // The sum may exceed a half-width float where the mean does not.
        try CPU.writing(output, as: output.dtype.computeType) { (target) throws(TensorError) in
            try CPU.reduce(x, axes, into: target, CPU.sum)
            CPU.divide(target, by: Double(axes.count(x.sizes)))
        }
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let sizes = saved.sizes(0)
        return axes.spread(cotangent / Double(axes.count(sizes)), to: sizes)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.reduced(axes) { apply(Mean($1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(Mean(.all), .init([2, 3])), Sample(Mean(Axes([0])), .init([2, 3])),
            Sample(Mean(Axes([-1, 0], keeps: true)), .init([2, 3, 2])),
            Sample(Mean(.all), .init([])), Sample(Mean(Axes([0])), .init([2, 0])),
        ]
    }
}

extension Tensor {
    /// The mean of all elements, a 0-dimensional tensor; NaN of none. Converted to `dtype` first.
    ///
    /// - Errors: `.dtype` for integers and booleans, unless `dtype` is given.
    public func mean(dtype: DType? = nil) -> Tensor {
        apply(Mean(.all), Operands(dtype.map { to($0) } ?? self))
    }

    /// The mean along one dimension, or several.
    public func mean(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        mean(dim: [dim], keepDim: keepDim, dtype: dtype)
    }
    /// The mean along several dimensions; NaN of nothing.
    public func mean(dim: [Int], keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        apply(Mean(Axes(dim, keeps: keepDim)), Operands(dtype.map { to($0) } ?? self))
    }
}
