/// The lower triangular L of positive definite matrices A = L Lᵀ, and for each the order of the
/// first minor that is not positive (0 where there is none). One triangle of A is read.
///
/// Derivatives: Murray, "Differentiation of the Cholesky decomposition" (2016). The gradient is
/// symmetric, since A is.
public struct Cholesky: MultiOperator {
    public static let info = OpInfo(
        "cholesky", family: .linearAlgebra, formula: "L of A = L Lᵀ",
        derivative: "sym(L⁻ᵀ Φ(Lᵀ L̄) L⁻¹), Φ the lower triangle with half of the diagonal",
        torch: "torch.linalg.cholesky", dtypes: .lapack, results: 2)
    public static var readsSymmetric: Bool { true }
    let upper: Bool
    let checks: Bool

    init(upper: Bool = false, checks: Bool = true) {
        self.upper = upper
        self.checks = checks
    }

    public func saves(for wanted: InputSet) -> SavedSet { .output }
    public static func isDifferentiable(output: Int) -> Bool { output == 0 }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let a = inputs.first
        try checkSquare(a)
        return [a.spec, TensorSpec(Dims(a.sizes.dropLast(2)), .int32)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let failure = try CPU.cholesky(
            inputs.first, upper: upper, into: outputs[0], infos: outputs[1])
        if checks, let failure {
            throw TensorError(
                .argument,
                "\(failure.place)The factorization could not be completed because the input is "
                    + "not positive-definite (the leading minor of order \(failure.info) is not "
                    + "positive-definite).")
        }
    }

    public func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        guard let g = cotangents.a else { return TensorSlots() }
        let l = saved.output
        let middle = l.mT.matmul(g).lowerHalf
        let left = l.mT.solvedTriangular(middle, upper: true)
        let whole = l.mT.solvedTriangular(left.mT, upper: true).mT
        return TensorSlots(whole.symmetrized)
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        guard let t = tangents.a else { return TensorSlots() }
        let l = saved.output
        let left = l.solvedTriangular(t, upper: false)
        let middle = l.solvedTriangular(left.mT, upper: false).mT
        return TensorSlots(l.matmul(middle.lowerHalf))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        let values = Sample.Values.these([
            3, 0.5, -0.4, 0.5, 2, 0.3, -0.4, 0.3, 4, 2, -0.7, 0.1, -0.7, 3, 0.6, 0.1, 0.6, 2.5,
        ])
        return [
            Sample(Cholesky(), .init([2, 3, 3], values)),
            Sample(Cholesky(upper: true), .init([2, 3, 3], values)),
            Sample(Cholesky(checks: false), .init([2, 0, 0])),
            Sample(Cholesky(), .init([0, 2, 2])),
        ]
    }
}

extension Linalg {
    /// The lower (or upper) triangular factor of positive definite matrices: A = L Lᵀ = Uᵀ U.
    /// Only that triangle of A is read. Same as `torch.linalg.cholesky`.
    ///
    /// - Errors: `.argument` for a matrix that is not positive-definite, `.shape` for one that is
    ///   not square, `.dtype` for other types than float32 and float64.
    public static func cholesky(_ a: Tensor, upper: Bool = false) -> Tensor {
        let l = apply(Cholesky(upper: upper), Operands(a))[0]
        return upper ? l.mT : l
    }

    /// The factor, and for each matrix the order of its first minor that is not positive, or 0.
    /// Same as `torch.linalg.cholesky_ex`.
    public static func choleskyEx(_ a: Tensor, upper: Bool = false, checkErrors: Bool = false)
        -> (l: Tensor, info: Tensor)
    {
        let found = apply(Cholesky(upper: upper, checks: checkErrors), Operands(a))
        return (upper ? found[0].mT : found[0], found[1])
    }
}

extension Tensor {
    /// The triangular factor of positive definite matrices. Same as `torch.cholesky`.
    public func cholesky(upper: Bool = false) -> Tensor { Linalg.cholesky(self, upper: upper) }
}
