/// U, the singular values in falling order, and Vᵀ: A = U diag(s) Vᵀ. The signs of the vectors are
/// LAPACK's choice, and a derivative that depends on them, or on the vectors of equal singular
/// values, has no meaning.
///
/// Derivatives: Townsend, "Differentiating the singular value decomposition" (2016). The vectors
/// beyond the smaller size of A, of full matrices, count as constant.
public struct SVD: MultiOperator {
    public static let info = OpInfo(
        "svd", family: .linearAlgebra, formula: "U, s, Vᵀ of A = U diag(s) Vᵀ",
        derivative: "U (skew(Uᵀ Ū) / E S + S skew(Vᵀ V̄) / E + diag(s̄)) Vᵀ, Eᵢⱼ = sⱼ² - sᵢ²",
        torch: "torch.linalg.svd", dtypes: .lapack, results: 3)
    let full: Bool

    init(full: Bool = false) { self.full = full }

    public func saves(for wanted: InputSet) -> SavedSet { [.output, .output(1), .output(2)] }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let a = inputs.first
        try checkMatrices(a)
        let batch = a.sizes.array.dropLast(2)
        let (m, n) = (a.matrixRows, a.matrixColumns)
        let k = Swift.min(m, n)
        return [
            TensorSpec(Dims(batch + [m, full ? m : k]), a.dtype),
            TensorSpec(Dims(batch + [k]), a.dtype),
            TensorSpec(Dims(batch + [full ? n : k, n]), a.dtype),
        ]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.svd(inputs.first, vectors: (outputs[0], outputs[2]), values: outputs[1])
    }

    /// U, s and V, as narrow as s is long.
    private func parts(_ saved: Saved) -> (u: Tensor, s: Tensor, v: Tensor) {
        let s = saved.output(1)
        let k = s.sizes[s.ndim - 1]
        return (
            saved.output.narrow(dim: -1, start: 0, length: k), s,
            saved.output(2).narrow(dim: -2, start: 0, length: k).mT
        )
    }

    public func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        let (u, s, v) = parts(saved)
        let (k, m, n) = (s.sizes[s.ndim - 1], u.matrixRows, v.matrixRows)
        let gu = cotangents.a.map { $0.narrow(dim: -1, start: 0, length: k) }
        let gv = cotangents.c.map { $0.narrow(dim: -2, start: 0, length: k).mT }
        guard gu != nil || gv != nil else {
            return TensorSlots(cotangents.b.map { (u * $0.unsqueeze(-2)).matmul(v.mT) })
        }
        let (row, gaps) = (s.unsqueeze(-2), (s * s).gaps)
        var core = gu.map { u.mT.matmul($0).skewed / gaps * row }
        core = Chain.sum(core, gv.map { s.unsqueeze(-1) * (v.mT.matmul($0).skewed / gaps) })
        core = Chain.sum(core, cotangents.b.map { $0.asDiagonal })
        var whole = u.matmul(core!).matmul(v.mT)
        if let gu, m > k {
            let scaled = gu / row
            whole = whole + (scaled - u.matmul(u.mT.matmul(scaled))).matmul(v.mT)
        }
        if let gv, n > k {
            let scaled = gv / row
            whole = whole + u.matmul((scaled - v.matmul(v.mT.matmul(scaled))).mT)
        }
        return TensorSlots(whole)
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        guard let t = tangents.a else { return TensorSlots() }
        let (u, s, v) = parts(saved)
        let (k, m, n) = (s.sizes[s.ndim - 1], u.matrixRows, v.matrixRows)
        let (row, gaps) = (s.unsqueeze(-2), (s * s).gaps)
        let (tv, tu) = (t.matmul(v), t.mT.matmul(u))
        let inner = u.mT.matmul(tv)
        let (right, left) = (inner * row, s.unsqueeze(-1) * inner)
        // The gaps' diagonal is 1, not 0: nothing may be left there.
        func turned(_ x: Tensor) -> Tensor {
            let sum = (x + x.mT) / gaps
            return sum - sum.mainDiagonal.asDiagonal
        }
        var du = u.matmul(turned(right))
        var dv = v.matmul(turned(left))
        if m > k { du = du + (tv - u.matmul(inner)) / row }
        if n > k { dv = dv + (tu - v.matmul(inner.mT)) / row }
        if full {
            du = widened(du, to: m)
            dv = widened(dv, to: n)
        }
        return TensorSlots([du, inner.mainDiagonal, dv.mT])
    }

    /// With columns of zeros.
    private func widened(_ x: Tensor, to width: Int) -> Tensor {
        if x.matrixColumns == width { return x }
        let rest = x.shape.dropLast() + [width - x.matrixColumns]
        return Tensor.cat(
            [x, Tensor.zeros(Array(rest), dtype: x.dtype, device: x.device)], dim: -1)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        [
            Sample(SVD(), .init([2, 3, 3], .distinct)), Sample(SVD(), .init([2, 4, 2], .distinct)),
            Sample(SVD(), .init([2, 2, 3], .distinct)),
            Sample(SVD(full: true), .init([2, 2, 2], .distinct)),
            Sample(SVD(), .init([0, 2, 3])), Sample(SVD(full: true), .init([2, 2, 0])),
        ]
    }
}

extension Linalg {
    /// U, the singular values in falling order, and Vᵀ of A = U diag(s) Vᵀ; square U and V where
    /// `fullMatrices` is true. Same as `torch.linalg.svd`.
    ///
    /// - Errors: `.shape` for what is no matrix, `.dtype` for other types than float32 and float64,
    ///   `.argument` where the iteration does not converge (NaN, infinities).
    public static func svd(_ a: Tensor, fullMatrices: Bool = true)
        -> (u: Tensor, s: Tensor, vh: Tensor)
    {
        let found = apply(SVD(full: fullMatrices), Operands(a))
        return (found[0], found[1], found[2])
    }

    /// The singular values of each matrix, in falling order. Same as `torch.linalg.svdvals`.
    ///
    /// - Errors: as `svd`.
    public static func svdvals(_ a: Tensor) -> Tensor { apply(SVD(), Operands(a))[1] }
}

extension Tensor {
    /// U, the singular values in falling order, and V of A = U diag(s) Vᵀ; square U and V unless
    /// `some`. Without `computeUV` the vectors are zeros. Same as `torch.svd`.
    ///
    /// - Errors: as `Linalg.svd`.
    public func svd(some: Bool = true, computeUV: Bool = true)
        -> (u: Tensor, s: Tensor, v: Tensor)
    {
        let found = apply(SVD(full: !some && computeUV), Operands(self))
        if found[0].isPoisoned { return (found[0], found[1], found[2]) }
        if computeUV { return (found[0], found[1], found[2].mT) }
        let (m, n) = (matrixRows, matrixColumns)
        let batch = Array(shape.dropLast(2))
        return (
            Tensor.zeros(batch + [m, m], dtype: dtype, device: device), found[1],
            Tensor.zeros(batch + [n, n], dtype: dtype, device: device)
        )
    }
}
