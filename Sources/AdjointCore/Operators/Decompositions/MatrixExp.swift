/// e^A of square matrices. It needs no LAPACK.
///
/// Derivatives: the derivative along X is the upper right block of e to the block matrix
/// [A X; 0 A] (Higham, "Functions of Matrices", 2008, theorem 4.12).
public struct MatrixExp: Operator {
    public static let info = OpInfo(
        "matrixExp", family: .linearAlgebra, formula: "Σ Aᵏ / k!",
        derivative: "the upper right block of exp [Aᵀ Ȳ; 0 Aᵀ]", torch: "torch.matrix_exp",
        dtypes: .floating)

    /// The operation; it has no parameters.
    public init() {}

    public func saves(for wanted: InputSet) -> SavedSet { .input }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let a = inputs.first
        try check(a.dtype)
        if a.ndim < 2 || a.matrixRows != a.matrixColumns {
            throw TensorError(
                .shape, "expected batches of square matrices, but got shape \(a.shape)")
        }
        return a.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.matrixExp(inputs.first, into: output)
    }

    private func along(_ a: Tensor, _ x: Tensor) -> Tensor {
        let n = a.matrixRows
        let upper = Tensor.cat([a, x], dim: -1)
        let lower = Tensor.cat([Tensor.zerosLike(a), a], dim: -1)
        let whole = Tensor.cat([upper, lower], dim: -2).matrixExp()
        return whole.narrow(dim: -2, start: 0, length: n).narrow(dim: -1, start: n, length: n)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        along(saved[0].mT, cotangent)
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { along(saved[0], $0) }
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        [
            Sample(MatrixExp(), .init([3, 3], .uniform(-1, 1))),
            Sample(MatrixExp(), .init([2, 2, 2], .uniform(-2, 2))),
            Sample(MatrixExp(), .init([0, 0])), Sample(MatrixExp(), .init([0, 2, 2])),
        ]
    }
}

extension Tensor {
    /// e to each square matrix: Σ Aᵏ / k!. Same as `torch.matrix_exp`.
    ///
    /// - Errors: `.shape` for matrices that are not square, `.dtype` for integers.
    public func matrixExp() -> Tensor { apply(MatrixExp(), Operands(self)) }

    /// Each square matrix multiplied with itself `n` times: the unit matrix for 0, powers of the
    /// inverse for negative `n`. Same as `torch.matrix_power`.
    ///
    /// - Errors: `.shape` for matrices that are not square; `.argument` for a negative power of a
    ///   singular matrix.
    public func matrixPower(_ n: Int) -> Tensor {
        Failure.running("matrixPower") { () throws(TensorError) in
            if ndim < 2 || matrixRows != matrixColumns {
                throw TensorError(
                    .shape, "expected batches of square matrices, but got shape \(shape)")
            }
            if n == 0 { return unitMatrix.expand(shape).clone() }
            var base = n < 0 ? inverse() : self
            var (rest, power) = (n.magnitude, nil as Tensor?)
            while rest > 0 {
                if rest & 1 == 1 { power = power.map { $0.matmul(base) } ?? base }
                rest >>= 1
                if rest > 0 { base = base.matmul(base) }
            }
            return n == 1 ? power!.clone() : power!
        }
    }
}

extension Linalg {
    /// e to each square matrix. Same as `torch.linalg.matrix_exp`.
    public static func matrixExp(_ a: Tensor) -> Tensor { a.matrixExp() }
    /// Each square matrix to a whole power. Same as `torch.linalg.matrix_power`.
    public static func matrixPower(_ a: Tensor, _ n: Int) -> Tensor { a.matrixPower(n) }
}
