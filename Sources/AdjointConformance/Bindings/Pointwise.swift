import AdjointCore

extension Calls {
    /// Elementwise functions, comparisons, special functions.
    mutating func addPointwise() {
        bind("exp") { [try $0.tensor(0).exp()] }
    }
}
