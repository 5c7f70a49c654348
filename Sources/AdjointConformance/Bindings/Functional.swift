import AdjointCore

extension Calls {
    /// torch.nn.functional.
    mutating func addFunctional() {
    }
}
