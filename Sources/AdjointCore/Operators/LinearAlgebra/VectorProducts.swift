// Products that are named in torch.linalg.

extension Linalg {
    /// The sums of products over one dimension, the others broadcast. Same as
    /// `torch.linalg.vecdot`.
    ///
    /// - Errors: `.shape` where the shapes do not broadcast, `.index` for a dimension that is not
    ///   there.
    public static func vecdot(_ x: Tensor, _ y: Tensor, dim: Int = -1) -> Tensor {
        (x * y).sum(dim: dim, dtype: x.dtype.isFloatingPoint ? nil : promotedType(x, y))
    }

    /// The cross product of vectors of three numbers along `dim`, the other dimensions broadcast.
    /// Same as `torch.linalg.cross`.
    ///
    /// - Errors: `.shape` unless that dimension has size 3 in both.
    public static func cross(_ x: Tensor, _ y: Tensor, dim: Int = -1) -> Tensor {
        Failure.running("cross") { () throws(TensorError) in
            if x.ndim != y.ndim {
                throw TensorError(
                    .shape,
                    "expected as many dimensions in both, but got shapes \(x.shape) and "
                        + "\(y.shape)")
            }
            let i = try Dim.resolve(dim, x.ndim)
            if x.ndim == 0 || x.sizes[i] != 3 || y.sizes[i] != 3 {
                throw TensorError(
                    .shape,
                    "inputs dimension \(dim) must have length 3, but the shapes are \(x.shape) and "
                        + "\(y.shape)")
            }
            func turned(_ t: Tensor, _ by: Int) -> Tensor { t.roll([-by], dims: [i]) }
            return turned(x, 1) * turned(y, 2) - turned(x, 2) * turned(y, 1)
        }
    }

    /// The powers 0 to n - 1 of each element, along a new last dimension; n is the last size of x
    /// unless it is given. Same as `torch.linalg.vander`.
    ///
    /// - Errors: `.argument` for a negative `n`.
    public static func vander(_ x: Tensor, n: Int? = nil) -> Tensor {
        Failure.running("vander") { () throws(TensorError) in
            let x = x.ndim == 0 ? x.reshape(1) : x
            let count = n ?? x.sizes[x.ndim - 1]
            if count < 0 { throw TensorError(.argument, "N must be 0 or more, but is \(count)") }
            let kept = x.dtype == .bool ? x.to(.int64) : x
            if count <= 1 {
                let empty = Tensor.ones(x.shape + [count], dtype: kept.dtype, device: x.device)
                return kept.dtype.isFloatingPoint ? empty : empty.to(.int64)
            }
            let ones = Tensor.ones(x.shape + [1], dtype: kept.dtype, device: x.device)
            let row = kept.unsqueeze(-1).expand(x.shape + [count - 1])
            return Tensor.cat([ones, row], dim: -1).cumprod(dim: -1)
        }
    }

    /// The product of two or more matrices, in the order that takes the fewest multiplications; the
    /// first and the last may be vectors. Same as `torch.linalg.multi_dot`.
    ///
    /// - Errors: `.shape` where the sizes do not fit, `.argument` for fewer than two.
    public static func multiDot(_ tensors: [Tensor]) -> Tensor {
        if let poisoned = tensors.first(where: { $0.isPoisoned }) { return poisoned }
        return Failure.running("multiDot") { () throws(TensorError) in
            guard let first = tensors.first, let last = tensors.last, tensors.count > 1 else {
                throw TensorError(.argument, "expected at least 2 tensors")
            }
            var matrices = tensors
            if first.ndim == 1 { matrices[0] = first.unsqueeze(0) }
            if last.ndim == 1 { matrices[matrices.count - 1] = last.unsqueeze(1) }
            for (i, matrix) in matrices.enumerated() {
                if matrix.ndim != 2 || matrix.dtype != first.dtype {
                    throw TensorError(
                        matrix.ndim != 2 ? .shape : .dtype,
                        "expected matrices of one dtype (the first and the last may be vectors), "
                            + "but tensor \(i) has shape \(tensors[i].shape) and dtype "
                            + "\(tensors[i].dtype)")
                }
                if i > 0, matrices[i - 1].sizes[1] != matrix.sizes[0] {
                    throw TensorError(
                        .shape,
                        "tensors \(i - 1) and \(i) with shapes \(tensors[i - 1].shape) and "
                            + "\(tensors[i].shape) cannot be multiplied")
                }
            }
            var product = chain(matrices)
            if last.ndim == 1 { product = product.squeeze(1) }
            return first.ndim == 1 ? product.squeeze(0) : product
        }
    }

    /// Matrix chain multiplication (Cormen et al., "Introduction to Algorithms", 15.2).
    private static func chain(_ matrices: [Tensor]) -> Tensor {
        let n = matrices.count
        let sizes = matrices.map { Double($0.sizes[0]) } + [Double(matrices[n - 1].sizes[1])]
        var cost = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        var split = [[Int]](repeating: [Int](repeating: 0, count: n), count: n)
        for length in 1..<n {
            for i in 0..<(n - length) {
                let j = i + length
                cost[i][j] = .infinity
                for k in i..<j {
                    let total =
                        cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
                    if total < cost[i][j] { (cost[i][j], split[i][j]) = (total, k) }
                }
            }
        }
        func product(_ i: Int, _ j: Int) -> Tensor {
            if i == j { return matrices[i] }
            return product(i, split[i][j]).matmul(product(split[i][j] + 1, j))
        }
        return product(0, n - 1)
    }

    /// The product of two matrices, or batches of them. Same as `torch.linalg.matmul`.
    public static func matmul(_ a: Tensor, _ b: Tensor) -> Tensor { a.matmul(b) }

    /// A diagonal of each matrix; a view. Same as `torch.linalg.diagonal`.
    ///
    /// - Errors: `.index` unless the two are different dimensions of the tensor.
    public static func diagonal(_ a: Tensor, offset: Int = 0, dim1: Int = -2, dim2: Int = -1)
        -> Tensor
    {
        a.diagonal(offset: offset, dim1: dim1, dim2: dim2)
    }
}

extension Tensor {
    /// The cross product along `dim`; nil is the first dimension of size 3. Same as `torch.cross`.
    ///
    /// - Errors: `.shape` unless that dimension has size 3 in both.
    public func cross(_ other: Tensor, dim: Int? = nil) -> Tensor {
        if let dim { return Linalg.cross(self, other, dim: dim) }
        let common = Layout.broadcastSizes(sizes, other.sizes) ?? sizes
        return Linalg.cross(self, other, dim: common.array.firstIndex(of: 3) ?? -1)
    }
}
