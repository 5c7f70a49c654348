/// A result that does not fit into the machine is an error before anything is allocated. What a
/// kernel needs beside its result it asks for itself, as `Block(scratch:)`.
extension Door {
    /// - Throws: Where the elements cannot be counted, or find no room.
    @inline(__always)
    static func checkRoom(
        _ sizes: Dims, _ dtype: DType, _ device: Device
    ) throws(TensorError) {
        guard let count = sizes.checkedProduct else { throw uncountable(sizes) }
        if count > TensorMemory.smallest, let error = lackOfRoom(sizes, dtype, device) {
            throw error
        }
    }

    /// What is wrong with making a tensor of these sizes; nil where nothing is.
    @inline(never)
    static func lackOfRoom(_ sizes: Dims, _ dtype: DType, _ device: Device) -> TensorError? {
        guard let count = sizes.checkedProduct else { return uncountable(sizes) }
        if device != .cpu || TensorMemory.hasRoom(for: count, dtype) { return nil }
        return TensorError(
            .argument,
            "a tensor of shape \(sizes) and type \(dtype) does not fit into the memory that is left; "
                + "make it smaller, or free others first")
    }

    /// The product of sizes that a result shall have as one.
    static func product(_ sizes: [Int]) throws(TensorError) -> Int {
        guard let product = Dims(sizes).checkedProduct else { throw uncountable(Dims(sizes)) }
        return product
    }

    /// Why sizes have no product.
    static func uncountable(_ sizes: Dims) -> TensorError {
        if sizes.count > Dims.capacity {
            return TensorError(
                .shape, "a tensor has at most \(Dims.capacity) dimensions, not \(sizes.count)")
        }
        return TensorError(
            .argument,
            sizes.contains { $0 < 0 }
                ? "a result of shape \(sizes) has a negative size"
                : "a result of shape \(sizes) has more elements than an Int counts")
    }
}
