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
