// What the factorisations ask of their inputs, and what their derivatives are written with.

extension DTypes {
    /// float32 and float64: what LAPACK computes in.
    static let lapack = DTypes(rawValue: 0b11)
}

extension Failure {
    /// What `body` gives, or a poisoned tensor where it throws: the funnel of operations that are
    /// written as calls of others.
    static func running(
        _ operation: String, _ body: () throws(TensorError) -> Tensor
    ) -> Tensor {
        do throws(TensorError) {
            return try body()
        } catch {
            return poison(
                TensorError(error.kind, error.message, operation: error.operation ?? operation))
        }
    }

    /// The same for operations of several results.
    static func running(
        _ operation: String, _ count: Int, _ body: () throws(TensorError) -> [Tensor]
    ) -> [Tensor] {
        do throws(TensorError) {
            return try body()
        } catch {
            raise(TensorError(error.kind, error.message, operation: error.operation ?? operation))
            return (0..<count).map { _ in Tensor.poisoned([], .float32) }
        }
    }
}

extension AnyOperator {
    /// Checks that `a` is a matrix, or a batch of them, of a dtype that the operation takes.
    func checkMatrices(_ a: Tensor, _ name: String = "A") throws(TensorError) {
        if a.ndim < 2 {
            throw TensorError(
                .shape,
                "the input tensor \(name) must have at least 2 dimensions, a matrix or a batch of "
                    + "them, but has shape \(a.shape)")
        }
        if !Self.info.dtypes.contains(a.dtype) {
            throw TensorError(
                .dtype,
                "expected a tensor of float32 or float64, but \(name) is \(a.dtype); convert it "
                    + "with to(_:)")
        }
    }

    /// Checks that `a` is a square matrix, or a batch of them.
    func checkSquare(_ a: Tensor, _ name: String = "A") throws(TensorError) {
        try checkMatrices(a, name)
        let (rows, columns) = (a.sizes[a.ndim - 2], a.sizes[a.ndim - 1])
        if rows != columns {
            throw TensorError(
                .shape,
                "\(name) must be batches of square matrices, but they are \(rows) by \(columns) "
                    + "matrices")
        }
    }

    /// Checks that two batches of matrices have one dtype, and gives their batch dimensions.
    func checkTogether(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Dims {
        if a.dtype != b.dtype {
            throw TensorError(
                .dtype,
                "expected A and B to have the same dtype, but found A of type \(a.dtype) and B of "
                    + "type \(b.dtype) instead; convert one with to(_:)")
        }
        let (left, right) = (Dims(a.sizes.dropLast(2)), Dims(b.sizes.dropLast(2)))
        guard let batch = Layout.broadcastSizes(left, right) else {
            throw TensorError(
                .shape,
                "batch dimensions \(left) and \(right) of shapes \(a.shape) and \(b.shape) do not "
                    + "broadcast")
        }
        return batch
    }
}

extension Batch {
    /// All operands with the batch dimension first and their matrices' batches aligned.
    var matrices: [Tensor] {
        let rank = (0..<count).reduce(2) { Swift.max($0, self.rank($1)) }
        return (0..<count).map { padded($0, to: rank) }
    }
}

extension Tensor {
    /// The sizes of each matrix.
    var matrixRows: Int { ndim < 2 ? 0 : sizes[ndim - 2] }
    var matrixColumns: Int { ndim < 1 ? 0 : sizes[ndim - 1] }

    /// The main diagonal of each matrix.
    var mainDiagonal: Tensor { diagonal(offset: 0, dim1: -2, dim2: -1) }

    /// Diagonal matrices of this tensor's last dimension.
    var asDiagonal: Tensor { diagEmbed() }

    /// The lower triangle with half of the diagonal.
    var lowerHalf: Tensor { (tril() + tril(diagonal: -1)) * 0.5 }

    /// The upper triangle with half of the diagonal.
    var upperHalf: Tensor { (triu() + triu(diagonal: 1)) * 0.5 }

    /// (X + Xᵀ) / 2
    var symmetrized: Tensor { (self + mT) * 0.5 }

    /// X - Xᵀ
    var skewed: Tensor { self - mT }

    /// The unit matrix of this one's columns.
    var unitMatrix: Tensor { Tensor.eye(matrixColumns, dtype: dtype, device: device) }

    /// λⱼ - λᵢ at (i, j), and 1 on the diagonal.
    var gaps: Tensor {
        let gaps = unsqueeze(-2) - unsqueeze(-1)
        return gaps + Tensor.eye(sizes[ndim - 1], dtype: dtype, device: device)
    }
}
