/// The determinant of square matrices. Its derivative are the cofactors, which exist for singular
/// matrices too.
public struct Determinant: Operator {
    public static let info = OpInfo(
        "det", family: .linearAlgebra, formula: "det A", derivative: "cof A",
        torch: "torch.linalg.det", dtypes: .lapack)

    /// The operation; it has no parameters.
    public init() {}

    public func saves(for wanted: InputSet) -> SavedSet { .input }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let a = inputs.first
        try checkSquare(a)
        return TensorSpec(Dims(a.sizes.dropLast(2)), a.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.determinants(inputs.first, into: output, logarithms: nil)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        cotangent.unsqueeze(-1).unsqueeze(-1) * saved[0].cofactors()
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { ($0 * saved[0].cofactors()).sum(dim: [-2, -1]) }
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        // The second matrix is singular.
        let values = Sample.Values.these([
            1.5, -0.5, 0.7, 0.3, 2, -1, 0.9, 0.4, -1.2, 1, 2, 3, 2, 4, 6, -1, 0.5, 1,
        ])
        return [
            Sample(Determinant(), .init([2, 3, 3], values)),
            Sample(Determinant(), .init([1, 1])), Sample(Determinant(), .init([0, 0])),
            Sample(Determinant(), .init([0, 2, 2])),
        ]
    }
}

/// The cofactors of square matrices: det(A) A⁻ᵀ where A has an inverse.
struct MatrixCofactors: Operator {
    static let info = OpInfo(
        "matrixCofactors", family: .linearAlgebra, formula: "cof A",
        derivative: "the derivative of cof A along the gradient", torch: "", dtypes: .lapack)

    func saves(for wanted: InputSet) -> SavedSet { .input }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try checkSquare(inputs.first)
        return inputs.first.spec
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.cofactors(inputs.first, change: nil, into: output)
    }

    // The second derivative of the determinant is symmetric.
    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        apply(MatrixCofactorSlope(), Operands(saved[0], cotangent))
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { apply(MatrixCofactorSlope(), Operands(saved[0], $0)) }
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs[0]))
    }

    static var samples: [Sample] {
        [
            Sample(MatrixCofactors(), .init([2, 3, 3], .distinct)),
            Sample(MatrixCofactors(), .init([1, 1])),
            Sample(MatrixCofactors(), .init([0, 0])),
        ]
    }
}

/// How the cofactors of A change along X. Its own derivative by A needs an inverse of A.
struct MatrixCofactorSlope: Operator {
    static let info = OpInfo(
        "matrixCofactorSlope", family: .linearAlgebra, formula: "d cof(A + t X) / dt",
        derivative: "the third derivative of det A", torch: "", dtypes: .lapack)

    func saves(for wanted: InputSet) -> SavedSet { wanted.contains(0) ? .inputs : .input }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (a, x) = (inputs.first, inputs.second!)
        try checkSquare(a)
        _ = try checkTogether(a, x)
        try x.check(sizes: a.sizes)
        return a.spec
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.cofactors(inputs.first, change: inputs.second!, into: output)
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        i == 1
            ? apply(self, Operands(saved[0], cotangent)) : third(saved[0], saved[1], cotangent)
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        Chain.sum(
            tangents.a.map { third(saved[0], saved[1], $0) },
            tangents.b.map { apply(self, Operands(saved[0], $0)) })
    }

    /// With B = A⁻¹, P = B X and Q = B Y: det(A) times the transpose of
    /// (tr P tr Q - tr PQ) B - tr(P) Q B - tr(Q) P B + (P Q + Q P) B, which is what is left of
    /// the third derivative of det A along X and Y. It is symmetric in X, Y and its result.
    private func third(_ a: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor {
        let b = a.inverse()
        let (p, q) = (b.matmul(x), b.matmul(y))
        func trace(_ m: Tensor) -> Tensor {
            m.mainDiagonal.sum(dim: -1, keepDim: true).unsqueeze(-1)
        }
        let (pq, qp) = (p.matmul(q), q.matmul(p))
        let (tp, tq) = (trace(p), trace(q))
        let inner = pq + qp - tp * q - tq * p
        let sum = (tp * tq - trace(pq)) * b + inner.matmul(b)
        return a.det().unsqueeze(-1).unsqueeze(-1) * sum.mT
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs.wholes))
    }

    static var samples: [Sample] {
        [
            Sample(MatrixCofactorSlope(), .init([2, 3, 3], .distinct), .init([2, 3, 3])),
            Sample(MatrixCofactorSlope(), .init([2, 1, 1], .distinct), .init([2, 1, 1])),
        ]
    }
}

/// The sign of the determinant, and the logarithm of its size, which neither overflows nor
/// underflows.
///
/// Derivatives: Giles, "An extended collection of matrix derivative results" (2008), 2.2.4.
public struct SLogDet: MultiOperator {
    public static let info = OpInfo(
        "slogdet", family: .linearAlgebra, formula: "sign det A, log |det A|",
        derivative: "A⁻ᵀ", torch: "torch.linalg.slogdet", dtypes: .lapack, results: 2)

    /// The operation; it has no parameters.
    public init() {}

    public func saves(for wanted: InputSet) -> SavedSet { .input }
    public static func isDifferentiable(output: Int) -> Bool { output == 1 }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let a = inputs.first
        try checkSquare(a)
        let spec = TensorSpec(Dims(a.sizes.dropLast(2)), a.dtype)
        return [spec, spec]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.determinants(inputs.first, into: outputs[0], logarithms: outputs[1])
    }

    private func inverse(_ a: Tensor) -> Tensor {
        apply(Inverse(checks: false), Operands(a))[0]
    }

    public func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        TensorSlots(
            cotangents[1].map { $0.unsqueeze(-1).unsqueeze(-1) * inverse(saved[0]).mT })
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        var pushed = TensorSlots()
        pushed[1] = tangents.a.map { ($0 * inverse(saved[0]).mT).sum(dim: [-2, -1]) }
        return pushed
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        [
            Sample(SLogDet(), .init([2, 3, 3], .distinct)),
            Sample(SLogDet(), .init([2, 1, 1], .distinct)), Sample(SLogDet(), .init([0, 0])),
            Sample(SLogDet(), .init([0, 2, 2])),
        ]
    }
}

extension Tensor {
    /// The cofactors of square matrices.
    func cofactors() -> Tensor { apply(MatrixCofactors(), Operands(self)) }

    /// The determinant of each matrix; 1 for one without elements. Same as `torch.det`.
    ///
    /// - Errors: `.shape` for matrices that are not square, `.dtype` for other types than float32
    ///   and float64.
    public func det() -> Tensor { apply(Determinant(), Operands(self)) }

    /// The sign of each matrix's determinant (0 where it is singular), and the logarithm of its
    /// size. Same as `torch.slogdet`.
    ///
    /// - Errors: as `det`.
    public func slogdet() -> (sign: Tensor, logabsdet: Tensor) {
        let found = apply(SLogDet(), Operands(self))
        return (found[0], found[1])
    }

    /// The logarithm of each matrix's determinant: NaN where that is negative, -∞ where it is 0.
    /// Same as `torch.logdet`.
    ///
    /// - Errors: as `det`.
    public func logdet() -> Tensor {
        let (sign, logarithm) = slogdet()
        if logarithm.isPoisoned { return logarithm }
        return logarithm + sign.log()
    }
}

extension Linalg {
    /// The determinant of each matrix. Same as `torch.linalg.det`.
    public static func det(_ a: Tensor) -> Tensor { a.det() }
    /// The sign of each determinant and the logarithm of its size. Same as `torch.linalg.slogdet`.
    public static func slogdet(_ a: Tensor) -> (sign: Tensor, logabsdet: Tensor) { a.slogdet() }
}
