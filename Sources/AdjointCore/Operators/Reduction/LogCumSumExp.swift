/// The running log Σ eˣ along a dimension, without overflow.
///
/// With y the result and g its gradient, x̄ⱼ = Σ_{i ≥ j} gᵢ e^(xⱼ - yᵢ) = e^(xⱼ - yⱼ) rⱼ, where
/// rⱼ = gⱼ + e^(yⱼ - yⱼ₊₁) rⱼ₊₁. No exponent is positive, since y only rises.
public struct LogCumSumExp: Operator {
    public static let info = OpInfo(
        "logcumsumexp", family: .reduction, formula: "log Σ_{j ≤ i} e^xⱼ",
        derivative: "e^(xⱼ - yⱼ) rⱼ with rⱼ = gⱼ + e^(yⱼ - yⱼ₊₁) rⱼ₊₁", dtypes: .floating)
    let dim: Int

    init(dim: Int) { self.dim = dim }

    public func saves(for wanted: InputSet) -> SavedSet { [.input, .output] }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        try check(x.dtype)
        _ = try Dim.resolve(dim, x.ndim)
        return x.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let i = try Dim.resolve(dim, output.ndim)
        try CPU.logCumulate(inputs.first, dim: i, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        let (x, y) = (saved[0], saved.output)
        if x.ndim == 0 || x.numel == 0 { return cotangent }
        let next = y.shifted(-1, dim: dim, fill: .infinity)
        let sums = apply(
            LinearScan(dim: dim, reversed: true), Operands(cotangent, share(of: y, in: next)))
        return sums * share(of: x, in: y)
    }

    /// ẏᵢ = e^(xᵢ - yᵢ) ẋᵢ + e^(yᵢ₋₁ - yᵢ) ẏᵢ₋₁
    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        guard let tangent = tangents.a else { return nil }
        let (x, y) = (saved[0], saved.output)
        if x.ndim == 0 || x.numel == 0 { return tangent }
        let last = y.shifted(1, dim: dim, fill: -.infinity)
        return apply(
            LinearScan(dim: dim), Operands(tangent * share(of: x, in: y), share(of: last, in: y)))
    }

    /// e^(part - whole), and 0 for a part that is log 0, also of itself.
    private func share(of part: Tensor, in whole: Tensor) -> Tensor {
        let isNothing = part .== -Double.infinity
        return Tensor.where(isNothing, 0, (Tensor.where(isNothing, whole, part) - whole).exp())
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.along(dim) { apply(LogCumSumExp(dim: $1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(LogCumSumExp(dim: 0), .init([3, 2])),
            Sample(LogCumSumExp(dim: -1), .init([2, 4])),
            Sample(LogCumSumExp(dim: 0), .init([])), Sample(LogCumSumExp(dim: 1), .init([2, 0])),
        ]
    }
}

extension Tensor {
    /// The running log Σ eˣ along `dim`, without overflow. Same as `torch.logcumsumexp`.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.dtype` for whole numbers.
    public func logcumsumexp(dim: Int) -> Tensor {
        apply(LogCumSumExp(dim: dim), Operands(self))
    }
}
