/// X of L Lᵀ X = B. The lower triangle of L is read; gradients and tangents are those of
/// (L Lᵀ)⁻¹ B for the whole of L, which agree with it where the tangents are triangular.
///
/// Derivatives: Giles, "An extended collection of matrix derivative results" (2008), 2.3.1, with
/// A = L Lᵀ.
public struct CholeskySolve: Operator {
    public static let info = OpInfo(
        "choleskySolve", family: .linearAlgebra, formula: "(L Lᵀ)⁻¹ B",
        derivative: "B̄ = (L Lᵀ)⁻¹ X̄, L̄ = -(B̄ Xᵀ + X B̄ᵀ) L", torch: "torch.cholesky_solve",
        dtypes: .lapack)

    init() {}

    public func saves(for wanted: InputSet) -> SavedSet {
        wanted.contains(0) ? [.input, .output] : .input
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (l, b) = (inputs.first, inputs.second!)
        try checkSquare(l, "L")
        try checkMatrices(b, "B")
        let batch = try checkTogether(l, b)
        if l.matrixColumns != b.matrixRows {
            throw TensorError(
                .shape,
                "incompatible matrix sizes for choleskySolve: each L is \(l.matrixRows) by "
                    + "\(l.matrixColumns) but each B is \(b.matrixRows) by \(b.matrixColumns)")
        }
        return TensorSpec(Dims(batch.array + [b.matrixRows, b.matrixColumns]), b.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let l: Block = inputs.first
        let half = try Block(scratch: output.sizes, output.dtype)
        try CPU.solveTriangular(l, inputs.second!, upper: false, unit: false, into: half)
        try CPU.solveTriangular(CPU.transposed(l), half, upper: true, unit: false, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        let g = apply(self, Operands(saved[0], cotangent))
        if i == 1 { return g }
        let common = g.matmul(saved.output.mT)
        return -(common + common.mT).matmul(saved[0])
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        let moved = tangents.a.map { t in
            let change = t.matmul(saved[0].mT)
            return -(change + change.mT).matmul(saved.output)
        }
        return Chain.sum(tangents.b, moved).map { apply(self, Operands(saved[0], $0)) }
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs.matrices))
    }

    public static var samples: [Sample] {
        // Numbers as factors, for which the triangle is all of L.
        [
            Sample(CholeskySolve(), .init([1, 1], .uniform(0.5, 1.5)), .init([1, 3])),
            Sample(CholeskySolve(), .init([2, 1, 1], .uniform(0.5, 1.5)), .init([1, 2])),
            Sample(CholeskySolve(), .init([0, 0]), .init([0, 2])),
        ]
    }
}

extension Tensor {
    /// X of A X = B for the A that `factor` is the Cholesky factor of: B is this tensor. Same as
    /// `torch.cholesky_solve`.
    ///
    /// - Errors: `.shape` where the sizes do not fit, `.dtype` where the types differ or are not
    ///   float32 or float64.
    public func choleskySolve(_ factor: Tensor, upper: Bool = false) -> Tensor {
        let lower = upper && factor.ndim >= 2 ? factor.mT : factor
        return apply(CholeskySolve(), Operands(lower, self))
    }

    /// A⁻¹ of the A that this tensor is the Cholesky factor of. Same as `torch.cholesky_inverse`.
    ///
    /// - Errors: `.shape` for matrices that are not square, `.dtype` for other types than float32
    ///   and float64.
    public func choleskyInverse(upper: Bool = false) -> Tensor {
        Failure.running("choleskyInverse") { () throws(TensorError) in
            if ndim < 2 || matrixRows != matrixColumns {
                throw TensorError(
                    .shape, "expected batches of square matrices, but got shape \(shape)")
            }
            return unitMatrix.choleskySolve(self, upper: upper)
        }
    }
}
