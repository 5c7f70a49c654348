/// Q with orthonormal columns and upper triangular R, A = Q R.
///
/// Derivatives: Walter and Lehmann, "Algorithmic differentiation of linear algebra functions"
/// (2010), 2.5. A matrix wider than high is [X Y] = Q [U V], where V = Qᵀ Y.
public struct QR: MultiOperator {
    public static let info = OpInfo(
        "qr", family: .linearAlgebra, formula: "Q, R of A = Q R",
        derivative: "(Q̄ + Q copyltu(R R̄ᵀ - Q̄ᵀ Q)) R⁻ᵀ", torch: "torch.linalg.qr",
        dtypes: .lapack, results: 2)

    /// How much of the factors is computed.
    public enum Mode: String, Sendable {
        /// As many columns of Q as the smaller size of A.
        case reduced
        /// A square Q. It has a derivative unless A is higher than wide.
        case complete
        /// R alone, and an empty Q. It has no derivative.
        case r
    }
    let mode: Mode

    init(_ mode: Mode = .reduced) { self.mode = mode }

    public func saves(for wanted: InputSet) -> SavedSet { [.output, .output(1)] }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let a = inputs.first
        try checkMatrices(a)
        let batch = a.sizes.array.dropLast(2)
        let (m, n) = (a.matrixRows, a.matrixColumns)
        let k = mode == .complete ? m : Swift.min(m, n)
        let q = mode == .r ? Dims([0]) : Dims(batch + [m, k])
        return [TensorSpec(q, a.dtype), TensorSpec(Dims(batch + [k, n]), a.dtype)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.qr(inputs.first, q: mode == .r ? nil : outputs[0], r: outputs[1])
    }

    /// Why there is no derivative; nil where there is one.
    private func refusal(_ q: Tensor, _ r: Tensor) -> TensorError? {
        if mode == .r {
            return TensorError(
                .autograd,
                "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. "
                    + "Use mode: .reduced", operation: "qr")
        }
        if mode == .complete, r.matrixRows > r.matrixColumns {
            return TensorError(
                .autograd,
                "The QR decomposition is not differentiable when mode='complete' and nrows > "
                    + "ncols. Use mode: .reduced", operation: "qr")
        }
        return nil
    }

    public func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        let (q, r) = (saved.output, saved.output(1))
        if let error = refusal(q, r) {
            return TensorSlots(Failure.poison(error, like: saved.sizes(0), r.dtype))
        }
        guard cotangents.a != nil || cotangents.b != nil else { return TensorSlots() }
        let (m, n) = (q.matrixRows, r.matrixColumns)
        if m >= n { return TensorSlots(pullTall(cotangents.a, cotangents.b, q, r)) }
        let (u, v) = (
            r.narrow(dim: -1, start: 0, length: m), r.narrow(dim: -1, start: m, length: n - m)
        )
        var (gq, gu, right) = (cotangents.a, cotangents.b, Tensor.zerosLike(v))
        if let g = cotangents.b {
            right = q.matmul(g.narrow(dim: -1, start: m, length: n - m))
            gu = g.narrow(dim: -1, start: 0, length: m)
            // V is Qᵀ Y, and Y is Q V.
            let through = q.matmul(v).matmul(g.narrow(dim: -1, start: m, length: n - m).mT)
            gq = Chain.sum(gq, through)
        }
        return TensorSlots(Tensor.cat([pullTall(gq, gu, q, u), right], dim: -1))
    }

    private func pullTall(_ gq: Tensor?, _ gr: Tensor?, _ q: Tensor, _ r: Tensor) -> Tensor {
        let inner = Chain.sum(
            gr.map { r.matmul($0.triu().mT) }, gq.map { -$0.mT.matmul(q) })!
        // The lower triangle, mirrored over the diagonal.
        let mirrored = inner.tril() + inner.tril(diagonal: -1).mT
        let sum = Chain.sum(gq, q.matmul(mirrored))!
        return r.solvedTriangular(sum.mT, upper: true).mT
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        guard let t = tangents.a else { return TensorSlots() }
        let (q, r) = (saved.output, saved.output(1))
        if let error = refusal(q, r) {
            return TensorSlots([Failure.poison(error, like: q.sizes, r.dtype), nil])
        }
        let (m, n) = (t.matrixRows, t.matrixColumns)
        if m >= n {
            let (dq, dr) = pushTall(t, q, r)
            return TensorSlots([dq, dr])
        }
        let (u, v) = (
            r.narrow(dim: -1, start: 0, length: m), r.narrow(dim: -1, start: m, length: n - m)
        )
        let (dq, du) = pushTall(t.narrow(dim: -1, start: 0, length: m), q, u)
        let y = q.matmul(v)
        let dv = dq.mT.matmul(y) + q.mT.matmul(t.narrow(dim: -1, start: m, length: n - m))
        return TensorSlots([dq, Tensor.cat([du, dv], dim: -1)])
    }

    private func pushTall(_ t: Tensor, _ q: Tensor, _ r: Tensor) -> (Tensor, Tensor) {
        let c = r.mT.solvedTriangular(t.mT, upper: false).mT
        let inner = q.mT.matmul(c)
        let upper = (inner + inner.mT).upperHalf
        return (c - q.matmul(upper), upper.matmul(r))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        mode == .r ? nil : apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        [
            Sample(QR(), .init([2, 3, 3], .distinct)), Sample(QR(), .init([2, 4, 2], .distinct)),
            Sample(QR(), .init([2, 2, 3], .distinct)),
            Sample(QR(.complete), .init([2, 2, 3], .distinct)),
            Sample(QR(), .init([0, 2, 2])), Sample(QR(), .init([2, 3, 0])),
        ]
    }
}

extension Linalg {
    /// Q with orthonormal columns and upper triangular R, A = Q R. Same as `torch.linalg.qr`.
    ///
    /// - Errors: `.shape` for what is no matrix, `.dtype` for other types than float32 and float64;
    ///   `.autograd` from the derivative where `mode` has none.
    public static func qr(_ a: Tensor, mode: QR.Mode = .reduced) -> (q: Tensor, r: Tensor) {
        let found = apply(QR(mode), Operands(a))
        return (found[0], found[1])
    }
}

extension Tensor {
    /// Q and R of A = Q R; a square Q unless `some`. Same as `torch.qr`.
    public func qr(some: Bool = true) -> (q: Tensor, r: Tensor) {
        Linalg.qr(self, mode: some ? .reduced : .complete)
    }
}
