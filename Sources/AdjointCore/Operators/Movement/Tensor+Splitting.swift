extension Tensor {
    /// Pieces of `size` positions along `dim`, the last one perhaps shorter; views, which cannot
    /// be written in place under a recording.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.argument` for a size below 1.
    public func split(_ size: Int, dim: Int = 0) -> [Tensor] {
        guard let length = length(dim, "split") else { return [self] }
        if size <= 0, size < 0 || length > 0 {
            return refused("split", .argument, "the pieces' size must be positive, not \(size)")
        }
        if length == 0 { return [piece(dim, 0, 0)] }
        return stride(from: 0, to: length, by: size).map {
            piece(dim, $0, Swift.min(size, length - $0))
        }
    }

    /// Pieces of the given sizes along `dim`, as views.
    ///
    /// - Errors: `.argument` unless the sizes add up to the dimension's.
    public func split(_ sizes: [Int], dim: Int = 0) -> [Tensor] {
        guard let length = length(dim, "split") else { return sizes.map { _ in self } }
        if sizes.contains(where: { $0 < 0 || $0 > length }) || sizes.reduce(0, +) != length {
            return refused(
                "split", .argument, "sizes \(sizes) do not add up to the dimension's, \(length)")
        }
        var start = 0
        return sizes.map { size in
            defer { start += size }
            return piece(dim, start, size)
        }
    }

    /// At most `count` pieces of equal size along `dim`, the last one perhaps shorter; views.
    ///
    /// - Errors: `.argument` for a count below 1, `.index` for a dimension that is not there.
    public func chunk(_ count: Int, dim: Int = 0) -> [Tensor] {
        guard let length = length(dim, "chunk") else { return [self] }
        if count <= 0 {
            return refused(
                "chunk", .argument, "the number of pieces must be positive, not \(count)")
        }
        if length == 0 { return (0..<count).map { _ in piece(dim, 0, 0) } }
        return split((length - 1) / count + 1, dim: dim)
    }

    /// The slices of `dim`, without that dimension; views, which cannot be written in place under
    /// a recording.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func unbind(dim: Int = 0) -> [Tensor] {
        guard let length = length(dim, "unbind") else { return [] }
        return (0..<length).map { select(dim: dim, index: $0).markedMultiView() }
    }

    private func piece(_ dim: Int, _ start: Int, _ length: Int) -> Tensor {
        apply(Slice(dim: dim, start: start, length: length), self).markedMultiView()
    }

    private func markedMultiView() -> Tensor {
        flags.insert(.multiView)
        return self
    }

    /// The size of a dimension, or nil after an error.
    private func length(_ dim: Int, _ operation: String) -> Int? {
        do throws(TensorError) {
            let i = try Dim.resolve(dim, ndim)
            if ndim > 0 { return sizes[i] }
            throw TensorError(.index, "a 0-dimensional tensor has no dimension to take apart")
        } catch {
            _ = refused(operation, error.kind, error.message)
            return nil
        }
    }

    private func refused(_ operation: String, _ kind: TensorError.Kind, _ message: String)
        -> [Tensor]
    {
        [Failure.poison(TensorError(kind, message, operation: operation), like: sizes, dtype)]
    }
}
