extension Tensor {
    /// Sets every element to `value` without counting a write. Checks use it to prove that nobody
    /// reads this memory any more; anywhere else it would make gradients silently wrong.
    package func overwriteUncounted(_ value: Double) {
        if storage.memory != nil { CPU.fill(self, .float(value)) }
    }
}
