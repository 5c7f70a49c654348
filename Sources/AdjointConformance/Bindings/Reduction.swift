import AdjointCore

extension Calls {
    /// Reductions, scans, sorting, statistics.
    mutating func addReductions() {
    }
}
