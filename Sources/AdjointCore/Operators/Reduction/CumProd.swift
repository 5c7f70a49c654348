/// The running products along a dimension.
///
/// ∂/∂x_i Σ_k g_k y_k = (Π_{j<i} x_j) Σ_{k≥i} g_k Π_{i<j≤k} x_j; the sums are the recurrence
/// r_i = g_i + x_{i+1} r_{i+1}. Nothing is divided by x, so that zeros are harmless.
public struct CumProd: Operator {
    public static let info = OpInfo(
        "cumprod", family: .reduction, formula: "Π_{j ≤ i} xⱼ",
        derivative: "yᵢ₋₁ rᵢ with rᵢ = gᵢ + xᵢ₊₁ rᵢ₊₁")
    let dim: Int

    init(dim: Int) { self.dim = dim }

    public func saves(for wanted: InputSet) -> SavedSet { [.input, .output] }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        _ = try Dim.resolve(dim, x.ndim)
        return TensorSpec(x.sizes, x.dtype.isFloatingPoint ? x.dtype : .int64)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let i = try Dim.resolve(dim, output.ndim)
        try CPU.cumulate(inputs.first, dim: i, .product, reversed: false, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        let x = saved[0]
        if x.ndim == 0 || x.numel == 0 { return cotangent }
        let next = x.shifted(-1, dim: dim, fill: 0)
        let sums = apply(LinearScan(dim: dim, reversed: true), Operands(cotangent, next))
        return sums * saved.output.shifted(1, dim: dim, fill: 1)
    }

    /// ẏ_i = ẋ_i y_{i-1} + x_i ẏ_{i-1}
    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        guard let tangent = tangents.a else { return nil }
        let x = saved[0]
        if x.ndim == 0 || x.numel == 0 { return tangent }
        let steps = tangent * saved.output.shifted(1, dim: dim, fill: 1)
        return apply(LinearScan(dim: dim), Operands(steps, x))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.along(dim) { apply(CumProd(dim: $1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(CumProd(dim: 0), .init([3, 2])), Sample(CumProd(dim: -1), .init([2, 3])),
            Sample(CumProd(dim: 0), .init([5], .these([2, 0, 3, 0, 1]))),
            Sample(CumProd(dim: 0), .init([])), Sample(CumProd(dim: 1), .init([2, 0])),
        ]
    }
}

/// The product of all elements, or of those along a dimension. The derivative by one element is
/// the product of those before it and of those after it, never the whole divided by it.
public struct Prod: Operator {
    public static let info = OpInfo(
        "prod", family: .reduction, formula: "Π x", derivative: "Π_{j ≠ i} xⱼ")
    /// Nil for all elements.
    let dim: Int?
    let keeps: Bool

    init(dim: Int?, keeps: Bool = false) {
        self.dim = dim
        self.keeps = keeps
    }

    private var axes: Axes { Axes(dim.map { [$0] }, keeps: keeps) }

    public func saves(for wanted: InputSet) -> SavedSet { .input }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        return TensorSpec(try axes.reduced(x.sizes), x.dtype.isFloatingPoint ? x.dtype : .int64)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.reduce(inputs.first, axes, into: output, CPU.prod)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        axes.spread(cotangent, to: saved.sizes(0)) * others(saved[0])
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { apply(Sum(axes), Operands($0 * others(saved[0]))) }
    }

    /// For each element the product of the others that are multiplied with it.
    private func others(_ x: Tensor) -> Tensor {
        if x.numel == 0 { return x }
        if x.ndim == 0 { return Tensor.onesLike(x) }
        guard let dim else { return Prod(dim: 0).others(x.reshape(-1)).reshape(x.shape) }
        let before = x.shifted(1, dim: dim, fill: 1).cumprod(dim: dim)
        let after = x.flip([dim]).shifted(1, dim: dim, fill: 1).cumprod(dim: dim).flip([dim])
        return before * after
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        if let dim { return try inputs.along(dim) { apply(Prod(dim: $1, keeps: keeps), $0) } }
        let rows = inputs[0].reshape([inputs.size, inputs.sizes(0).product])
        let ones = [Int](repeating: 1, count: keeps ? inputs.rank(0) : 0)
        return apply(Prod(dim: 1), Operands(rows)).reshape([inputs.size] + ones)
    }

    public static var samples: [Sample] {
        [
            Sample(Prod(dim: nil), .init([2, 3])), Sample(Prod(dim: 0), .init([3, 2])),
            Sample(Prod(dim: -1, keeps: true), .init([2, 3, 2])),
            Sample(Prod(dim: 1), .init([3, 3], .these([0, 2, 3, 0, 0, 3, 1, 2, 4]))),
            Sample(Prod(dim: nil), .init([])), Sample(Prod(dim: 0), .init([0, 2])),
        ]
    }
}

extension Tensor {
    /// The running products along `dim`; whole numbers give int64. Same as `torch.cumprod`.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func cumprod(dim: Int, dtype: DType? = nil) -> Tensor {
        apply(CumProd(dim: dim), Operands(dtype.map { to($0) } ?? self))
    }

    /// The product of all elements; whole numbers give int64. Zeros do not spoil the gradient.
    public func prod(dtype: DType? = nil) -> Tensor {
        apply(Prod(dim: nil), Operands(dtype.map { to($0) } ?? self))
    }

    /// The product along one dimension.
    public func prod(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        apply(Prod(dim: dim, keeps: keepDim), Operands(dtype.map { to($0) } ?? self))
    }
}
