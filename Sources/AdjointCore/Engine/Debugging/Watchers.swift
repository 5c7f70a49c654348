import CAdjoint

/// What wants to know of the work of the door beside debugging.
struct Watchers: Sendable {
    var nodeHook: NodeCreationHook?
    var operationHook: OperationHook?
    var mutation: MutationScope?
    var observer: (any Observer)?

    var isEmpty: Bool {
        nodeHook == nil && operationHook == nil && mutation == nil && observer == nil
    }

    /// The recorder of the whole process, where the environment says ADJOINT_TRACE=file.
    static let observerOfEnvironment: (any Observer)? = {
        guard let made = adj_environment_observer() else { return nil }
        return Unmanaged<AnyObject>.fromOpaque(made).takeRetainedValue() as? any Observer
    }()
}

/// An operation that was applied, recorded or not. Views are none.
package struct AppliedOperation {
    package let op: any AnyOperator
    package let inputs: [Tensor]
    package let outputs: [Tensor]

    /// The inputs, and where they are views what they are views of.
    package var sources: [Tensor] { inputs.map { $0.base ?? $0 } }
}

/// What is called with each operation, before the hook that gets its node.
final class OperationHook: Sendable {
    private let body: @Sendable (AppliedOperation) -> Void

    init(_ body: @escaping @Sendable (AppliedOperation) -> Void) { self.body = body }

    func call(_ op: some AnyOperator, _ inputs: Operands, _ outputs: [Tensor]) {
        // A batch is taken apart into operations that come here themselves.
        if outputs.contains(where: \.isBatched) { return }
        let mode = Mode.current
        var watchers = mode.watchers
        watchers.operationHook = nil
        mode.with(watchers: watchers).run {
            body(AppliedOperation(op: op, inputs: Array(inputs), outputs: outputs))
        }
    }
}

/// Runs `body`; `hook` gets every operation of this task meanwhile, also what is not recorded. Of
/// nested scopes the innermost counts; what the hook itself computes is not reported.
package func withOperationHook<R>(
    _ hook: @escaping @Sendable (AppliedOperation) -> Void, _ body: () throws -> R
) rethrows -> R {
    let mode = Mode.current
    var watchers = mode.watchers
    watchers.operationHook = OperationHook(hook)
    return try mode.with(watchers: watchers).run(body)
}

/// What is called with each node that operations record.
final class NodeCreationHook: Sendable {
    /// Nil inside a hook, where nothing may be recorded.
    private let body: (@Sendable (Node) -> Void)?

    init(_ body: (@Sendable (Node) -> Void)?) { self.body = body }

    func call(_ node: Node) {
        guard let body else {
            Failure.raise(
                TensorError(
                    .autograd,
                    "a node creation hook has created a node (\(node.name)); inside such a hook "
                        + "compute under noGrad", operation: "withNodeCreationHook"))
            return
        }
        let mode = Mode.current
        var watchers = mode.watchers
        watchers.nodeHook = NodeCreationHook(nil)
        mode.with(watchers: watchers).run { body(node) }
    }
}

/// Runs `body`; `hook` gets every node that an operation of this task records meanwhile, complete
/// with its edges and what it saved. Of nested scopes the innermost counts. The sinks of leaves
/// are no operations and are not reported.
///
/// - Errors: `.autograd` where the hook records an operation itself.
public func withNodeCreationHook<R>(
    _ hook: @escaping @Sendable (Node) -> Void, _ body: () throws -> R
) rethrows -> R {
    let mode = Mode.current
    var watchers = mode.watchers
    watchers.nodeHook = NodeCreationHook(hook)
    return try mode.with(watchers: watchers).run(body)
}

/// The asynchronous form.
public func withNodeCreationHook<R>(
    _ hook: @escaping @Sendable (Node) -> Void, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    let mode = Mode.current
    var watchers = mode.watchers
    watchers.nodeHook = NodeCreationHook(hook)
    return try await mode.with(watchers: watchers).run(isolation: isolation, body)
}
