import Synchronization

/// When a hook on several tensors is called.
public enum MultiGradMode: Sendable {
    /// Once the gradients of all of them, as far as the pass computes them, are there.
    case all
    /// With the first of them.
    case any
}

private struct WeakNode: @unchecked Sendable { weak var node: Node? }

/// The gradients that one pass has brought so far.
private final class MultiGradBook: Sendable {
    private struct State: @unchecked Sendable {
        var gradients: [Tensor?]
        var missing: Int
        var isDone = false
        var isNew = true
    }

    private let state: Mutex<State>

    init(count: Int, missing: Int) {
        state = Mutex(State(gradients: [Tensor?](repeating: nil, count: count), missing: missing))
    }

    /// True for whoever asks first.
    func isNew() -> Bool {
        state.withLock { state in
            defer { state.isNew = false }
            return state.isNew
        }
    }

    /// Notes a gradient; returns all of them when it is time to call.
    func arrived(_ gradient: Tensor, _ i: Int, _ mode: MultiGradMode) -> [Tensor?]? {
        state.withLock { state in
            if state.isDone { return nil }
            state.gradients[i] = gradient
            state.missing -= 1
            if mode == .all, state.missing > 0 { return nil }
            state.isDone = true
            return state.gradients
        }
    }

    /// What there is at the end of the pass, unless it was handed out.
    func rest() -> [Tensor?]? {
        state.withLock { state in
            if state.isDone { return nil }
            state.isDone = true
            return state.gradients
        }
    }
}

/// Calls `hook` once in each backward pass that reaches any of `tensors`, with their gradients in
/// the same order: nil for one that the pass does not compute or, with `.any`, that comes later.
///
/// - Returns: A handle that takes the hook off all of them.
/// - Errors: `.argument` for no tensors; `.autograd` for one that does not require gradients.
@discardableResult
public func registerMultiGradHook(
    _ tensors: [Tensor], mode: MultiGradMode = .all,
    _ hook: @escaping @Sendable ([Tensor?]) -> Void
) -> HookHandle {
    if Mode.current.isFailing || tensors.contains(where: \.isPoisoned) { return .none }
    let nodes = tensors.compactMap(\.edge.node)
    guard !tensors.isEmpty, nodes.count == tensors.count else {
        let index = tensors.firstIndex { $0.edge.node == nil }
        Failure.raise(
            TensorError(
                index == nil ? .argument : .autograd,
                index.map {
                    "cannot register a hook on a tensor that doesn't require gradient: the one at "
                        + "index \($0)"
                } ?? "a hook on several tensors needs at least one",
                operation: "registerMultiGradHook"))
        return .none
    }
    let owner = NodeHooks()
    // Weakly: the hook lies at these nodes.
    let watched = nodes.map { WeakNode(node: $0) }
    let count = nodes.count
    let handles = tensors.enumerated().map { i, tensor in
        tensor.registerHook { gradient in
            guard let pass = PassScope.current else { return nil }
            let book = pass.book(of: owner) {
                MultiGradBook(
                    count: count, missing: watched.count { $0.node.map { pass.runs($0) } ?? false })
            }
            if book.isNew() {
                // A gradient that turns out to be undefined never comes.
                pass.queue { if let rest = book.rest() { hook(rest) } }
            }
            if let all = book.arrived(gradient, i, mode) { hook(all) }
            return nil
        }
    }
    return HookHandle { for handle in handles { handle.remove() } }
}
