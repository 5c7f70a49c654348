/// Tensors that stand in the place of others for a scope: those of a module's state, while the
/// module is called as a function of it. It follows the task, and changes no tensor.
package final class Exchange: @unchecked Sendable {
    private var stand: [ObjectIdentifier: Tensor] = [:]
    /// Keeps the tensors alive whose identities are the keys.
    private let owners: [Tensor]

    /// - Parameter pairs: Each tensor, and what stands in its place.
    package init(_ pairs: [(tensor: Tensor, stand: Tensor)], inside outer: Exchange?) {
        owners = pairs.map(\.tensor) + (outer?.owners ?? [])
        stand = outer?.stand ?? [:]
        for (tensor, other) in pairs {
            // An alias: the tensor given may itself be one that is exchanged.
            let alias = other.alias(linkedTo: other.edge)
            alias.copyTangents(from: other)
            stand[ObjectIdentifier(tensor)] = alias
        }
    }

    package static var current: Exchange? { Mode.current.exchange }

    /// Runs `body` with the exchange in force.
    package func run<R>(_ body: () throws -> R) rethrows -> R {
        try Mode.current.with(exchange: self).run(body)
    }

    /// The asynchronous form.
    package func run<R>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
    ) async rethrows -> R {
        try await Mode.current.with(exchange: self).run(isolation: isolation, body)
    }

    /// What stands in the place of `tensor`: itself unless it is exchanged.
    package func standIn(_ tensor: Tensor) -> Tensor { stand[ObjectIdentifier(tensor)] ?? tensor }

    func standIns(_ inputs: Operands) -> Operands {
        inputs.contains { stand[ObjectIdentifier($0)] != nil }
            ? Operands(inputs.map(standIn)) : inputs
    }
}

extension Tensor {
    /// This tensor, or what stands in its place in this scope.
    var present: Tensor { Mode.current.exchange?.standIn(self) ?? self }
}
