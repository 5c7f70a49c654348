import Synchronization

/// Takes a hook off again. Removing twice is harmless.
public struct HookHandle: Sendable {
    private let body: @Sendable () -> Void

    package init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    fileprivate init(_ hooks: NodeHooks, _ id: Int) { body = { hooks.remove(id) } }

    /// What a registration that failed gives: there is nothing to remove.
    static let none = HookHandle {}

    /// Takes the hook off; a second call does nothing.
    public func remove() { body() }
}

/// The callbacks of one node, and the tensors that retain a gradient which passes it.
final class NodeHooks: @unchecked Sendable {
    private struct Retained {
        let output: Int
        weak var state: AutogradState?
    }

    private struct Lists: @unchecked Sendable {
        var nextID = 0
        var tensor: [(id: Int, output: Int, body: @Sendable (Tensor) -> Tensor?)] = []
        var before: [(id: Int, body: @Sendable ([Tensor?]) -> [Tensor?]?)] = []
        var after: [(id: Int, body: @Sendable ([Tensor?], [Tensor?]) -> [Tensor?]?)] = []
        var accumulated: [(id: Int, body: @Sendable (Tensor) -> Void)] = []
        var retained: [Retained] = []
    }

    private let lists = Mutex(Lists())
    /// What debugging and saved-tensor hooks know of the node. It lies here since a field more in
    /// every node would cost every operation some nanoseconds.
    fileprivate let notes = AtomicLazyReference<NodeNotes>()

    private func add(_ body: (inout Lists, Int) -> Void) -> HookHandle {
        lists.withLock {
            $0.nextID += 1
            body(&$0, $0.nextID)
            return HookHandle(self, $0.nextID)
        }
    }

    func addTensorHook(_ output: Int, _ body: @escaping @Sendable (Tensor) -> Tensor?) -> HookHandle
    {
        add { $0.tensor.append(($1, output, body)) }
    }

    func addPrehook(_ body: @escaping @Sendable ([Tensor?]) -> [Tensor?]?) -> HookHandle {
        add { $0.before.append(($1, body)) }
    }

    func addPosthook(_ body: @escaping @Sendable ([Tensor?], [Tensor?]) -> [Tensor?]?) -> HookHandle
    {
        add { $0.after.append(($1, body)) }
    }

    func addPostAccumulate(_ body: @escaping @Sendable (Tensor) -> Void) -> HookHandle {
        add { $0.accumulated.append(($1, body)) }
    }

    func remove(_ id: Int) {
        lists.withLock {
            $0.tensor.removeAll { $0.id == id }
            $0.before.removeAll { $0.id == id }
            $0.after.removeAll { $0.id == id }
            $0.accumulated.removeAll { $0.id == id }
        }
    }

    func retain(_ output: Int, _ state: AutogradState) {
        lists.withLock { $0.retained.append(Retained(output: output, state: state)) }
    }

    /// A tensor's history moved on in place: what it retains is the gradient of its new value.
    func moveRetained(_ output: Int, to node: Node?, _ index: Int, _ tensor: Tensor) {
        guard let state = tensor.state, let node else { return }
        lists.withLock { $0.retained.removeAll { $0.state === state || $0.state == nil } }
        node.needHooks().retain(index, state)
    }

    /// True where nobody has registered anything.
    var isEmpty: Bool {
        lists.withLock {
            $0.tensor.isEmpty && $0.before.isEmpty && $0.after.isEmpty && $0.accumulated.isEmpty
                && $0.retained.isEmpty
        }
    }

    var hasPostAccumulate: Bool { lists.withLock { !$0.accumulated.isEmpty } }

    func runPostAccumulate(_ leaf: Tensor) {
        for hook in lists.withLock({ $0.accumulated }) { hook.body(leaf) }
    }

    /// Hooks on the tensors, then the retained gradients, then hooks on the node.
    func runBefore(_ gradients: inout TensorSlots, _ node: Node, _ pass: BackwardPass)
        throws(TensorError)
    {
        let lists = lists.withLock { $0 }
        let recording = pass.recording
        for hook in lists.tensor {
            var old = gradients.take(hook.output)
            if old == nil { continue }
            // A hook that writes in place must reach neither another path nor the caller.
            let gradient = Tangents.owned(&old, recording: recording)
            if let new = hook.body(gradient) {
                try NodeHooks.check(new, like: node.outputSpec(hook.output))
                if new.device != gradient.device {
                    throw TensorError(
                        .device,
                        "a hook has moved a gradient from \(gradient.device) to \(new.device)",
                        operation: "registerHook")
                }
                gradients[hook.output] = new
                pass.noteReplaced(node)
            } else {
                gradients[hook.output] = gradient
            }
        }
        for retained in lists.retained {
            guard let state = retained.state, let gradient = gradients[retained.output] else {
                continue
            }
            let (old, new) = state.exchangeGrad { old in
                old.map { Tangents.sum($0, gradient) }
                    ?? Tangents.copied(gradient, recording: recording)
            }
            pass.noteRetained(state, old: old, new: new, node, retained.output, gradient)
        }
        for hook in lists.before {
            guard let new = hook.body(gradients.array(count: node.outputCount)) else { continue }
            if new.count != node.outputCount {
                throw NodeHooks.wrongCount(new.count, node.outputCount, "registerPrehook")
            }
            for (i, value) in new.enumerated() {
                if let value { try NodeHooks.check(value, like: node.outputSpec(i)) }
                gradients[i] = value
            }
            pass.noteReplaced(node)
        }
    }

    func runAfter(_ inputs: inout TensorSlots, _ outputs: TensorSlots, _ node: Node)
        throws(TensorError)
    {
        let after = lists.withLock { $0.after }
        for hook in after {
            let old = inputs.array(count: node.edges.count)
            if let new = hook.body(old, outputs.array(count: node.outputCount)) {
                if new.count != old.count {
                    throw NodeHooks.wrongCount(new.count, old.count, "registerHook")
                }
                inputs = TensorSlots(new)
            }
        }
    }

    private static func wrongCount(_ got: Int, _ expected: Int, _ operation: String) -> TensorError
    {
        TensorError(
            .argument,
            "a hook of a node has returned an incorrect number of values (got \(got), but expected "
                + "\(expected)); return one for each gradient that it was given, nil for none",
            operation: operation)
    }

    static func check(_ new: Tensor, like spec: TensorSpec) throws(TensorError) {
        if new.sizes != spec.sizes {
            throw TensorError(
                .shape,
                "a hook has changed the size of a gradient from \(spec.sizes) to \(new.shape)",
                operation: "registerHook")
        }
        if new.dtype != spec.dtype {
            throw TensorError(
                .dtype,
                "a hook has changed the type of a gradient from \(spec.dtype) to \(new.dtype)",
                operation: "registerHook")
        }
    }
}

extension Node {
    /// What debugging and saved-tensor hooks know of this node; nil where neither is on.
    final var notes: NodeNotes? { hooks?.notes.load() }

    func needNotes() -> NodeNotes {
        let hooks = needHooks()
        return hooks.notes.load() ?? hooks.notes.storeIfNil(NodeNotes())
    }

    /// True while a backward pass runs that will run this node, or hand out its gradients: for
    /// hooks that want to know what else comes. False outside of a pass.
    public final var willExecute: Bool { PassScope.current?.runs(self) ?? false }

    @inline(__always)
    final var hooks: NodeHooks? {
        let address = hooksAddress.load(ordering: .acquiring)
        return address == 0 ? nil : Node.hooks(at: address).takeUnretainedValue()
    }

    private static func hooks(at address: UInt) -> Unmanaged<NodeHooks> {
        .fromOpaque(UnsafeRawPointer(bitPattern: address)!)
    }

    /// The node gives up what it owns; called once, at its end.
    final func releaseHooks() {
        Node.hooks(at: hooksAddress.load(ordering: .acquiring)).release()
    }

    /// Makes the hooks of `other` those of this node too, which has none yet.
    func takeHooks(of other: Node) {
        if let hooks = other.hooks { _ = keep(hooks) }
    }

    func needHooks() -> NodeHooks { hooks ?? keep(NodeHooks()) }

    /// Makes `new` the hooks unless another task was faster; returns those that are.
    private func keep(_ new: NodeHooks) -> NodeHooks {
        let mine = Unmanaged.passRetained(new)
        let outcome = hooksAddress.compareExchange(
            expected: 0, desired: UInt(bitPattern: mine.toOpaque()),
            ordering: .acquiringAndReleasing)
        if outcome.exchanged { return new }
        mine.release()
        return Node.hooks(at: outcome.original).takeUnretainedValue()
    }

    /// Calls `hook` with the gradients of this node's outputs before it runs, nil for one that is
    /// not defined; what it returns takes their place.
    ///
    /// - Errors, in the pass: `.argument` for another number of gradients; `.shape`, `.dtype`.
    @discardableResult
    public func registerPrehook(_ hook: @escaping @Sendable ([Tensor?]) -> [Tensor?]?) -> HookHandle
    {
        needHooks().addPrehook(hook)
    }

    /// Calls `hook` with the gradients of this node's inputs and outputs after it ran; what it
    /// returns takes the place of the inputs' gradients.
    @discardableResult
    public func registerHook(
        _ hook: @escaping @Sendable ([Tensor?], [Tensor?]) -> [Tensor?]?
    ) -> HookHandle {
        needHooks().addPosthook(hook)
    }
}

extension Tensor {
    /// Calls `hook` with the gradient of this tensor whenever a backward pass computes it. A
    /// tensor that it returns takes the gradient's place. Hooks run in the order of registration,
    /// before the gradient is retained and before the hooks of the node. Where the gradient is not
    /// defined (a derivative gave nil) the hook is not called; hooks of nodes are, and see nil.
    /// The hook stays with the value that this tensor has now, also when it is written in place.
    ///
    /// - Errors: `.autograd` for a tensor that does not require gradients.
    @discardableResult
    public func registerHook(_ hook: @escaping @Sendable (Tensor) -> Tensor?) -> HookHandle {
        guard let node = edge.node else {
            if !isPoisoned {
                Failure.raise(
                    TensorError(
                        .autograd,
                        "cannot register a hook on a tensor that doesn't require gradient",
                        operation: "registerHook"))
            }
            return .none
        }
        return node.needHooks().addTensorHook(Int(edge.index), hook)
    }

    /// Calls `hook` with this leaf after a backward pass has added to its `grad`.
    ///
    /// - Errors: `.autograd` for a tensor that is no leaf, or does not require gradients.
    @discardableResult
    public func registerPostAccumulateGradHook(
        _ hook: @escaping @Sendable (Tensor) -> Void
    ) -> HookHandle {
        guard let state, let sink = state.sink, flags.contains(.requiresGrad) else {
            if !isPoisoned {
                Failure.raise(
                    TensorError(
                        .autograd,
                        "post accumulate grad hooks cannot be registered on non-leaf tensors",
                        operation: "registerPostAccumulateGradHook"))
            }
            return .none
        }
        state.leaf = self
        return sink.needHooks().addPostAccumulate(hook)
    }
}
