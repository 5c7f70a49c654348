extension Calls {
    /// torch.nn.functional.
    mutating func addFunctional() {
        addActivations()
        addLosses()
        addMarginLosses()
        addConvolutions()
        addPooling()
        addNormalization()
        addVision()
    }

    /// Binds `nn.functional.name`.
    mutating func functional(_ name: String, to call: @escaping Call) {
        bind("nn.functional.\(name)", to: call)
    }
}

extension Arguments {
    /// Sizes of a window: one number, or one a dimension.
    func window(_ position: Int?, _ keyword: String, or value: Int) throws -> [Int] {
        try ints(position, keyword) ?? [value]
    }
}
