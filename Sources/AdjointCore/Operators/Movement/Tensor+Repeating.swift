extension Tensor {
    /// The tensor repeated so many times along each dimension; more counts than dimensions add
    /// leading ones. A copy. Same as `torch.Tensor.repeat`.
    ///
    /// - Errors: `.argument` for fewer counts than dimensions, or negative ones.
    public func `repeat`(_ counts: [Int]) -> Tensor {
        if counts.count < ndim || counts.contains(where: { $0 < 0 }) {
            return refusal(
                "repeat",
                TensorError(
                    .argument,
                    "counts \(counts) must be at least as many as the dimensions of "
                        + "shape \(shape), and not negative"))
        }
        let padded = [Int](repeating: 1, count: counts.count - ndim) + shape
        let product = zip(counts, padded).map { $0.multipliedReportingOverflow(by: $1) }
        if Dims(product.map(\.partialValue)).checkedProduct == nil
            || product.contains(where: \.overflow)
        {
            return refusal(
                "repeat",
                counts.count > Dims.capacity
                    ? Door.uncountable(Dims(counts))
                    : TensorError(.argument, "\(counts) repeats make too many elements"))
        }
        var result = counts.count > ndim ? reshape(padded) : self
        let dims = counts.indices.filter { counts[$0] != 1 }
        if dims.isEmpty { return result.clone() }
        for start in stride(from: 0, to: dims.count, by: 3) {
            result = result.repeated(counts, dims[start..<Swift.min(start + 3, dims.count)])
        }
        return result
    }
    /// This tensor so many times along each dimension, as `repeat(2, 1)`: a copy.
    public func `repeat`(_ counts: Int...) -> Tensor { `repeat`(counts) }

    /// The same as `repeat`, for those who would rather not write a keyword of Swift.
    public func repeated(_ counts: [Int]) -> Tensor { `repeat`(counts) }
    /// The same as `repeat(2, 1)`, under a name that needs no backticks.
    public func repeated(_ counts: Int...) -> Tensor { `repeat`(counts) }

    /// Repeated along a few dimensions. Each takes one more dimension meanwhile, and those in
    /// between are joined, so that three fit.
    private func repeated(_ counts: [Int], _ dims: ArraySlice<Int>) -> Tensor {
        var result = shape
        var column = [Dims(shape[..<dims.first!]).product]
        var spread = column
        for (k, i) in zip(dims.indices, dims) {
            let end = k + 1 < dims.endIndex ? dims[k + 1] : ndim
            let run = Dims(shape[i..<end]).product
            column += [1, run]
            spread += [counts[i], run]
            result[i] *= counts[i]
        }
        return reshape(column).expand(spread).reshape(result)
    }

    /// The tensor repeated so many times along each dimension; fewer counts than dimensions leave
    /// the leading ones. Same as `torch.tile`.
    public func tile(_ counts: [Int]) -> Tensor {
        `repeat`([Int](repeating: 1, count: Swift.max(ndim - counts.count, 0)) + counts)
    }
    /// This tensor so many times along the last dimensions, as `tile(2)`. Same as `torch.tile`.
    public func tile(_ counts: Int...) -> Tensor { tile(counts) }
}
