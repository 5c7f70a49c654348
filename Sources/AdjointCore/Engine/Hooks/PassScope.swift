import Synchronization

/// What hooks may ask of the backward pass that runs them, and leave with it.
package final class PassScope: Sendable {
    private struct State: @unchecked Sendable {
        var callbacks: [@Sendable () -> Void] = []
        var books: [ObjectIdentifier: any AnyObject & Sendable] = [:]
        var pass: Unmanaged<BackwardPass>?
    }

    private let state = Mutex(State())
    /// Who is told of the pass.
    let observation: (any PassObserver)?

    init(_ observation: (any PassObserver)? = nil) { self.observation = observation }

    /// The pass whose hooks or derivatives run here.
    package static var current: PassScope? { Mode.current.pass }

    /// Whether the pass runs `node`, or hands out its gradients; asked from its own hooks.
    func runs(_ node: Node) -> Bool {
        // The lock is not held: a pass does not end while its hooks run.
        let pass = state.withLock { Unchecked(pass: $0.pass) }.pass
        return pass?._withUnsafeGuaranteedRef { $0.runs(node) } ?? false
    }

    private struct Unchecked: @unchecked Sendable { let pass: Unmanaged<BackwardPass>? }

    func begin(_ pass: BackwardPass) {
        let pass = Unchecked(pass: .passUnretained(pass))
        state.withLock { $0.pass = pass.pass }
    }

    /// What `owner` keeps for the length of this pass.
    package func book<Book: AnyObject & Sendable>(of owner: AnyObject, _ make: () -> Book) -> Book {
        let fresh = make()
        let key = ObjectIdentifier(owner)
        return state.withLock {
            if let book = $0.books[key] as? Book { return book }
            $0.books[key] = fresh
            return fresh
        }
    }

    func queue(_ callback: @escaping @Sendable () -> Void) {
        state.withLock { $0.callbacks.append(callback) }
    }

    /// Calls what was queued, in order, and what those calls queue.
    func runCallbacks() {
        while true {
            let next = state.withLock { state in
                defer { state.callbacks = [] }
                return state.callbacks
            }
            if next.isEmpty { return }
            for callback in next where !Mode.current.isFailing { callback() }
        }
    }

    func end() {
        let old = state.withLock { state in
            defer { state = State() }
            return state
        }
        withExtendedLifetime(old) {}
    }
}

/// Calls `callback` when the backward pass that is running has added all gradients: for hooks
/// that want to act once, after everything. Callbacks run in the order in which they were queued,
/// with the grad mode of the pass; after an error in the pass they do not run.
///
/// - Errors: `.autograd` outside of a backward pass.
public func queueCallback(_ callback: @escaping @Sendable () -> Void) {
    let mode = Mode.current
    if mode.isFailing { return }
    guard let pass = mode.pass else {
        Failure.raise(
            TensorError(
                .autograd,
                "Final callbacks can only be installed during backward pass; call queueCallback "
                    + "from a hook", operation: "queueCallback"))
        return
    }
    pass.queue(callback)
}
