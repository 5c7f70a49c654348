// Matrices that carry given numbers on a diagonal, or given matrices.

extension Tensor {
    /// The last dimension on the diagonal, `offset` places above the main one, of dimensions
    /// `dim1` and `dim2` of the result, among zeros. Same as `torch.diag_embed`.
    ///
    /// - Errors: `.index` unless the two are different dimensions of the result.
    public func diagEmbed(offset: Int = 0, dim1: Int = -2, dim2: Int = -1) -> Tensor {
        Failure.running("diagEmbed") { () throws(TensorError) in
            if ndim == 0 {
                throw TensorError(.shape, "expected at least one dimension; unsqueeze(0) adds one")
            }
            let (i, j) = (try Dim.resolve(dim1, ndim + 1), try Dim.resolve(dim2, ndim + 1))
            if i == j {
                throw TensorError(
                    .index,
                    "a diagonal lies in two different dimensions, not in \(dim1) and \(dim2)")
            }
            let length = sizes[ndim - 1]
            let (side, isOver) = length.addingReportingOverflow(
                offset == .min ? .max : Swift.abs(offset))
            var target = Array(sizes.array.dropLast())
            for dim in [Swift.min(i, j), Swift.max(i, j)] { target.insert(side, at: dim) }
            if isOver || Dims(target).checkedProduct == nil {
                throw TensorError(
                    .argument, "matrices of \(length) numbers at offset \(offset) are too large")
            }
            let diagonal = Diagonal(offset: offset, dim1: i, dim2: j)
            if dtype.isFloatingPoint {
                return apply(ViewBackward(diagonal, Dims(target)), Operands(self))
            }
            let result = Tensor.zeros(target, dtype: dtype, device: device)
            noGrad { _ = result.diagonal(offset: offset, dim1: i, dim2: j).copy_(self) }
            return result
        }
    }

    /// Of a vector the matrix with it on a diagonal, of a matrix that diagonal. Same as
    /// `torch.diag`.
    ///
    /// - Errors: `.shape` for other numbers of dimensions.
    public func diag(_ diagonal: Int = 0) -> Tensor {
        switch ndim {
        case 1: return diagEmbed(offset: diagonal)
        case 2: return self.diagonal(offset: diagonal).clone()
        default:
            return Failure.poison(
                TensorError(
                    .shape, "expected a vector or a matrix, but got shape \(shape)",
                    operation: "diag"), like: sizes, dtype)
        }
    }

    /// The matrix with all elements, in order, on a diagonal. Same as `torch.diagflat`.
    public func diagflat(offset: Int = 0) -> Tensor { reshape(-1).diagEmbed(offset: offset) }

    /// The sum of a matrix's diagonal. Same as `torch.trace`.
    ///
    /// - Errors: `.shape` for what is no matrix.
    public func trace() -> Tensor {
        if ndim != 2 {
            return Failure.poison(
                TensorError(
                    .shape, "expected a matrix, but got shape \(shape)", operation: "trace"),
                like: [], dtype)
        }
        return diagonal().sum()
    }

    /// The tensors as blocks along the diagonal of a matrix of zeros; numbers and vectors count
    /// as rows. Same as `torch.block_diag`.
    ///
    /// - Errors: `.shape` for more than two dimensions.
    public static func blockDiag(_ tensors: [Tensor]) -> Tensor {
        if let wrong = tensors.first(where: { $0.ndim > 2 }) {
            return Failure.poison(
                TensorError(
                    .shape,
                    "expected tensors of two dimensions or fewer, but got shape \(wrong.shape)",
                    operation: "blockDiag"))
        }
        if tensors.isEmpty { return Tensor.zeros(1, 0) }
        let dtype = promotedType(tensors)
        let blocks = tensors.map { ($0.ndim == 2 ? $0 : $0.reshape(1, $0.numel)).to(dtype) }
        let width = blocks.reduce(0) { $0 &+ $1.sizes[1] }
        var left = 0
        let rows = blocks.map { block in
            let after = width &- left &- block.sizes[1]
            defer { left &+= block.sizes[1] }
            let zeros = [left, after].map {
                Tensor.zeros([block.sizes[0], $0], dtype: dtype, device: block.device)
            }
            return Tensor.cat([zeros[0], block, zeros[1]], dim: 1)
        }
        return Tensor.cat(rows, dim: 0)
    }

    /// The tensors as blocks along the diagonal of a matrix of zeros.
    public static func blockDiag(_ tensors: Tensor...) -> Tensor { blockDiag(tensors) }
}
