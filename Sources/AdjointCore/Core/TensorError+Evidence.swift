extension TensorError {
    /// What an error is about, for observers.
    package struct Evidence: Sendable {
        /// The node whose derivative could not run.
        package let node: UInt64
        /// The version that it saved, and the one that is there now.
        package var expected: Int?
        package var actual: Int?
        /// The number of the memory that was written to, as `Tensor.observedStorageTag`.
        package var storage: UInt32?
    }
}
