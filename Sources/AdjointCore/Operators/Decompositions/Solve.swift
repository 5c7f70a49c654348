/// X of A X = B, and for each matrix the position of the first 0 pivot, or 0.
///
/// Derivatives: Giles, "An extended collection of matrix derivative results" (2008), 2.3.1.
public struct Solve: MultiOperator {
    public static let info = OpInfo(
        "solve", family: .linearAlgebra, formula: "A⁻¹ B",
        derivative: "B̄ = A⁻ᵀ X̄, Ā = -B̄ Xᵀ", torch: "torch.linalg.solve", dtypes: .lapack,
        results: 2)
    let checks: Bool

    init(checks: Bool = true) { self.checks = checks }

    public func saves(for wanted: InputSet) -> SavedSet {
        wanted.contains(0) ? [.input, .output] : .input
    }
    public static func isDifferentiable(output: Int) -> Bool { output == 0 }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
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
        return [
            TensorSpec(Dims(batch.array + [b.matrixRows, b.matrixColumns]), b.dtype),
            TensorSpec(Dims(a.sizes.dropLast(2)), .int32),
        ]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let failure = try CPU.solve(
            inputs.first, inputs.second!, into: outputs[0], infos: outputs[1])
        if checks, let failure {
            throw TensorError(
                .argument,
                "\(failure.place)The solver failed because the input matrix is singular.")
        }
    }

    private func solved(_ a: Tensor, _ b: Tensor) -> Tensor {
        apply(Solve(checks: false), Operands(a, b))[0]
    }

    public func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        guard let cotangent = cotangents.a else { return TensorSlots() }
        let g = solved(saved[0].mT, cotangent)
        var gradients = TensorSlots()
        if wanted.contains(0) { gradients[0] = -g.matmul(saved.output.mT) }
        if wanted.contains(1) { gradients[1] = g }
        return gradients
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        let moved = tangents.a.map { -$0.matmul(saved.output) }
        return TensorSlots(Chain.sum(tangents.b, moved).map { solved(saved[0], $0) })
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        var (a, b) = (inputs.matrices[0], inputs.matrices[1])
        if !inputs.isBatched(0) {
            // The info of each sample has a place of its own.
            let ones = [Int](repeating: 1, count: Swift.max(b.ndim - 1 - a.ndim, 0))
            a = a.reshape(ones + a.shape).expand([inputs.size] + ones + a.shape)
        }
        if !inputs.isBatched(1), b.ndim < a.ndim - 1 {
            b = b.reshape([Int](repeating: 1, count: a.ndim - 1 - b.ndim) + b.shape)
        }
        return apply(self, Operands(a, b))
    }

    public static var samples: [Sample] {
        [
            Sample(Solve(), .init([2, 3, 3], .distinct), .init([2, 3, 2])),
            Sample(Solve(), .init([2, 2, 2], .distinct), .init([2, 1])),
            Sample(Solve(checks: false), .init([0, 2, 2]), .init([0, 2, 3])),
            Sample(Solve(), .init([2, 0, 0]), .init([2, 0, 1])),
        ]
    }
}

extension Linalg {
    /// X of A X = B (or of X A = B where `left` is false). B is a vector, or a batch of them, where
    /// it has one dimension or the shape of A without the last. Same as `torch.linalg.solve`.
    ///
    /// - Errors: `.argument` for a singular matrix, `.shape` where the sizes do not fit, `.dtype`
    ///   where the types differ or are not float32 or float64.
    public static func solve(_ a: Tensor, _ b: Tensor, left: Bool = true) -> Tensor {
        solved(a, b, left, Solve()).result
    }

    /// The same, and for each matrix the position of the first 0 pivot, or 0: a singular matrix is
    /// no error unless `checkErrors` says so. Same as `torch.linalg.solve_ex`.
    public static func solveEx(
        _ a: Tensor, _ b: Tensor, left: Bool = true, checkErrors: Bool = false
    ) -> (result: Tensor, info: Tensor) {
        solved(a, b, left, Solve(checks: checkErrors))
    }

    private static func solved(_ a: Tensor, _ b: Tensor, _ left: Bool, _ op: Solve)
        -> (result: Tensor, info: Tensor)
    {
        let isVector =
            a.ndim >= 2 && (b.ndim == 1 || (b.ndim == a.ndim - 1 && b.sizes == a.sizes.dropped))
        if isVector {
            let found = apply(op, Operands(left ? a : a.mT, b.unsqueeze(-1)))
            return (found[0].isPoisoned ? found[0] : found[0].squeeze(-1), found[1])
        }
        if left || a.ndim < 2 || b.ndim < 2 {
            let found = apply(op, Operands(a, b))
            return (found[0], found[1])
        }
        let found = apply(op, Operands(a.mT, b.mT))
        return (found[0].isPoisoned ? found[0] : found[0].mT, found[1])
    }
}

extension Dims {
    /// Without the last size.
    fileprivate var dropped: Dims { Dims(array.dropLast()) }
}
