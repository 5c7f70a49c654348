/// (Σ |x|ᵖ)^(1/p) over some dimensions. Where the norm is 0 its gradient is taken to be 0, and so
/// are the higher ones.
public struct Norm: Operator {
    public static let info = OpInfo(
        "norm", family: .reduction, formula: "(Σ |x|ᵖ)^(1/p)",
        derivative: "sign(x) (|x| / y)ᵖ⁻¹, 0 where y = 0", dtypes: .floating)
    let p: Double
    let axes: Axes
    /// True where a second derivative is NaN where the norm is 0, as there is none; else it is 0.
    let isSharp: Bool

    init(_ p: Double, _ axes: Axes, isSharp: Bool = false) {
        self.p = p
        self.axes = axes
        self.isSharp = isSharp
    }

    public func saves(for wanted: InputSet) -> SavedSet {
        p == 0 ? .none : p == 1 ? .input : [.input, .output]
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        try check(x.dtype)
        if p < 0 || p == .infinity { return TensorSpec(try axes.extremes(x.sizes), x.dtype) }
        return TensorSpec(try axes.reduced(x.sizes), x.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.norm(inputs.first, p, axes, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        slope(saved).map { axes.spread(cotangent, to: saved.sizes(0)) * $0 }
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        guard let tangent = tangents.a, let slope = slope(saved) else { return nil }
        return apply(Sum(axes), Operands(tangent * slope))
    }

    /// How much the norm grows with each element.
    private func slope(_ saved: Saved) -> Tensor? {
        if p == 0 { return nil }
        let x = saved[0]
        if p == 1 { return x.sign() }
        if p.isInfinite {
            return x.sign() * apply(TieShares(axes), Operands(x.abs(), saved.output))
        }
        let scale = axes.spread(saved.output.reciprocalOrZero(), to: x.sizes)
        if p == 2 { return cornered(x * scale, saved) }
        let isZero = x .== 0
        let ratio = Tensor.where(isZero, 1, x.abs() * scale)
        return cornered(x.sign() * ratio ** (p - 1), saved)
    }

    /// The slope as it is, with a NaN for a derivative where there is none: at 0, for p below 3.
    private func cornered(_ slope: Tensor, _ saved: Saved) -> Tensor {
        isSharp && p < 3 ? slope + axes.spread(saved.output.corner(), to: slope.sizes) : slope
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.reduced(axes) { apply(Norm(p, $1, isSharp: isSharp), $0) }
    }

    public static var samples: [Sample] {
        // Away from 0, and no two of one size, where some of these norms have a kink.
        let values = Sample.Values.these([0.7, -1.1, 1.6, -0.4, 1.3, -1.9])
        return [2, 1, 3, 1.5, 0.5, 0, .infinity, -.infinity].flatMap { p in
            [
                Sample(Norm(p, .all), .init([2, 3], values)),
                Sample(Norm(p, Axes([-1], keeps: true)), .init([2, 3], values)),
            ]
        } + [
            Sample(Norm(2, Axes([0])), .init([0, 2])), Sample(Norm(2, .all), .init([], values)),
        ]
    }
}

extension Tensor {
    /// 0, with a derivative that is NaN where this is 0.
    fileprivate func corner() -> Tensor {
        let zeros = Tensor.where(self .== 0, self, 1)
        return (zeros * zeros).sqrt() * 0
    }

    /// The p-norm of all elements: (Σ |x|ᵖ)^(1/p); the largest |x| for infinite p, the number of
    /// elements other than 0 for p = 0. Its gradient is 0 where it is 0.
    ///
    /// - Errors: `.dtype` for integers and booleans.
    public func norm(_ p: Double = 2) -> Tensor { apply(Norm(p, .all), Operands(self)) }

    /// The p-norm along one dimension, or several.
    public func norm(_ p: Double = 2, dim: Int, keepDim: Bool = false) -> Tensor {
        norm(p, dim: [dim], keepDim: keepDim)
    }
    /// The p-norm over several dimensions together.
    public func norm(_ p: Double = 2, dim: [Int], keepDim: Bool = false) -> Tensor {
        apply(Norm(p, Axes(dim, keeps: keepDim)), Operands(self))
    }
}
