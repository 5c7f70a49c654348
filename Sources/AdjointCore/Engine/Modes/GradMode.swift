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
/// in a recorded computation that saves it. `inferenceMode(false)` switches back, to recording
/// also where `noGrad` is around.
public func inferenceMode<R>(_ isEnabled: Bool = true, _ body: () throws -> R) rethrows -> R {
    try Mode.current.with(isGradEnabled: !isEnabled, isInference: isEnabled).run(body)
}
