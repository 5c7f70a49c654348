/// The running sums along a dimension, from its start or from its end.
public struct CumSum: LinearOp {
    public static let info = OpInfo(
        "cumsum", family: .reduction, formula: "Σ_{j ≤ i} xⱼ", derivative: "Σ_{j ≥ i} gⱼ")
    let dim: Int
    let reversed: Bool

    init(dim: Int, reversed: Bool = false) {
        self.dim = dim
        self.reversed = reversed
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        _ = try Dim.resolve(dim, x.ndim)
        return TensorSpec(x.sizes, x.dtype.isFloatingPoint ? x.dtype : .int64)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let i = try Dim.resolve(dim, output.ndim)
        try CPU.cumulate(inputs.first, dim: i, .sum, reversed: reversed, into: output)
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(CumSum(dim: dim, reversed: !reversed), Operands(cotangent))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.along(dim) { apply(CumSum(dim: $1, reversed: reversed), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(CumSum(dim: 0), .init([3, 2])), Sample(CumSum(dim: -1), .init([2, 3])),
            Sample(CumSum(dim: 1, reversed: true), .init([2, 3, 2])),
            Sample(CumSum(dim: 0), .init([])), Sample(CumSum(dim: 1), .init([2, 0])),
        ]
    }
}

extension Tensor {
    /// The running sums along `dim`; whole numbers give int64. Same as `torch.cumsum`.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func cumsum(dim: Int, dtype: DType? = nil) -> Tensor {
        apply(CumSum(dim: dim), Operands(dtype.map { to($0) } ?? self))
    }
}
