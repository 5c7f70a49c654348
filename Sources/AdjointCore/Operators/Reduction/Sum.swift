import CAdjoint

/// Σ x over some dimensions.
public struct Sum: LinearOp, Hashable {
    public static let info = OpInfo("sum", family: .reduction, formula: "Σ x", derivative: "1")
    let axes: Axes
    let dtype: DType?

    init(_ axes: Axes, dtype: DType? = nil) {
        self.axes = axes
        self.dtype = dtype
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        return TensorSpec(
            try axes.reduced(x.sizes), dtype ?? (x.dtype.isFloatingPoint ? x.dtype : .int64))
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.reduce(inputs.first, axes, into: output, CPU.sum)
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        axes.spread(cotangent, to: saved.sizes(0))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.reduced(axes) { apply(Sum($1, dtype: dtype), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(Sum(Axes([0])), .init([2, 3])),
            Sample(Sum(Axes([1], keeps: true)), .init([2, 3])),
            Sample(Sum(Axes([0, 2])), .init([2, 3, 2])), Sample(Sum(.all), .init([2, 3])),
            Sample(Sum(.all), .init([])), Sample(Sum(Axes([-1])), .init([3, 0])),
        ]
    }
}

extension Tensor {
    /// The sum of all elements, a 0-dimensional tensor. Integers and booleans sum to int64.
    public func sum(dtype: DType? = nil) -> Tensor {
        apply(Sum(.all, dtype: dtype), Operands(self))
    }

    /// The sum along one dimension, or several.
    public func sum(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        apply(Sum(Axes([dim], keeps: keepDim), dtype: dtype), Operands(self))
    }
    /// The sum along several dimensions, which go, or stay with size 1 for `keepDim`.
    public func sum(dim: [Int], keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        apply(Sum(Axes(dim, keeps: keepDim), dtype: dtype), Operands(self))
    }

    /// The sum over the dimensions that broadcasting `sizes` to this shape added or stretched.
    func sum(to sizes: Dims) -> Tensor {
        let lead = ndim - sizes.count
        let axes = (0..<ndim).filter { $0 < lead || (sizes[$0 - lead] == 1 && self.sizes[$0] != 1) }
        let summed = axes.isEmpty ? self : sum(dim: axes, keepDim: true)
        return lead == 0 ? summed : summed.reshape(sizes.array)
    }
}

extension Axes {
    /// A reduced tensor, repeated along the dimensions that were reduced.
    func spread(_ reduced: Tensor, to sizes: Dims) -> Tensor {
        let column =
            keeps || reduced.ndim == sizes.count ? reduced : reduced.reshape(kept(sizes).array)
        return column.expand(sizes.array)
    }
}
