extension SavedHooks {
    /// The hooks of a scope, unless hooks are switched off here.
    fileprivate static func ofUser<P>(
        _ pack: @escaping @Sendable (Tensor) -> P, _ unpack: @escaping @Sendable (P) -> Tensor
    ) -> SavedHooks? {
        let outer = Mode.current.savedHooks
        if let refusal = outer?.refusal {
            Failure.raise(TensorError(.autograd, refusal, operation: "savedTensorsHooks"))
            return outer
        }
        return SavedHooks(
            outer: outer, pack: { pack($0) }, unpack: { unpack($0 as! P) })
    }

    fileprivate static func refusing(_ message: String) -> SavedHooks {
        let outer = Mode.current.savedHooks
        if outer?.isActive == true {
            Failure.raise(TensorError(.autograd, message, operation: "disableSavedTensorsHooks"))
        }
        return refused(message, outer: outer)
    }
}

/// Runs `body`; each tensor that an operation in it saves for its derivative goes through `pack`,
/// and through `unpack` when the derivative needs it. Of nested pairs the innermost counts.
///
/// - Parameters:
///   - pack: Gets the tensor without history and runs without recording. What it returns is kept.
///   - unpack: Gives the tensor back, in its shape, dtype and device. What it saves itself goes
///     through neither.
///   - body: What runs inside the scope.
/// - Errors: `.shape`, `.dtype`, `.device` where `unpack` gives something else; `.inPlace` where
///   `pack` writes to its tensor, or where `unpack` gives the same memory back and somebody has
///   written to it; `.autograd` inside `disableSavedTensorsHooks`.
public func savedTensorsHooks<P, R>(
    pack: @escaping @Sendable (Tensor) -> P, unpack: @escaping @Sendable (P) -> Tensor,
    _ body: () throws -> R
) rethrows -> R {
    try Mode.current.with(savedHooks: SavedHooks.ofUser(pack, unpack)).run(body)
}

/// The asynchronous form.
public func savedTensorsHooks<P, R>(
    pack: @escaping @Sendable (Tensor) -> P, unpack: @escaping @Sendable (P) -> Tensor,
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
    try await Mode.current.with(savedHooks: SavedHooks.ofUser(pack, unpack))
        .run(isolation: isolation, body)
}

/// Runs `body`, in which installing saved-tensor hooks is an error with `message`: for code that
/// does not work with them.
///
/// - Errors: `.autograd`, also where hooks are installed around this call.
public func disableSavedTensorsHooks<R>(_ message: String, _ body: () throws -> R) rethrows -> R {
    try Mode.current.with(savedHooks: SavedHooks.refusing(message)).run(body)
}

/// The asynchronous form.
public func disableSavedTensorsHooks<R>(
    _ message: String, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    try await Mode.current.with(savedHooks: SavedHooks.refusing(message))
        .run(isolation: isolation, body)
}
