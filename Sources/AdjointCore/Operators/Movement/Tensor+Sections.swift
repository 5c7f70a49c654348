extension Tensor {
    /// `sections` pieces along `dim` whose sizes differ by one at most, the larger ones first;
    /// views. Same as `torch.tensor_split`.
    ///
    /// - Errors: `.argument` for a count below 1, `.index` for a dimension that is not there.
    public func tensorSplit(_ sections: Int, dim: Int = 0) -> [Tensor] {
        sectioned("tensorSplit", dim, sections) { (length) throws(TensorError) in
            if sections <= 0 {
                throw TensorError(
                    .argument, "the number of pieces must be positive, not \(sections)")
            }
            try Tensor.checkPieces(sections)
            let (size, rest) = (length / sections, length % sections)
            return (1..<sections).map { $0 * size + Swift.min($0, rest) }
        }
    }

    /// The pieces of `dim` between the positions named: up to the first, from it to the second, and
    /// so on to the end. Negative positions count from the end; views. Same as
    /// `torch.tensor_split`.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func tensorSplit(_ indices: [Int], dim: Int = 0) -> [Tensor] {
        sectioned("tensorSplit", dim, indices.count + 1) { _ in indices }
    }

    /// The same with the positions, or the number of pieces, in an int64 tensor on the processor.
    ///
    /// - Errors: `.dtype` for other than int64, `.shape` for more than one dimension, `.argument`
    ///   where the elements cannot be read.
    public func tensorSplit(_ indices: Tensor, dim: Int = 0) -> [Tensor] {
        func poisoned() -> [Tensor] {
            let pieces = Swift.min(Swift.max(sizes.max() ?? 1, indices.numel), 1 << 16 - 1) + 1
            return (0..<pieces).map { _ in Tensor.poisoned(sizes, dtype) }
        }
        if let error = Tensor.readingError(indices, "tensorSplit", most: 1) {
            Failure.raise(error)
            return poisoned()
        }
        if indices.ndim == 0 { return tensorSplit(indices.item(as: Int.self), dim: dim) }
        let positions = indices.array(as: Int.self)
        return Mode.current.isFailing ? poisoned() : tensorSplit(positions, dim: dim)
    }

    /// Pieces of equal size from left to right: along dimension 1, of a vector along dimension 0.
    /// Same as `torch.hsplit`.
    ///
    /// - Errors: `.shape` for a 0-dimensional tensor, `.argument` where the size is not a multiple.
    public func hsplit(_ sections: Int) -> [Tensor] { equal("hsplit", sections, 1, 1) }
    /// The pieces between the positions named.
    public func hsplit(_ indices: [Int]) -> [Tensor] { between("hsplit", indices, 1, 1) }

    /// Pieces of equal size from top to bottom, along dimension 0. Same as `torch.vsplit`.
    ///
    /// - Errors: `.shape` for fewer than 2 dimensions, `.argument` where the size is not a multiple.
    public func vsplit(_ sections: Int) -> [Tensor] { equal("vsplit", sections, 0, 2) }
    /// The pieces between the positions named.
    public func vsplit(_ indices: [Int]) -> [Tensor] { between("vsplit", indices, 0, 2) }

    /// Pieces of equal size from front to back, along dimension 2. Same as `torch.dsplit`.
    ///
    /// - Errors: `.shape` for fewer than 3 dimensions, `.argument` where the size is not a multiple.
    public func dsplit(_ sections: Int) -> [Tensor] { equal("dsplit", sections, 2, 3) }
    /// The pieces between the positions named.
    public func dsplit(_ indices: [Int]) -> [Tensor] { between("dsplit", indices, 2, 3) }

    private func equal(_ operation: String, _ sections: Int, _ dim: Int, _ least: Int) -> [Tensor] {
        sectioned(operation, ndim == 1 ? 0 : dim, sections, least: least) {
            (length) throws(TensorError) in
            if sections <= 0 || length % sections != 0 {
                throw TensorError(
                    .argument,
                    "a dimension of size \(length) cannot be split into \(sections) equal pieces")
            }
            try Tensor.checkPieces(sections)
            return (1..<sections).map { $0 * (length / sections) }
        }
    }

    private func between(_ operation: String, _ indices: [Int], _ dim: Int, _ least: Int)
        -> [Tensor]
    {
        sectioned(operation, ndim == 1 ? 0 : dim, indices.count + 1, least: least) { _ in
            indices
        }
    }

    /// The pieces between the positions that `cuts` gives for the size of a dimension; after an
    /// error as many as were asked for, since callers take them apart.
    private func sectioned(
        _ operation: String, _ dim: Int, _ count: Int, least: Int = 1,
        _ cuts: (Int) throws(TensorError) -> [Int]
    ) -> [Tensor] {
        do throws(TensorError) {
            if ndim < least {
                throw TensorError(
                    .shape, "at least \(least) dimensions are needed, and the shape is \(shape)")
            }
            let i = try Dim.resolve(dim, ndim)
            let bounds = try cuts(sizes[i])
            return try (0...bounds.count).map { (k) throws(TensorError) in
                let (start, length) = try IndexTerm.span(
                    k == 0 ? 0 : bounds[k - 1], k < bounds.count ? bounds[k] : nil, 1, of: sizes[i])
                return apply(Slice(dim: i, start: start, length: length), self)
            }
        } catch {
            Failure.raise(TensorError(error.kind, error.message, operation: operation))
            let pieces = Swift.min(Swift.max(count, 1), 1 << 16)
            return (0..<pieces).map { _ in Tensor.poisoned(sizes, dtype) }
        }
    }
}

extension Tensor {
    /// Bytes that a view takes, about: itself, its history, and its place in a list.
    private static let viewSize = 512

    /// - Throws: Where so many views of one tensor find no room.
    static func checkPieces(_ count: Int) throws(TensorError) {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: viewSize)
        if overflow || !TensorMemory.hasRoom(for: bytes, of: UInt8.self) {
            throw TensorError(.argument, "there is no room for \(count) pieces")
        }
    }

    /// Why the whole numbers of `tensor` cannot be read as an argument; nil where they can.
    static func readingError(_ tensor: Tensor, _ operation: String, most rank: Int) -> TensorError?
    {
        if tensor.isBatched { return .dependsOnData(operation) }
        if !tensor.dtype.isInteger {
            return TensorError(
                .dtype, "whole numbers (int64) are needed, not \(tensor.dtype)",
                operation: operation)
        }
        if tensor.ndim > rank {
            return TensorError(
                .shape, "at most \(rank) dimensions are allowed, not \(tensor.shape)",
                operation: operation)
        }
        if tensor.isPoisoned || Mode.current.isFailing || tensor.storage.memory == nil {
            return TensorError(
                .argument, "the numbers of a tensor on \(tensor.device) cannot be read",
                operation: operation)
        }
        return nil
    }
}
