/// Stands for writes that something outside of the library made.
enum ForeignWrite {}

extension Tensor {
    /// Counts a write in place that something else has made to this memory (a kernel that was
    /// given its address), so that derivatives which need the old elements notice. Nothing is
    /// counted for an inference tensor.
    public func incrementVersion() {
        if isPoisoned || Mode.current.isFailing || flags.contains(.inference) { return }
        storage.bumpVersion(by: ForeignWrite.self)
        noteWrite()
        Mode.current.observeWrite(self, by: "incrementVersion")
    }
}
