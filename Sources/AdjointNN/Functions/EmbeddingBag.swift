public import AdjointCore

/// How the rows of a bag become one.
public enum BagMode: Sendable, Hashable {
    /// Their sum, or the weighted sum.
    case sum
    /// Their mean.
    case mean
    /// The largest of each column.
    case max
}

/// Rows of a table, looked up and reduced by bags: one row for each bag, zeros for an empty one.
/// Same as `torch.nn.functional.embedding_bag`.
///
/// - Parameters:
///   - indices: Positions in the table: a bag in each row, or all bags one after the other.
///   - weight: The table, [rows, width].
///   - offsets: Where each bag begins in `indices` of one dimension, ascending from 0.
///   - mode: Largest elements leave gradients where they stand.
///   - perSampleWeights: A factor for each index, in mode `sum`.
///   - includeLastOffset: Whether the last offset is where the last bag ends.
///   - paddingIndex: A row that counts for nothing and receives no gradient.
///   - maxNorm: Rows that are named, and longer than that, are shortened to it first; nil for no
///     limit.
///   - normType: The norm that measures them.
///   - scaleGradByFreq: Whether a row's gradient is divided by how often it is named.
/// - Errors: `.shape` and `.argument` where the inputs do not fit, `.index` for a position outside
///   the table, `.dtype` for positions that are no integers.
public func embeddingBag(
    _ indices: Tensor, _ weight: Tensor, offsets: Tensor? = nil, mode: BagMode = .mean,
    perSampleWeights: Tensor? = nil, includeLastOffset: Bool = false, paddingIndex: Int? = nil,
    maxNorm: Double? = nil, normType: Double = 2, scaleGradByFreq: Bool = false
) -> Tensor {
    let given = [indices, weight, offsets, perSampleWeights].compactMap { $0 }
    if let poisoned = given.first(where: { $0.isPoisoned }) { return poisoned }
    do throws(TensorError) {
        if let perSampleWeights, mode != .sum || perSampleWeights.shape != indices.shape {
            throw TensorError(
                .argument,
                "perSampleWeights are for mode sum, one for each index; got mode \(mode) and "
                    + "shapes \(perSampleWeights.shape) and \(indices.shape)")
        }
        let (bags, count) = try bags(indices, offsets, includeLastOffset)
        let flat = indices.reshape([indices.numel])
        var rows = embedding(
            flat, weight, paddingIndex: paddingIndex, maxNorm: maxNorm, normType: normType,
            scaleGradByFreq: scaleGradByFreq)
        if rows.isPoisoned || count == 0 || flat.numel == 0 {
            return rows.isPoisoned
                ? rows : Tensor.zeros([count, weight.shape[1]], dtype: weight.dtype)
        }
        var bag = Tensor(bags, shape: [bags.count], dtype: .int64)
        if let paddingIndex {
            let table = weight.shape[0]
            let padding = paddingIndex < 0 ? paddingIndex + table : paddingIndex
            let kept = (flat .!= padding).nonzero().flatten()
            rows = rows.indexSelect(dim: 0, index: kept)
            bag = bag.indexSelect(dim: 0, index: kept)
            if let perSampleWeights {
                let factors = perSampleWeights.flatten().indexSelect(dim: 0, index: kept)
                rows = rows * factors.unsqueeze(1)
            }
        } else if let perSampleWeights {
            rows = rows * perSampleWeights.reshape([flat.numel, 1])
        }
        let zeros = Tensor.zeros([count, weight.shape[1]], dtype: rows.dtype, device: rows.device)
        switch mode {
        case .sum: return zeros.indexAdd(dim: 0, index: bag, src: rows)
        case .mean:
            let sizes = Tensor.zeros([count], dtype: rows.dtype, device: rows.device)
                .indexAdd(
                    dim: 0, index: bag, src: Tensor.ones([bag.numel], dtype: rows.dtype))
            let sums = zeros.indexAdd(dim: 0, index: bag, src: rows)
            return sums / sizes.clamp(min: 1).unsqueeze(1)
        case .max:
            let places = bag.unsqueeze(1).expand(rows.shape)
            return zeros.scatterReduce(
                dim: 0, index: places, src: rows, reduce: .amax, includeSelf: false)
        }
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: "embeddingBag"))
    }
}

/// The bag of each index, and how many bags there are.
private func bags(_ indices: Tensor, _ offsets: Tensor?, _ includesLast: Bool)
    throws(TensorError) -> (bags: [Int], count: Int)
{
    if !TensorMemory.hasRoom(for: indices.numel, of: Int.self) {
        throw TensorError(
            .argument, "there are \(indices.numel) indices, which memory does not hold bags for")
    }
    switch (indices.ndim, offsets) {
    case (2, nil):
        let (count, size) = (indices.shape[0], indices.shape[1])
        // However many bags there are, none may have an index.
        let bags = size == 0 ? 0..<0 : 0..<count
        return (bags.flatMap { repeatElement($0, count: size) }, count)
    case (1, let offsets?):
        guard offsets.ndim == 1, offsets.dtype.isInteger else {
            throw TensorError(
                .shape, "expected offsets of one dimension, but got \(offsets.shape)")
        }
        var starts = offsets.to(.int64).array(as: Int.self)
        let total = indices.numel
        if includesLast, let end = starts.popLast(), end != total {
            throw TensorError(
                .argument, "the last offset must be the number of indices, \(total), not \(end)")
        }
        let ascends = zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
        guard starts.first ?? 0 == 0, ascends, starts.last ?? 0 <= total,
            !starts.isEmpty || total == 0
        else {
            throw TensorError(
                .argument,
                "offsets ascend from 0 to at most \(total), but are "
                    + (starts.count > 16 ? "\(starts.prefix(16)) and more" : "\(starts)"))
        }
        var bags: [Int] = []
        bags.reserveCapacity(total)
        for (i, start) in starts.enumerated() {
            let end = i + 1 < starts.count ? starts[i + 1] : total
            bags += [Int](repeating: i, count: end - start)
        }
        return (bags, starts.count)
    default:
        throw TensorError(
            .shape,
            "expected a bag in each row of two dimensions, or one dimension with offsets, but got "
                + "shape \(indices.shape) \(offsets == nil ? "without" : "with") offsets")
    }
}
