extension Tensor {
    /// A tensor over memory that `owner` holds, row-major; a copy of it where the memory is not
    /// aligned for the type. The bytes must be as many as shape and dtype take.
    package convenience init(
        bytes: UnsafeMutableRawBufferPointer, owner: AnyObject, shape: [Int], dtype: DType
    ) {
        let layout = Layout(contiguous: Dims(shape))
        let size = layout.count * dtype.itemSize
        guard let base = bytes.baseAddress, size > 0, size <= bytes.count else {
            self.init(empty: Dims(shape), dtype, .cpu)
            if size > 0 { CPU.fill(self, .int(0)) }
            return
        }
        if Int(bitPattern: base) % dtype.itemSize == 0 {
            self.init(Storage(memory: base, byteCount: size, owner: owner), layout, dtype, .cpu)
        } else {
            self.init(empty: Dims(shape), dtype, .cpu)
            pointer?.copyMemory(from: base, byteCount: size)
        }
    }

    /// Calls `body` with the elements' bytes, row-major.
    ///
    /// - Errors: `.device` for a tensor without data. In a failed scope `body` is not called.
    package func withRawBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        if isPoisoned || Mode.current.isFailing || !isReadable("save") { return }
        guard let dense = dense(as: dtype, "save") else { return }
        withExtendedLifetime(dense) {
            body(UnsafeRawBufferPointer(start: dense.pointer, count: numel * dtype.itemSize))
        }
    }
}
