import CAdjoint

/// What fits into the machine. What does not is an error before anything is allocated: the system
/// may promise more memory than there is, and end the process that takes it at its word.
package enum TensorMemory {
    /// Tensors of so few elements are made without asking: eight megabytes, at most.
    static let smallest = 1 << 20

    /// Sets the limit on the memory of all tensors together, in bytes; nil for what the machine
    /// has. Tensors of up to a million elements are made whatever the limit.
    package static func limit(to bytes: Int?) { adj_memory_set_limit(bytes ?? 0) }

    /// Whether so many values fit beside the tensors: for lists that are as long as an argument
    /// says.
    package static func hasRoom<T>(for count: Int, of: T.Type) -> Bool {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.stride)
        return !overflow && (bytes < 1 << 23 || adj_memory_has_room(bytes))
    }

    /// Whether a tensor of so many elements fits beside those there are.
    static func hasRoom(for count: Int, _ dtype: DType) -> Bool {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.itemSize)
        return !overflow && (count <= smallest || adj_memory_has_room(bytes))
    }

    /// What is wrong with working memory of these sizes; nil where nothing is.
    @inline(never)
    static func lackOfScratch(_ sizes: Dims, _ dtype: DType) -> TensorError? {
        if let count = sizes.checkedProduct, hasRoom(for: count, dtype) { return nil }
        return TensorError(
            .argument,
            "a working copy of shape \(sizes) and type \(dtype) is needed, and does not fit into the "
                + "memory that is left; make the operands smaller, or free other tensors first")
    }

    /// - Throws: Where a list of so many values, one or a few for each element of a tensor of these
    ///   sizes, finds no room.
    @inline(__always)
    static func checkList<T>(of: T.Type, _ count: Int, for sizes: Dims) throws(TensorError) {
        if count > smallest, !hasRoom(for: count, of: T.self) { throw lackOfList(sizes) }
    }

    @inline(never)
    private static func lackOfList(_ sizes: Dims) -> TensorError {
        TensorError(
            .argument,
            "a working list for the elements of a tensor of shape \(sizes) is needed, and does not "
                + "fit into the memory that is left; make the tensor smaller, or free others first")
    }
}
