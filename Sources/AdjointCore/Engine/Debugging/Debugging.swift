import CAdjoint

/// What is recorded and checked beside the work while debugging is on.
///
/// Lines are recorded wherever one of these is in the mode; values are checked where it says so.
final class Debugging: Sendable {
    let checksValues: Bool
    /// The node whose derivative is running: what it records descends from it.
    private let origin: Unchecked<NodeNotes.Origin>?

    private struct Unchecked<Value>: @unchecked Sendable { let value: Value }

    init(checksValues: Bool, origin: NodeNotes.Origin? = nil) {
        self.checksValues = checksValues
        self.origin = origin.map { Unchecked(value: $0) }
    }

    /// Lines alone, for the whole process, where the environment says ADJOINT_DEBUG=1.
    static let ofEnvironment: Debugging? =
        adj_debug_requested() ? Debugging(checksValues: false) : nil

    /// The same without checks: rules of derivatives may pass through values that they mask out.
    func quiet(_ node: Node? = nil) -> Debugging {
        Debugging(
            checksValues: false,
            origin: node.map { NodeNotes.Origin(name: $0.name, made: $0.notes?.made) }
                ?? origin?.value)
    }

    /// Runs a rule whose passing values are nobody's business.
    static func quietly<R>(_ rule: () -> R) -> R {
        let mode = Mode.current
        guard let debug = mode.debug, debug.checksValues else { return rule() }
        return mode.with(debug: debug.quiet()).run(rule)
    }

    /// The tangent that a forward-mode rule gives, checked.
    static func push(_ op: some AnyOperator, _ rule: () -> Tensor?) -> Tensor? {
        let tangent = quietly(rule)
        if Mode.current.debug?.checksValues == true,
            let error = Anomaly.checkTangent(tangent, type(of: op).info.name)
        {
            Failure.raise(error)
        }
        return tangent
    }

    /// Records where `node` was made.
    func note(_ node: Node) {
        let notes = node.needNotes()
        if notes.made == nil { notes.made = Trace() }
        notes.origin = origin?.value
        if notes.liveID == 0, node.sequence != .max {
            notes.liveID = LiveNodes.add(node.name, notes.made)
        }
    }

    /// Warns where what is kept grows with every backward pass.
    func passEnded() {
        if let warning = LiveNodes.passEnded() { adj_warn(warning) }
    }

    func noteWrite(to storage: Storage) { WriteRecord.note(storage) }

    /// The error with the user's line that ran into it, unless it has one.
    func located(_ error: TensorError) -> TensorError {
        if error.kind == .anomaly { return error }
        var located = TensorError(
            error.kind, "\(error.message). Called at \(Trace().line)", operation: error.operation)
        located.evidence = error.evidence
        return located
    }
}

/// Runs `body` with everything checked: the first operation that makes a NaN or an infinity of
/// finite operands, forward or backward, raises an error that names it, the ranges of its
/// operands and the source lines. Source lines are recorded for all other errors too. Everything
/// runs slower meanwhile.
///
/// - Parameters:
///   - checkNaN: With false, source lines are recorded and no values are checked.
///   - body: What runs inside the scope.
/// - Errors: `.anomaly`; the process ends unless `catchingTensorErrors` is around.
public func detectAnomaly<R>(checkNaN: Bool = true, _ body: () throws -> R) rethrows -> R {
    try Mode.current.with(debug: Debugging(checksValues: checkNaN)).run(body)
}

/// The asynchronous form.
public func detectAnomaly<R>(
    checkNaN: Bool = true, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    try await Mode.current.with(debug: Debugging(checksValues: checkNaN))
        .run(isolation: isolation, body)
}

/// Runs `body` with `detectAnomaly` on or off, whatever holds around it.
///
/// - Parameters:
///   - isEnabled: With true as `detectAnomaly`, with false unchecked.
///   - checkNaN: With false, source lines are recorded and no values are checked.
///   - body: What runs inside the scope.
public func setDetectAnomaly<R>(
    _ isEnabled: Bool, checkNaN: Bool = true, _ body: () throws -> R
) rethrows -> R {
    let debug = isEnabled ? Debugging(checksValues: checkNaN) : Debugging.ofEnvironment
    return try Mode.current.watched(by: debug).run(body)
}

/// The asynchronous form.
public func setDetectAnomaly<R>(
    _ isEnabled: Bool, checkNaN: Bool = true, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    let debug = isEnabled ? Debugging(checksValues: checkNaN) : Debugging.ofEnvironment
    return try await Mode.current.watched(by: debug).run(isolation: isolation, body)
}

/// True where values are checked: inside `detectAnomaly`.
public var isAnomalyEnabled: Bool { Mode.current.debug?.checksValues ?? false }

extension Door {
    /// Checks and records what an operation has just made.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func watch<Op: Operator>(
        _ op: Op, _ inputs: Operands, _ output: Tensor, _ mode: Mode
    ) throws(TensorError) {
        if let debug = mode.debug {
            if let node = output.producer { debug.note(node) }
            if debug.checksValues { try Anomaly.checkForward(op, inputs, [output]) }
        }
        mode.watchers.operationHook?.call(op, inputs, [output])
        if let node = output.producer {
            try mode.savedHooks?.pack(node)
            mode.watchers.nodeHook?.call(node)
        }
        if let observer = mode.watchers.observer {
            observe(observer, op, inputs, [output], output.producer, mode)
        }
    }

    /// A view, which saves nothing.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func watch<Op: ViewOperator>(
        _ op: Op, _ input: Tensor, _ output: Tensor, _ mode: Mode
    ) {
        if let node = output.producer { mode.noteNode(node) }
        if let observer = mode.watchers.observer {
            mode.startClock()
            observe(observer, op, Operands(input), [output], output.producer, mode)
        }
    }

    /// Several views, of which one node knows.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func watch<Op: MultiViewOperator>(
        _ op: Op, _ input: Tensor, _ outputs: [Tensor], _ node: Node?, _ mode: Mode
    ) {
        if let debug = mode.debug, let node { debug.note(node) }
        if let observer = mode.watchers.observer {
            mode.startClock()
            observe(observer, op, Operands(input), outputs, node, mode)
        }
    }

    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func watch<Op: MultiOperator>(
        _ op: Op, _ inputs: Operands, _ outputs: [Tensor], _ mode: Mode
    ) throws(TensorError) {
        let node = outputs.lazy.compactMap(\.producer).first
        if let debug = mode.debug {
            if let node { debug.note(node) }
            if debug.checksValues { try Anomaly.checkForward(op, inputs, outputs) }
        }
        mode.watchers.operationHook?.call(op, inputs, outputs)
        if let node {
            try mode.savedHooks?.pack(node)
            mode.watchers.nodeHook?.call(node)
        }
        if let observer = mode.watchers.observer {
            observe(observer, op, inputs, outputs, node, mode)
        }
    }

    /// The operands before a write destroys one of them, where values are checked.
    @inline(never)
    static func beforeWrite(_ inputs: Operands, _ mode: Mode) -> Operands? {
        mode.startClock()
        mode.watchers.mutation?.willWrite(inputs.first.storage)
        guard mode.debug?.checksValues == true else { return nil }
        return mode.with(isGradEnabled: false, debug: mode.debug!.quiet()).run {
            Operands(inputs.map { $0.detach().clone() })
        }
    }

    /// Checks what a write has made, and takes an anomaly back.
    @inline(never)
    static func checkWrite<Op: Operator>(_ op: Op, _ before: Operands, _ target: Tensor)
        throws(TensorError)
    {
        do {
            try Anomaly.checkForward(op, before, [target])
        } catch {
            if !before.first.isPoisoned { CPU.copyElements(before.first, into: target) }
            throw error
        }
    }

    /// Records a write, and packs what its node saved.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func watchWrite<Op: Operator>(
        _ op: Op, _ inputs: Operands, _ node: Node?, _ mode: Mode
    ) throws(TensorError) {
        let target = inputs.first
        if let debug = mode.debug {
            debug.noteWrite(to: target.storage)
            for made in [node, target.producer, target.base?.producer] {
                if let made, made.notes?.made == nil { debug.note(made) }
            }
        }
        if let node {
            try mode.savedHooks?.pack(node)
            mode.watchers.nodeHook?.call(node)
        }
        if let observer = mode.watchers.observer {
            observeWrite(observer, op, inputs, node, mode)
        }
    }
}

extension Mode {
    /// A view was recorded: it saves nothing.
    @inline(never)
    func noteNode(_ node: Node) {
        debug?.note(node)
        watchers.nodeHook?.call(node)
    }
}
