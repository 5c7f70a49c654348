/// The pseudo-inverse of Moore and Penrose: singular values at or below a bound count as 0.
///
/// Derivatives, where the rank does not change: Golub and Pereyra, "The differentiation of
/// pseudo-inverses and nonlinear least squares problems whose variables separate" (1973).
public struct PseudoInverse: Operator {
    public static let info = OpInfo(
        "pinv", family: .linearAlgebra, formula: "V diag(1/s) Uᵀ, 0 for small s",
        derivative: "-Pᵀ P̄ Pᵀ + (I - A P) P̄ᵀ P Pᵀ + Pᵀ P P̄ᵀ (I - P A)",
        torch: "torch.linalg.pinv", dtypes: .lapack)
    /// One bound for all matrices, or one for each.
    let atol: [Double]?
    let rtol: [Double]?
    let hermitian: Bool

    init(atol: [Double]? = nil, rtol: [Double]? = nil, hermitian: Bool = false) {
        self.atol = atol
        self.rtol = rtol
        self.hermitian = hermitian
    }

    public func saves(for wanted: InputSet) -> SavedSet { [.input, .output] }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let a = inputs.first
        if hermitian { try checkSquare(a) } else { try checkMatrices(a) }
        let count = Dims(a.sizes.dropLast(2)).product
        for bounds in [atol, rtol].compactMap({ $0 })
        where bounds.count != 1 && bounds.count != count {
            throw TensorError(
                .shape,
                "there are \(bounds.count) bounds for \(count) matrices: one, or one for each")
        }
        return TensorSpec(
            Dims(a.sizes.array.dropLast(2) + [a.matrixColumns, a.matrixRows]), a.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.pseudoInverse(
            inputs.first, atol: atol, rtol: rtol, hermitian: hermitian, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        let (a, p) = (saved[0], saved.output)
        let (turned, g) = (p.mT, cotangent.mT)
        let left = g.matmul(p).matmul(turned)
        let right = turned.matmul(p).matmul(g)
        return left - a.matmul(p.matmul(left)) + right - right.matmul(p).matmul(a)
            - turned.matmul(cotangent).matmul(turned)
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        guard let t = tangents.a else { return nil }
        let (a, p) = (saved[0], saved.output)
        let turned = p.mT
        let left = p.matmul(turned).matmul(t.mT)
        let right = t.mT.matmul(turned).matmul(p)
        return left - left.matmul(a).matmul(p) + right - p.matmul(a.matmul(right))
            - p.matmul(t).matmul(p)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        [
            Sample(PseudoInverse(), .init([2, 3, 3], .distinct)),
            Sample(PseudoInverse(), .init([2, 4, 2], .distinct)),
            Sample(PseudoInverse(rtol: [1e-6]), .init([2, 2, 3], .distinct)),
            Sample(PseudoInverse(), .init([0, 2, 3])), Sample(PseudoInverse(), .init([2, 2, 0])),
        ]
    }
}

extension CPU {
    /// The largest singular value counts for the bound max(atol, rtol · s); a nil `rtol` is 0
    /// beside a positive `atol`, else the larger size times the distance from 1 to the next number.
    static func pseudoInverse(
        _ a: Block, atol: [Double]?, rtol: [Double]?, hermitian: Bool, into output: Block
    ) throws(TensorError) {
        a.dtype == .float64
            ? try pseudoInverse(Double.self, a, atol, rtol, hermitian, output)
            : try pseudoInverse(Float.self, a, atol, rtol, hermitian, output)
    }

    private static func pseudoInverse<T: LapackReal>(
        _: T.Type, _ a: Block, _ atol: [Double]?, _ rtol: [Double]?, _ hermitian: Bool,
        _ output: Block
    ) throws(TensorError) {
        let (count, m, n) = matrices(a)
        if output.numel == 0 { return try needLapack(a) }
        let k = Swift.min(m, n)
        let batch = a.sizes.array.dropLast(2)
        let s = try Block(scratch: Dims(batch + [k]), a.dtype)
        let u = try Block(scratch: Dims(batch + [m, k]), a.dtype)
        var vt = try Block(scratch: Dims(batch + [k, n]), a.dtype)
        if hermitian {
            try eigh(a, upper: false, values: s, vectors: u)
            let copy = try Block(scratch: vt.sizes, a.dtype)
            try CPU.copy(transposed(u), into: copy)
            vt = copy
        } else {
            try svd(a, vectors: (u, vt), values: s)
        }
        let standard = Double(Swift.max(m, n)) * Double(T.ulpOfOne)
        for g in 0..<count {
            func own(_ bounds: [Double]?) -> Double? {
                bounds.map { $0.count == 1 ? $0[0] : $0[g] }
            }
            let absolute = own(atol) ?? 0
            let relative = own(rtol) ?? (absolute > 0 ? 0 : standard)
            let values = s.elements(T.self) + g * k
            let largest = (0..<k).reduce(0) { Swift.max($0, Double(values[$1].magnitude)) }
            let bound = T(Swift.max(absolute, relative * largest))
            for i in 0..<k {
                let factor: T = values[i].magnitude > bound ? 1 / values[i] : 0
                let row = vt.elements(T.self) + (g * k + i) * n
                for j in 0..<n { row[j] *= factor }
            }
        }
        try CPU.matmul(transposed(vt), transposed(u), into: output)
    }
}

extension Linalg {
    /// The pseudo-inverse of each matrix. Singular values up to max(`atol`, `rtol` times the
    /// largest) count as 0; `rtol` is the larger size times the distance from 1 to the next number
    /// where neither is given. With `hermitian` matrices count as symmetric and their lower
    /// triangle is read. Same as `torch.linalg.pinv`.
    ///
    /// - Errors: `.shape` for what is no matrix, `.dtype` for other types than float32 and float64.
    public static func pinv(
        _ a: Tensor, atol: Double? = nil, rtol: Double? = nil, hermitian: Bool = false
    ) -> Tensor {
        let op = PseudoInverse(
            atol: atol.map { [$0] }, rtol: rtol.map { [$0] }, hermitian: hermitian)
        return apply(op, Operands(a))
    }

    /// The same with bounds for each matrix, broadcast over the batch.
    public static func pinv(_ a: Tensor, atol: Tensor?, rtol: Tensor?, hermitian: Bool = false)
        -> Tensor
    {
        Failure.running("pinv") { () throws(TensorError) in
            let batch = a.sizes.array.dropLast(2)
            func numbers(_ bound: Tensor?) throws(TensorError) -> [Double]? {
                guard let bound else { return nil }
                if !bound.dtype.isFloatingPoint {
                    throw TensorError(.dtype, "bounds are floating-point, not \(bound.dtype)")
                }
                let values = bound.detach()
                if values.numel == 1 { return values.array(as: Double.self) }
                guard Layout.broadcastSizes(values.sizes, Dims(batch)) == Dims(batch) else {
                    throw TensorError(
                        .shape,
                        "bounds of shape \(bound.shape) do not broadcast to the batch \(batch)")
                }
                return noGrad { values.expand(Array(batch)).array(as: Double.self) }
            }
            let op = PseudoInverse(
                atol: try numbers(atol), rtol: try numbers(rtol), hermitian: hermitian)
            return apply(op, Operands(a))
        }
    }

    /// How many singular values of each matrix are above max(`atol`, `rtol` times the largest),
    /// int64. Same as `torch.linalg.matrix_rank`.
    ///
    /// - Errors: as `pinv`.
    public static func matrixRank(
        _ a: Tensor, atol: Double? = nil, rtol: Double? = nil, hermitian: Bool = false
    ) -> Tensor {
        matrixRank(
            a, atol: atol.map { Tensor($0, dtype: .float64, device: a.device) },
            rtol: rtol.map { Tensor($0, dtype: .float64, device: a.device) }, hermitian: hermitian)
    }

    /// The same with bounds for each matrix, broadcast over the batch.
    public static func matrixRank(
        _ a: Tensor, atol: Tensor?, rtol: Tensor?, hermitian: Bool = false
    ) -> Tensor {
        Failure.running("matrixRank") { () throws(TensorError) in
            for bound in [atol, rtol].compactMap({ $0 }) where !bound.dtype.isFloatingPoint {
                throw TensorError(.dtype, "bounds are floating-point, not \(bound.dtype)")
            }
            return noGrad {
                let a = a.detach()
                let values = hermitian ? eigvalsh(a).abs() : svdvals(a)
                if values.isPoisoned || values.ndim == 0 { return values }
                let epsilon = a.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
                let standard = Double(Swift.max(a.matrixRows, a.matrixColumns)) * epsilon
                let batch = Array(values.shape.dropLast())
                let none = Tensor.zeros([], dtype: values.dtype, device: a.device)
                let absolute = (atol ?? none).to(values.dtype)
                var relative = (rtol ?? none).to(values.dtype)
                if rtol == nil {
                    relative =
                        atol == nil
                        ? none + standard : Tensor.where(absolute .> 0, 0.0, standard)
                }
                relative = relative.to(values.dtype)
                let isEmpty = values.sizes.last == 0
                let largest =
                    isEmpty
                    ? Tensor.zeros(batch, dtype: values.dtype, device: a.device)
                    : values.amax(dim: [-1])
                let bound = absolute.maximum(relative * largest)
                return (values .> bound.unsqueeze(-1)).sum(dim: -1)
            }
        }
    }
}

extension Tensor {
    /// The pseudo-inverse of each matrix; singular values up to `rcond` times the largest count as
    /// 0. Same as `torch.pinverse`.
    public func pinverse(rcond: Double = 1e-15) -> Tensor { Linalg.pinv(self, rtol: rcond) }
}
