/// L (below the diagonal, its ones left out) and U of A = P L U in one matrix, the rows that were
/// exchanged (counted from 1), and the position of the first 0 on U's diagonal (0 for none).
///
/// Derivatives, with tri the strictly lower and triu the upper triangle: for square A and
/// X = L⁻¹ Pᵀ Ȧ U⁻¹, L̇ = L tri(X) and U̇ = triu(X) U (Walter and Lehmann, "Algorithmic
/// differentiation of linear algebra functions", 2010, 2.6). The columns of U beyond the square
/// follow from A = P L U, and so do the rows of L below it.
public struct LUFactor: MultiOperator {
    public static let info = OpInfo(
        "luFactor", family: .linearAlgebra, formula: "L + U - I of A = P L U",
        derivative: "P L⁻ᵀ (tri(Lᵀ L̄) + triu(Ū Uᵀ)) U⁻ᵀ", torch: "torch.linalg.lu_factor_ex",
        dtypes: .lapack, results: 3)
    let checks: Bool

    init(checks: Bool = true) { self.checks = checks }

    public func saves(for wanted: InputSet) -> SavedSet { [.output, .output(1)] }
    public static func isDifferentiable(output: Int) -> Bool { output == 0 }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let a = inputs.first
        try checkMatrices(a)
        let batch = a.sizes.array.dropLast(2)
        let side = Swift.min(a.matrixRows, a.matrixColumns)
        return [a.spec, TensorSpec(Dims(batch + [side]), .int32), TensorSpec(Dims(batch), .int32)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let failure = try CPU.luFactor(
            inputs.first, into: outputs[0], pivots: outputs[1], infos: outputs[2])
        if checks, let failure {
            throw TensorError(
                .argument,
                "\(failure.place)U[\(failure.info),\(failure.info)] is zero and using it on "
                    + "luSolve would result in a division by zero. If you still want to perform "
                    + "the factorization, consider calling Linalg.lu(A) or Linalg.luFactorEx(A).")
        }
    }

    /// The square parts of L and U, what lies right of the one and below the other, and P.
    private func parts(_ saved: Saved) -> (l: Tensor, u: Tensor, right: Tensor?, below: Tensor?) {
        let lu = saved.output
        let (m, n) = (lu.matrixRows, lu.matrixColumns)
        let k = Swift.min(m, n)
        let square = lu.narrow(dim: -2, start: 0, length: k).narrow(dim: -1, start: 0, length: k)
        return (
            square.tril(diagonal: -1) + square.unitMatrix, square.triu(),
            n > k ? lu.narrow(dim: -1, start: k, length: n - k) : nil,
            m > k ? lu.narrow(dim: -2, start: k, length: m - k) : nil
        )
    }

    public func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        guard let g = cotangents.a else { return TensorSlots() }
        let (l, u, right, below) = parts(saved)
        let (m, n) = (g.matrixRows, g.matrixColumns)
        let k = Swift.min(m, n)
        let square = g.narrow(dim: -2, start: 0, length: k).narrow(dim: -1, start: 0, length: k)
        var middle =
            l.mT.matmul(square.tril(diagonal: -1)).tril(diagonal: -1)
            + square.triu().matmul(u.mT).triu()
        var (besides, under): (Tensor?, Tensor?)
        if let right {
            let outer = g.narrow(dim: -1, start: k, length: n - k)
            middle = middle - outer.matmul(right.mT).tril(diagonal: -1)
            besides = l.mT.solvedTriangular(outer, upper: true, unit: true)
        }
        if let below {
            let lower = g.narrow(dim: -2, start: k, length: m - k)
            middle = middle - below.mT.matmul(lower).triu()
            under = u.solvedTriangular(lower.mT, upper: true).mT
        }
        let left = l.mT.solvedTriangular(middle, upper: true, unit: true)
        var whole = u.solvedTriangular(left.mT, upper: true).mT
        if let besides { whole = Tensor.cat([whole, besides], dim: -1) }
        if let under { whole = Tensor.cat([whole, under], dim: -2) }
        return TensorSlots(
            Linalg.permutation(saved.output(1), rows: m, like: whole).matmul(whole))
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        guard let t = tangents.a else { return TensorSlots() }
        let (l, u, right, below) = parts(saved)
        let (m, n) = (t.matrixRows, t.matrixColumns)
        let k = Swift.min(m, n)
        let moved = Linalg.permutation(saved.output(1), rows: m, like: t).mT.matmul(t)
        let square = moved.narrow(dim: -2, start: 0, length: k)
            .narrow(dim: -1, start: 0, length: k)
        let left = l.solvedTriangular(square, upper: false, unit: true)
        let x = u.mT.solvedTriangular(left.mT, upper: false).mT
        let (lower, upper) = (x.tril(diagonal: -1), x.triu())
        var whole = l.matmul(lower) + upper.matmul(u)
        if let right {
            let outer = moved.narrow(dim: -1, start: k, length: n - k)
            let solved = l.solvedTriangular(outer, upper: false, unit: true)
            whole = Tensor.cat([whole, solved - lower.matmul(right)], dim: -1)
        }
        if let below {
            let under = moved.narrow(dim: -2, start: k, length: m - k)
            let solved = u.mT.solvedTriangular(under.mT, upper: false).mT
            whole = Tensor.cat([whole, solved - below.matmul(upper)], dim: -2)
        }
        return TensorSlots(whole)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        [
            Sample(LUFactor(), .init([2, 3, 3], .distinct)),
            Sample(LUFactor(), .init([2, 2, 3], .distinct)),
            Sample(LUFactor(checks: false), .init([2, 4, 2], .distinct)),
            Sample(LUFactor(), .init([0, 2, 2])), Sample(LUFactor(), .init([2, 0, 3])),
        ]
    }
}

extension Linalg {
    /// P of A = P L U for the rows that `pivots` says were exchanged, counted from 1.
    static func permutation(_ pivots: Tensor, rows: Int, like tensor: Tensor) -> Tensor {
        let order = apply(PivotOrder(rows: rows), Operands(pivots))
        let positions = Tensor.arange(rows).to(tensor.device)
        return (positions.unsqueeze(-1) .== order.unsqueeze(-2)).to(tensor.dtype)
    }

    /// L and U of A = P L U in one matrix, and the rows that were exchanged, counted from 1, int32.
    /// Same as `torch.linalg.lu_factor`.
    ///
    /// - Errors: `.argument` for a singular matrix, `.shape` for what is no matrix, `.dtype` for
    ///   other types than float32 and float64.
    public static func luFactor(_ a: Tensor) -> (lu: Tensor, pivots: Tensor) {
        let found = apply(LUFactor(), Operands(a))
        return (found[0], found[1])
    }

    /// The same, and for each matrix the position of the first 0 on U's diagonal, or 0. Same as
    /// `torch.linalg.lu_factor_ex`.
    public static func luFactorEx(_ a: Tensor, checkErrors: Bool = false)
        -> (lu: Tensor, pivots: Tensor, info: Tensor)
    {
        let found = apply(LUFactor(checks: checkErrors), Operands(a))
        return (found[0], found[1], found[2])
    }

    /// A permutation P, a unit lower triangular L and an upper triangular U with A = P L U. Same as
    /// `torch.linalg.lu`.
    ///
    /// - Errors: `.shape` for what is no matrix, `.dtype` for other types than float32 and float64.
    public static func lu(_ a: Tensor) -> (p: Tensor, l: Tensor, u: Tensor) {
        let found = apply(LUFactor(checks: false), Operands(a))
        let lu = found[0]
        if lu.isPoisoned || lu.ndim < 2 { return (lu, lu, lu) }
        let (m, n) = (lu.matrixRows, lu.matrixColumns)
        let k = Swift.min(m, n)
        let left = lu.narrow(dim: -1, start: 0, length: k).tril(diagonal: -1)
        let ones = Tensor.eye(m, k, dtype: lu.dtype, device: lu.device)
        return (
            permutation(found[1], rows: m, like: lu.detach()), left + ones,
            lu.narrow(dim: -2, start: 0, length: k).triu()
        )
    }

    /// X of A X = B (or Aᵀ X = B where `adjoint` is true; X A = B where `left` is false) from what
    /// `luFactor` gave. Same as `torch.linalg.lu_solve`.
    ///
    /// - Errors: `.shape` where the sizes do not fit.
    public static func luSolve(
        _ lu: Tensor, _ pivots: Tensor, _ b: Tensor, left: Bool = true, adjoint: Bool = false
    ) -> Tensor {
        Failure.running("luSolve") { () throws(TensorError) in
            if lu.ndim < 2 || b.ndim < 2 || lu.matrixRows != lu.matrixColumns {
                throw TensorError(
                    .shape,
                    "expected square matrices and right sides, but got shapes \(lu.shape) and "
                        + "\(b.shape)")
            }
            if !left { return luSolve(lu, pivots, b.mT, adjoint: !adjoint).mT }
            let p = permutation(pivots, rows: lu.matrixRows, like: lu.detach())
            if adjoint {
                let half = lu.mT.solvedTriangular(b, upper: false)
                return p.matmul(lu.mT.solvedTriangular(half, upper: true, unit: true))
            }
            let half = lu.solvedTriangular(p.mT.matmul(b), upper: false, unit: true)
            return lu.solvedTriangular(half, upper: true)
        }
    }
}

/// The order that rows are in after the exchanges that LAPACK's pivots name.
struct PivotOrder: ConstantOp {
    static let info = OpInfo(
        "pivotOrder", family: .linearAlgebra, formula: "the order after exchanges", torch: "",
        dtypes: .integer)
    let rows: Int

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let pivots = inputs.first
        if pivots.dtype != .int32 {
            throw TensorError(.dtype, "pivots are int32, as luFactor gives them: \(pivots.dtype)")
        }
        guard let count = pivots.sizes.last, count <= rows else {
            throw TensorError(
                .shape, "pivots of shape \(pivots.shape) do not belong to matrices of \(rows) rows")
        }
        return TensorSpec(Dims(pivots.sizes.array.dropLast() + [rows]), .int64)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let pivots = try CPU.dense(inputs.first, .int32)
        let count = pivots.sizes.last ?? 0
        let order = try Block(scratch: output.sizes, .int64)
        for g in 0..<(rows == 0 ? 0 : output.numel / rows) {
            let row = order.elements(Int64.self) + g * rows
            for i in 0..<rows { row[i] = Int64(i) }
            for i in 0..<count {
                let other = Int(pivots.elements(Int32.self)[g * count + i]) - 1
                if other < 0 || other >= rows {
                    throw TensorError(
                        .index, "pivots count from 1 to \(rows), and one is \(other + 1)")
                }
                (row[i], row[other]) = (row[other], row[i])
            }
        }
        try CPU.copy(order, into: output)
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs[0]))
    }

    static var samples: [Sample] { [] }
}
