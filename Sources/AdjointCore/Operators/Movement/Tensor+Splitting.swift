extension Tensor {
    /// Pieces of `size` positions along `dim`, the last one perhaps shorter; views, which cannot
    /// be written in place under a recording. Same as `torch.split`.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.argument` for a size below 1.
    public func split(_ size: Int, dim: Int = 0) -> [Tensor] {
        taken("split", dim) { (length) throws(TensorError) in
            if size < 0 || (size == 0 && length > 0) {
                throw TensorError(.argument, "the pieces' size must be positive, not \(size)")
            }
            return try pieces(of: size, in: length, dim)
        }
    }

    /// Pieces of the given sizes along `dim`, as views. Same as `torch.split_with_sizes`.
    ///
    /// - Errors: `.argument` unless the sizes add up to the dimension's.
    public func split(_ sizes: [Int], dim: Int = 0) -> [Tensor] {
        taken("split", dim, count: sizes.count) { (length) throws(TensorError) in
            if sizes.contains(where: { $0 < 0 || $0 > length }) || sizes.reduce(0, &+) != length {
                throw TensorError(
                    .argument, "sizes \(sizes) do not add up to the dimension's, \(length)")
            }
            return apply(Split(dim: dim, lengths: sizes), self)
        }
    }

    /// At most `count` pieces of equal size along `dim`, the last one perhaps shorter; views.
    /// Same as `torch.chunk`.
    ///
    /// - Errors: `.argument` for a count below 1, `.index` for a dimension that is not there.
    public func chunk(_ count: Int, dim: Int = 0) -> [Tensor] {
        taken("chunk", dim, count: count) { (length) throws(TensorError) in
            if count <= 0 {
                throw TensorError(
                    .argument, "the number of pieces must be positive, not \(count)")
            }
            if length == 0 {
                try Tensor.checkPieces(count)
                let none = [Int](repeating: 0, count: count)
                return apply(Split(dim: dim, lengths: none), self)
            }
            return try pieces(of: (length - 1) / count + 1, in: length, dim)
        }
    }

    /// The slices of `dim`, without that dimension; views, which cannot be written in place under
    /// a recording. Same as `torch.unbind`.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func unbind(dim: Int = 0) -> [Tensor] {
        taken("unbind", dim) { (length) throws(TensorError) in
            try Tensor.checkPieces(length)
            return apply(Unbind(dim: dim), self)
        }
    }

    private func pieces(
        of size: Int, in length: Int, _ dim: Int
    ) throws(TensorError) -> [Tensor] {
        if length > 0 { try Tensor.checkPieces((length - 1) / size + 1) }
        let lengths =
            length == 0
            ? [0] : stride(from: 0, to: length, by: size).map { Swift.min(size, length - $0) }
        return apply(Split(dim: dim, lengths: lengths), self)
    }

    /// What `body` makes of the size of a dimension. After an error as many poisoned tensors as
    /// were asked for, or as any dimension could have given, since callers take them apart.
    private func taken(
        _ operation: String, _ dim: Int, count: Int? = nil,
        _ body: (Int) throws(TensorError) -> [Tensor]
    ) -> [Tensor] {
        do throws(TensorError) {
            let i = try Dim.resolve(dim, ndim)
            if ndim == 0 {
                throw TensorError(.index, "a 0-dimensional tensor cannot be taken apart")
            }
            return try body(sizes[i])
        } catch {
            Failure.raise(TensorError(error.kind, error.message, operation: operation))
            let pieces = Swift.min(Swift.max(count ?? sizes.max() ?? 1, 1), 1 << 16)
            return (0..<pieces).map { _ in Tensor.poisoned(sizes, dtype) }
        }
    }
}
