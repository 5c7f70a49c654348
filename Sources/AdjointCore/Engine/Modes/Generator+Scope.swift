import CAdjoint

extension Generator {
    /// The generator that draws now: that of the innermost `withGenerator`, or the shared one.
    public static var current: Generator { Mode.current.generator ?? shared }
}

/// Reseeds the current generator.
public func manualSeed(_ seed: Int) { Generator.current.reseed(seed) }

/// Runs `body` with a generator of its own, which follows the task.
public func withGenerator<R>(seed: Int, _ body: () throws -> R) rethrows -> R {
    try Mode.current.with(generator: Generator(seed: seed)).run(body)
}

/// The asynchronous form.
public func withGenerator<R>(
    seed: Int, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
    try await Mode.current.with(generator: Generator(seed: seed)).run(isolation: isolation, body)
}

extension Generator {
    /// A permutation of `0..<count`, each equally likely (Fisher and Yates).
    ///
    /// - Errors: `.argument` for a negative count, and for one that no memory holds; none then.
    public func permutation(_ count: Int) -> [Int] {
        if count < 0 || !TensorMemory.hasRoom(for: count, of: (Int, UInt64).self) {
            Failure.raise(
                TensorError(
                    .argument, "a permutation of \(count) numbers cannot be made",
                    operation: "permutation"))
            return []
        }
        var order = Array(0..<count)
        var draws = [UInt64](repeating: 0, count: count)
        let state = advance(count)
        adj_random_bits(state.seed, state.offset, &draws, count)
        for i in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(i, Int(draws[i].multipliedFullWidth(by: UInt64(i + 1)).high))
        }
        return order
    }
}
