/// True where operations on tensors that require gradients are recorded.
public var isGradEnabled: Bool { Mode.current.isGradEnabled }

/// True inside `inferenceMode`.
public var isInferenceModeEnabled: Bool { Mode.current.isInference }

/// Runs `body` without recording: its results do not require gradients.
public func noGrad<R>(_ body: () throws -> R) rethrows -> R {
    try setGradEnabled(false, body)
}

/// Runs `body` with recording on, also inside `noGrad`.
public func enableGrad<R>(_ body: () throws -> R) rethrows -> R {
    try setGradEnabled(true, body)
}

/// Runs `body` with recording on or off.
public func setGradEnabled<R>(_ isEnabled: Bool, _ body: () throws -> R) rethrows -> R {
    try Mode.current.with(isGradEnabled: isEnabled).run(body)
}

/// Runs `body` without recording and without counting writes; what it makes can never take part
/// in a recorded computation that saves it. `inferenceMode(false)` switches back.
public func inferenceMode<R>(_ isEnabled: Bool = true, _ body: () throws -> R) rethrows -> R {
    try Mode.current.with(isGradEnabled: !isEnabled, isInference: isEnabled).run(body)
}

/// The asynchronous forms: the mode follows the task across every `await`.
public func noGrad<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
    try await setGradEnabled(false, isolation: isolation, body)
}

public func enableGrad<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
    try await setGradEnabled(true, isolation: isolation, body)
}

public func setGradEnabled<R>(
    _ isEnabled: Bool, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    try await Mode.current.with(isGradEnabled: isEnabled).run(isolation: isolation, body)
}

public func inferenceMode<R>(
    _ isEnabled: Bool = true, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    try await Mode.current.with(isGradEnabled: !isEnabled, isInference: isEnabled)
        .run(isolation: isolation, body)
}

/// The function forms: `let predict = noGrad(model.callAsFunction)`.
public func noGrad<A, each B, R>(
    _ function: @escaping (A, repeat each B) -> R
) -> (A, repeat each B) -> R {
    { (first: A, rest: repeat each B) in noGrad { function(first, repeat each rest) } }
}

public func enableGrad<A, each B, R>(
    _ function: @escaping (A, repeat each B) -> R
) -> (A, repeat each B) -> R {
    { (first: A, rest: repeat each B) in enableGrad { function(first, repeat each rest) } }
}

public func inferenceMode<A, each B, R>(
    _ function: @escaping (A, repeat each B) -> R
) -> (A, repeat each B) -> R {
    { (first: A, rest: repeat each B) in inferenceMode { function(first, repeat each rest) } }
}
