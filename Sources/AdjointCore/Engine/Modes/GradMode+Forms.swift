/// Runs `body` without recording; the mode follows the task across every `await`.
public func noGrad<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
    try await setGradEnabled(false, isolation: isolation, body)
}

/// Runs `body` with recording on; the mode follows the task across every `await`.
public func enableGrad<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
    try await setGradEnabled(true, isolation: isolation, body)
}

/// Runs `body` with recording on or off; the mode follows the task across every `await`.
public func setGradEnabled<R>(
    _ isEnabled: Bool, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    try await Mode.current.with(isGradEnabled: isEnabled).run(isolation: isolation, body)
}

/// Runs `body` in inference mode, or out of it; the mode follows the task across every `await`.
public func inferenceMode<R>(
    _ isEnabled: Bool = true, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    try await Mode.current.with(isGradEnabled: !isEnabled, isInference: isEnabled)
        .run(isolation: isolation, body)
}

// The forms that give a function: `let predict = noGrad(model.callAsFunction)`.

/// `function`, run without recording whenever it is called.
public func noGrad<A, each B, R>(
    _ function: @escaping (A, repeat each B) -> R
) -> (A, repeat each B) -> R {
    { (first: A, rest: repeat each B) in noGrad { function(first, repeat each rest) } }
}

/// `function`, run with recording on whenever it is called.
public func enableGrad<A, each B, R>(
    _ function: @escaping (A, repeat each B) -> R
) -> (A, repeat each B) -> R {
    { (first: A, rest: repeat each B) in enableGrad { function(first, repeat each rest) } }
}

/// `function`, run in inference mode whenever it is called.
public func inferenceMode<A, each B, R>(
    _ function: @escaping (A, repeat each B) -> R
) -> (A, repeat each B) -> R {
    { (first: A, rest: repeat each B) in inferenceMode { function(first, repeat each rest) } }
}

/// `function`, run with recording on or off whenever it is called.
public func setGradEnabled<A, each B, R>(
    _ isEnabled: Bool, _ function: @escaping (A, repeat each B) -> R
) -> (A, repeat each B) -> R {
    { (first: A, rest: repeat each B) in
        setGradEnabled(isEnabled) { function(first, repeat each rest) }
    }
}

/// `function`, run without recording whenever it is called, across every `await`.
public func noGrad<A, each B, R>(
    _ function: @escaping @Sendable (A, repeat each B) async throws -> R
) -> @Sendable (A, repeat each B) async throws -> R {
    { (first: A, rest: repeat each B) in
        try await noGrad { try await function(first, repeat each rest) }
    }
}

/// `function`, run with recording on whenever it is called, across every `await`.
public func enableGrad<A, each B, R>(
    _ function: @escaping @Sendable (A, repeat each B) async throws -> R
) -> @Sendable (A, repeat each B) async throws -> R {
    { (first: A, rest: repeat each B) in
        try await enableGrad { try await function(first, repeat each rest) }
    }
}

/// `function`, run in inference mode whenever it is called, across every `await`.
public func inferenceMode<A, each B, R>(
    _ function: @escaping @Sendable (A, repeat each B) async throws -> R
) -> @Sendable (A, repeat each B) async throws -> R {
    { (first: A, rest: repeat each B) in
        try await inferenceMode { try await function(first, repeat each rest) }
    }
}
