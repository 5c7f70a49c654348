/// The eigenvalues, in rising order, and orthonormal eigenvectors of symmetric matrices, of which
/// one triangle is read. The signs of the vectors are LAPACK's choice, and a derivative that
/// depends on them, or on the vectors of equal eigenvalues, has no meaning.
///
/// Derivatives: Giles, "An extended collection of matrix derivative results" (2008), 3.1. The
/// gradient is symmetric, since A is.
public struct Eigh: MultiOperator {
    public static let info = OpInfo(
        "eigh", family: .linearAlgebra, formula: "λ, V of A = V diag(λ) Vᵀ",
        derivative: "sym(V (diag(λ̄) + Vᵀ V̄ / E) Vᵀ), Eᵢⱼ = λⱼ - λᵢ", torch: "torch.linalg.eigh",
        dtypes: .lapack, results: 2)
    public static var readsSymmetric: Bool { true }
    let upper: Bool

    init(upper: Bool = false) { self.upper = upper }

    public func saves(for wanted: InputSet) -> SavedSet { [.output, .output(1)] }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let a = inputs.first
        try checkSquare(a)
        return [TensorSpec(Dims(a.sizes.dropLast()), a.dtype), a.spec]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.eigh(inputs.first, upper: upper, values: outputs[0], vectors: outputs[1])
    }

    public func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        let (w, v) = (saved.output, saved.output(1))
        guard let gv = cotangents.b else {
            return TensorSlots(cotangents.a.map { (v * $0.unsqueeze(-2)).matmul(v.mT) })
        }
        let quotient = v.mT.matmul(gv) / w.gaps
        let inner = quotient - quotient.mainDiagonal.asDiagonal
        let core = Chain.sum(inner, cotangents.a.map { $0.asDiagonal })!
        return TensorSlots(v.matmul(core).matmul(v.mT).symmetrized)
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        guard let t = tangents.a else { return TensorSlots() }
        let (w, v) = (saved.output, saved.output(1))
        let inner = v.mT.matmul(t).matmul(v)
        let quotient = inner / w.gaps
        return TensorSlots([
            inner.mainDiagonal, v.matmul(quotient - quotient.mainDiagonal.asDiagonal),
        ])
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        let values = Sample.Values.these([
            3, 0.5, -0.4, 0.5, -2, 0.3, -0.4, 0.3, 1, 2, -0.7, 0.1, -0.7, 3, 0.6, 0.1, 0.6, -2.5,
        ])
        return [
            Sample(Eigh(), .init([2, 3, 3], values)),
            Sample(Eigh(upper: true), .init([2, 3, 3], values)),
            Sample(Eigh(), .init([2, 0, 0])), Sample(Eigh(), .init([0, 2, 2])),
        ]
    }
}

extension Linalg {
    /// Which triangle of a symmetric matrix is read.
    public enum Triangle: String, Sendable {
        /// The elements on and below the diagonal.
        case lower = "L"
        /// The elements on and above the diagonal.
        case upper = "U"
    }

    /// The eigenvalues, in rising order, and orthonormal eigenvectors (columns) of symmetric
    /// matrices. Same as `torch.linalg.eigh`.
    ///
    /// - Errors: `.shape` for matrices that are not square, `.dtype` for other types than float32
    ///   and float64, `.argument` where the iteration does not converge (NaN, infinities).
    public static func eigh(_ a: Tensor, uplo: Triangle = .lower)
        -> (eigenvalues: Tensor, eigenvectors: Tensor)
    {
        let found = apply(Eigh(upper: uplo == .upper), Operands(a))
        return (found[0], found[1])
    }

    /// The eigenvalues of symmetric matrices, in rising order. Same as `torch.linalg.eigvalsh`.
    ///
    /// - Errors: as `eigh`.
    public static func eigvalsh(_ a: Tensor, uplo: Triangle = .lower) -> Tensor {
        eigh(a, uplo: uplo).eigenvalues
    }
}
