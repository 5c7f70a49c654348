extension Calls {
    /// Every area's bindings. An entry here takes the place of a derived one.
    mutating func addBindings() {
        addPointwise()
        addReductions()
        addMovement()
        addLinearAlgebra()
        addFunctional()
    }
}
