extension Tensor {
    /// Pieces of `size` positions along `dim`, the last one perhaps shorter; views, which cannot
    /// be written in place under a recording.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.argument` for a size below 1.
    public func split(_ size: Int, dim: Int = 0) -> [Tensor] {
        taken("split", dim) { (length) throws(TensorError) in
            if size < 0 || (size == 0 && length > 0) {
                throw TensorError(.argument, "the pieces' size must be positive, not \(size)")
            }
            if length == 0 { return [piece(dim, 0, 0)] }
            return stride(from: 0, to: length, by: size).map {
                piece(dim, $0, Swift.min(size, length - $0))
            }
        }
    }

    /// Pieces of the given sizes along `dim`, as views.
    ///
    /// - Errors: `.argument` unless the sizes add up to the dimension's.
    public func split(_ sizes: [Int], dim: Int = 0) -> [Tensor] {
        taken("split", dim, count: sizes.count) { (length) throws(TensorError) in
            if sizes.contains(where: { $0 < 0 || $0 > length }) || sizes.reduce(0, +) != length {
                throw TensorError(
                    .argument, "sizes \(sizes) do not add up to the dimension's, \(length)")
            }
            var start = 0
            return sizes.map { size in
                defer { start += size }
                return piece(dim, start, size)
            }
        }
    }

    /// At most `count` pieces of equal size along `dim`, the last one perhaps shorter; views.
    ///
    /// - Errors: `.argument` for a count below 1, `.index` for a dimension that is not there.
    public func chunk(_ count: Int, dim: Int = 0) -> [Tensor] {
        taken("chunk", dim, count: count) { (length) throws(TensorError) in
            if count <= 0 {
                throw TensorError(
                    .argument, "the number of pieces must be positive, not \(count)")
            }
            if length == 0 { return (0..<count).map { _ in piece(dim, 0, 0) } }
            return split((length - 1) / count + 1, dim: dim)
        }
    }

    /// The slices of `dim`, without that dimension; views, which cannot be written in place under
    /// a recording.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func unbind(dim: Int = 0) -> [Tensor] {
        taken("unbind", dim) { length in
            (0..<length).map { select(dim: dim, index: $0).markedMultiView() }
        }
    }

    private func piece(_ dim: Int, _ start: Int, _ length: Int) -> Tensor {
        apply(Slice(dim: dim, start: start, length: length), self).markedMultiView()
    }

    private func markedMultiView() -> Tensor {
        flags.insert(.multiView)
        return self
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
