import CAdjoint

/// What fits into the machine. A result that does not is an error before anything is allocated:
/// the system may promise more memory than there is, and end the process that takes it at its word.
/// What a kernel needs beside its result is not asked for here.
extension Door {
    /// Tensors of so few elements are made without asking: eight megabytes, at most.
    private static let smallest = 1 << 20

    /// - Throws: Where the elements cannot be counted, or find no room.
    @inline(__always)
    static func checkRoom(
        _ sizes: Dims, _ dtype: DType, _ device: Device
    ) throws(TensorError) {
        guard let count = sizes.checkedProduct else { throw uncountable(sizes) }
        if count > smallest, let error = lackOfRoom(sizes, dtype, device) { throw error }
    }

    /// What is wrong with making a tensor of these sizes; nil where nothing is.
    @inline(never)
    static func lackOfRoom(_ sizes: Dims, _ dtype: DType, _ device: Device) -> TensorError? {
        guard let count = sizes.checkedProduct else { return uncountable(sizes) }
        if device != .cpu || count <= smallest { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.itemSize)
        if !overflow, adj_memory_has_room(bytes) { return nil }
        return TensorError(
            .argument,
            "a tensor of shape \(sizes) and type \(dtype) does not fit into the memory that is left; "
                + "make it smaller, or free others first")
    }

    static func uncountable(_ sizes: Dims) -> TensorError {
        TensorError(
            .argument, "a result of shape \(sizes) has more elements than an Int counts")
    }
}

/// The limit on the memory of all tensors together.
package enum TensorMemory {
    /// Sets it, in bytes; nil for what the machine has. Tensors of up to a million elements are
    /// made whatever the limit.
    package static func limit(to bytes: Int?) { adj_memory_set_limit(bytes ?? 0) }

    /// Whether so many values fit beside the tensors: for lists that are as long as an argument
    /// says.
    package static func hasRoom<T>(for count: Int, of: T.Type) -> Bool {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.stride)
        return !overflow && (bytes < 1 << 23 || adj_memory_has_room(bytes))
    }
}
