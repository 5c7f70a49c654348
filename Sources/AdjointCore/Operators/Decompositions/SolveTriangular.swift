/// X of A X = B for triangular matrices A, of which the other triangle is not read. It needs no
/// LAPACK.
///
/// Derivatives: Giles, "An extended collection of matrix derivative results" (2008), 2.3.1, on the
/// triangle.
public struct SolveTriangular: Operator {
    public static let info = OpInfo(
        "solveTriangular", family: .linearAlgebra, formula: "A⁻¹ B",
        derivative: "B̄ = A⁻ᵀ X̄, Ā = -tri(B̄ Xᵀ)", torch: "torch.linalg.solve_triangular",
        dtypes: .lapack)
    let upper: Bool
    let unit: Bool
    /// True where a tangent of A counts as it is, both triangles: `torch.triangular_solve`.
    let takesWholeTangent: Bool

    init(upper: Bool, unit: Bool = false, takesWholeTangent: Bool = false) {
        self.upper = upper
        self.unit = unit
        self.takesWholeTangent = takesWholeTangent
    }

    public func saves(for wanted: InputSet) -> SavedSet {
        wanted.contains(0) ? [.input, .output] : .input
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (a, b) = (inputs.first, inputs.second!)
        try checkSquare(a)
        try checkMatrices(b, "B")
        let batch = try checkTogether(a, b)
        if a.matrixColumns != b.matrixRows {
            throw TensorError(
                .shape,
                "incompatible shapes of A and B for the equation AX = B (\(a.shape) and "
                    + "\(b.shape))")
        }
        return TensorSpec(Dims(batch.array + [b.matrixRows, b.matrixColumns]), b.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.solveTriangular(
            inputs.first, inputs.second!, upper: upper, unit: unit, into: output)
    }

    private func triangle(_ x: Tensor) -> Tensor {
        upper ? x.triu(diagonal: unit ? 1 : 0) : x.tril(diagonal: unit ? -1 : 0)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        let g = apply(
            SolveTriangular(upper: !upper, unit: unit), Operands(saved[0].mT, cotangent))
        return i == 1 ? g : -triangle(g.matmul(saved.output.mT))
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        let moved = tangents.a.map {
            -(takesWholeTangent ? $0 : triangle($0)).matmul(saved.output)
        }
        return Chain.sum(tangents.b, moved).map { apply(self, Operands(saved[0], $0)) }
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs.matrices))
    }

    public static var samples: [Sample] {
        let values = Sample.Values.uniform(0.5, 1.5)
        return [
            Sample(SolveTriangular(upper: true), .init([3, 3], values), .init([3, 2])),
            Sample(SolveTriangular(upper: false), .init([2, 2, 2], values), .init([2, 1])),
            Sample(SolveTriangular(upper: true, unit: true), .init([3, 3]), .init([2, 3, 2])),
            Sample(SolveTriangular(upper: false, unit: true), .init([2, 2]), .init([2, 2])),
            Sample(SolveTriangular(upper: false), .init([0, 0]), .init([0, 2])),
        ]
    }
}

extension Tensor {
    /// X of A X = B for this triangular A.
    func solvedTriangular(_ b: Tensor, upper: Bool, unit: Bool = false) -> Tensor {
        apply(SolveTriangular(upper: upper, unit: unit), Operands(self, b))
    }

    /// X of A X = B, B this tensor, for a triangular A (or Aᵀ), and A. Same as
    /// `torch.triangular_solve`, whose tangents of A must be triangular too; those of
    /// `Linalg.solveTriangular` may be any.
    ///
    /// - Errors: `.shape` where the sizes do not fit, `.dtype` where the types differ.
    public func triangularSolve(
        _ a: Tensor, upper: Bool = true, transpose: Bool = false, unitriangular: Bool = false
    ) -> (solution: Tensor, clonedCoefficient: Tensor) {
        let matrix = transpose && a.ndim >= 2 ? a.mT : a
        let op = SolveTriangular(
            upper: upper != transpose, unit: unitriangular, takesWholeTangent: true)
        let x = apply(op, Operands(matrix, self))
        let batch = Array(x.sizes.dropLast(2)) + Array(a.sizes.suffix(2))
        return (x, a.shape == batch || x.isPoisoned ? a.clone() : a.expand(batch).clone())
    }
}

extension Linalg {
    /// X of A X = B (or X A = B where `left` is false) for triangular matrices A. With
    /// `unitriangular` the diagonal counts as ones and is not read. Same as
    /// `torch.linalg.solve_triangular`.
    ///
    /// - Errors: `.shape` where the sizes do not fit, `.dtype` where the types differ or are not
    ///   float32 or float64.
    public static func solveTriangular(
        _ a: Tensor, _ b: Tensor, upper: Bool, left: Bool = true, unitriangular: Bool = false
    ) -> Tensor {
        if left { return a.solvedTriangular(b, upper: upper, unit: unitriangular) }
        if a.ndim < 2 || b.ndim < 2 { return a.solvedTriangular(b, upper: upper) }
        return a.mT.solvedTriangular(b.mT, upper: !upper, unit: unitriangular).mT
    }
}
