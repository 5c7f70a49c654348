import CAdjoint

/// The matrix product, batched over leading dimensions.
public struct MatMul: MultilinearOp {
    public static let info = OpInfo(
        "matmul", family: .linearAlgebra, formula: "A B", derivative: "C̄ Bᵀ, Aᵀ C̄",
        dtypes: [.floating, .integer])
    public static let autocast = AutocastRule.half
    /// The operation; it has no parameters.
    public init() {}

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (a, b) = (inputs.first, inputs.second!)
        if a.dtype != b.dtype {
            throw TensorError(
                .dtype,
                "expected both matrices to have the same dtype, but got \(a.dtype) and "
                    + "\(b.dtype); convert one with to(_:)")
        }
        try check(a.dtype)
        let (p, q) = (a.sizes.count, b.sizes.count)
        if p < 2 || q < 2 {
            throw TensorError(
                .shape,
                "expected matrices, or batches of them, but got shapes \(a.shape) and "
                    + "\(b.shape)")
        }
        if a.sizes[p - 1] != b.sizes[q - 2] {
            throw TensorError(
                .shape,
                "shapes \(a.shape) and \(b.shape) cannot be multiplied: the last size of the first, "
                    + "\(a.sizes[p - 1]), must be the second-last of the second, \(b.sizes[q - 2])")
        }
        let (left, right) = (Dims(a.sizes.dropLast(2)), Dims(b.sizes.dropLast(2)))
        guard let batch = Layout.broadcastSizes(left, right) else {
            throw TensorError(
                .shape,
                "batch dimensions \(left) and \(right) of shapes \(a.shape) and \(b.shape) "
                    + "do not broadcast")
        }
        return TensorSpec(Dims(batch.array + [a.sizes[p - 2], b.sizes[q - 1]]), a.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.matmul(inputs.first, inputs.second!, into: output)
    }

    public func multiplyAdds(_ inputs: [Tensor], _ outputs: [Tensor]) -> Int {
        outputs[0].numel &* (inputs[0].shape.last ?? 0)
    }

    /// <C̄, A B> = <C̄ Bᵀ, A> = <Aᵀ C̄, B>
    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        i == 0
            ? apply(MatMul(), Operands(cotangent, saved[1].mT))
            : apply(MatMul(), Operands(saved[0].mT, cotangent))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let (a, b) = (inputs[0], inputs[1])
        // A matrix that all samples share meets them all in one product.
        if !inputs.isBatched(1), b.ndim == 2 {
            let rows = Array(a.shape.dropLast())
            let flat = a.reshape([rows.reduce(1, &*), b.shape[0]])
            return apply(self, Operands(flat, b)).reshape(rows + [b.shape[1]])
        }
        if !inputs.isBatched(0), a.ndim == 2, b.ndim == 3, b.shape[2] == 1 {
            return apply(self, Operands(b.squeeze(2), a.mT)).unsqueeze(2)
        }
        let rank = Swift.max(inputs.rank(0), inputs.rank(1))
        return apply(self, Operands(inputs.padded(0, to: rank), inputs.padded(1, to: rank)))
    }

    public static var samples: [Sample] {
        let shapes: [(Dims, Dims)] = [
            ([2, 3], [3, 4]), ([2, 2, 3], [2, 3, 2]), ([2, 1, 2, 3], [3, 3, 2]),
            ([2, 3], [2, 3, 1]),
            ([0, 3], [3, 2]), ([2, 0], [0, 2]),
        ]
        return shapes.map { Sample(MatMul(), .init($0.0), .init($0.1)) }
    }
}

extension Tensor {
    /// The matrix product. Vectors count as a row on the left and a column on the right; leading
    /// dimensions are batches and broadcast. Same as `torch.matmul`.
    ///
    /// - Errors: `.shape` where the inner sizes differ; `.dtype` where the dtypes do.
    public func matmul(_ other: Tensor) -> Tensor {
        if ndim == 0 || other.ndim == 0 {
            return Failure.poison(
                TensorError(
                    .shape,
                    "both arguments need at least 1 dimension, but have shapes \(shape) "
                        + "and \(other.shape); * multiplies by a number", operation: "matmul"),
                like: sizes, dtype)
        }
        let left = ndim == 1 ? unsqueeze(0) : self
        let right = other.ndim == 1 ? other.unsqueeze(1) : other
        var product = apply(MatMul(), Operands(left, right))
        if other.ndim == 1 { product = product.squeeze(-1) }
        if ndim == 1 { product = product.squeeze(other.ndim == 1 ? -1 : -2) }
        return product
    }
}
