// Distances between vectors, and how alike they are.

/// The p-norms of the differences between the rows of `x1`, [..., p, m], and those of `x2`,
/// [..., r, m]: [..., p, r]. Same as `torch.cdist`.
///
/// - Errors: `.shape` where the sizes do not fit, `.dtype` unless both are float32 or float64.
public func cdist(_ x1: Tensor, _ x2: Tensor, p: Double = 2) -> Tensor {
    Failure.running("cdist") { () throws(TensorError) in
        for x in [x1, x2] where !DTypes.lapack.contains(x.dtype) {
            throw TensorError(.dtype, "expected float32 or float64, not \(x.dtype)")
        }
        if x1.ndim < 2 || x2.ndim < 2 || x1.matrixColumns != x2.matrixColumns {
            throw TensorError(
                .shape,
                "expected rows of one length, [..., p, m] and [..., r, m], but got shapes "
                    + "\(x1.shape) and \(x2.shape)")
        }
        if !(p >= 0) { throw TensorError(.argument, "p must be 0 or more, and is \(p)") }
        if x1.matrixColumns == 0 {
            let batch = Layout.broadcastSizes(
                Dims(x1.sizes.dropLast(2)), Dims(x2.sizes.dropLast(2)))
            let shape = (batch?.array ?? []) + [x1.matrixRows, x2.matrixRows]
            return Tensor.zeros(shape, dtype: x1.dtype, device: x1.device)
        }
        return (x1.unsqueeze(-2) - x2.unsqueeze(-3)).norm(p, dim: -1)
    }
}

/// The p-norms of the differences between each row of a matrix and every later one, row by row.
/// Same as `torch.nn.functional.pdist`.
///
/// - Errors: `.shape` for what is no matrix, `.dtype` unless it is float32 or float64.
public func pdist(_ x: Tensor, p: Double = 2) -> Tensor {
    Failure.running("pdist") { () throws(TensorError) in
        if !DTypes.lapack.contains(x.dtype) {
            throw TensorError(.dtype, "expected float32 or float64, not \(x.dtype)")
        }
        if x.ndim != 2 { throw TensorError(.shape, "expected a matrix, but got \(x.shape)") }
        if !(p >= 0) { throw TensorError(.argument, "p must be 0 or more, and is \(p)") }
        let n = x.sizes[0]
        let (numbers, overflow) = n.multipliedReportingOverflow(by: Swift.max(n - 1, 0))
        try TensorMemory.checkList(of: Int.self, overflow ? .max : numbers, for: x.sizes)
        var (first, second): ([Int], [Int]) = ([], [])
        for i in 0..<n {
            for j in (i + 1)..<Swift.max(n, i + 1) {
                first.append(i)
                second.append(j)
            }
        }
        func rows(_ positions: [Int]) -> Tensor {
            x.indexSelect(
                dim: 0, index: Tensor(positions, shape: [positions.count]).to(x.device))
        }
        if x.sizes[1] == 0 {
            return Tensor.zeros([first.count], dtype: x.dtype, device: x.device)
        }
        return (rows(first) - rows(second)).norm(p, dim: -1)
    }
}

/// The p-norm of x1 - x2 + eps over the last dimension. Same as
/// `torch.nn.functional.pairwise_distance`.
///
/// - Errors: `.shape` where the shapes do not broadcast.
public func pairwiseDistance(
    _ x1: Tensor, _ x2: Tensor, p: Double = 2, eps: Double = 1e-6, keepDim: Bool = false
) -> Tensor {
    (x1 - x2 + eps).norm(p, dim: -1, keepDim: keepDim)
}

/// The product of the vectors along `dim` over that of their lengths, which count as `eps` where
/// they are smaller. Same as `torch.nn.functional.cosine_similarity`.
///
/// - Errors: `.shape` where the shapes do not broadcast, `.dtype` for integers, `.index` for a
///   dimension that is not there.
public func cosineSimilarity(_ x1: Tensor, _ x2: Tensor, dim: Int = 1, eps: Double = 1e-8)
    -> Tensor
{
    Failure.running("cosineSimilarity") { () throws(TensorError) in
        let dtype = promotedType(x1, x2)
        if !dtype.isFloatingPoint {
            throw TensorError(
                .dtype, "expected common dtype to be floating point, yet common dtype is \(dtype)")
        }
        let shape = try broadcastSizes(x1, x2).array
        // The slope is that of the length itself where eps takes its place.
        func scaled(_ x: Tensor) -> Tensor {
            let wide = x.to(dtype).expand(shape)
            let length = wide.norm(2, dim: dim, keepDim: true)
            let missing = noGrad { (eps - length.detach()).clamp(min: 0) }
            return wide / (length + missing)
        }
        return (scaled(x1) * scaled(x2)).sum(dim: dim)
    }
}

/// Σ x1ᵢ wₒᵢⱼ x2ⱼ + bias: x1 is [..., in1], x2 [..., in2], the weight [out, in1, in2]. Same as
/// `torch.nn.functional.bilinear`.
///
/// - Errors: `.shape` where the sizes do not fit, `.dtype` where the types differ.
public func bilinear(_ x1: Tensor, _ x2: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) -> Tensor
{
    Failure.running("bilinear") { () throws(TensorError) in
        guard weight.ndim == 3, x1.ndim > 0, x2.ndim > 0,
            x1.sizes.last == weight.sizes[1], x2.sizes.last == weight.sizes[2],
            x1.sizes.dropLast() == x2.sizes.dropLast()
        else {
            throw TensorError(
                .shape,
                "expected inputs [..., in1] and [..., in2] and a weight [out, in1, in2], but got "
                    + "shapes \(x1.shape), \(x2.shape) and \(weight.shape)")
        }
        let lead = Array(x1.shape.dropLast())
        let rows = try Door.product(lead)
        let (out, in1, in2) = (weight.sizes[0], weight.sizes[1], weight.sizes[2])
        let flat = weight.permute(1, 0, 2).reshape([in1, try Door.product([out, in2])])
        let half = x1.reshape([rows, in1]).matmul(flat).reshape([rows, out, in2])
        let product = half.matmul(x2.reshape([rows, in2, 1])).reshape(lead + [out])
        return bias.map { product + $0 } ?? product
    }
}
