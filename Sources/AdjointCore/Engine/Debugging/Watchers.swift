import CAdjoint

/// What wants to know of the work of the door beside debugging.
struct Watchers: Sendable {
    var nodeHook: NodeCreationHook?
    var mutation: MutationScope?
    var observer: (any Observer)?

    var isEmpty: Bool { nodeHook == nil && mutation == nil && observer == nil }

    /// The recorder of the whole process, where the environment says ADJOINT_TRACE=file.
    static let observerOfEnvironment: (any Observer)? = {
        guard let made = adj_environment_observer() else { return nil }
        return Unmanaged<AnyObject>.fromOpaque(made).takeRetainedValue() as? any Observer
    }()
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
