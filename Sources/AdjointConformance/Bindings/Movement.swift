import AdjointCore

extension Calls {
    /// Creation, movement, indexing.
    mutating func addMovement() {
    }
}
