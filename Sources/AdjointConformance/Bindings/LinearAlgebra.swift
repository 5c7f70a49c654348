import AdjointCore

extension Calls {
    /// Products, decompositions, solvers, norms.
    mutating func addLinearAlgebra() {
    }
}
