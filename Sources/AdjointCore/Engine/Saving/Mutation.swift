import Synchronization

/// A scope in which saved tensors may be written to: before a write they are copied.
final class MutationScope: Sendable {
    /// One saved tensor: the live one until somebody writes to its memory, a copy from then on.
    private final class Kept: @unchecked Sendable {
        let tensor: Mutex<Tensor>
        init(_ tensor: Tensor) { self.tensor = Mutex(tensor) }
    }

    private struct Table {
        struct Entry { weak var kept: Kept? }
        var entries: [ObjectIdentifier: [Entry]] = [:]
        var count = 0
        /// At how many entries those of freed nodes are dropped.
        var limit = 256
        var hasEnded = false
    }

    private let table = Mutex(Table())

    func hooks(outer: SavedHooks?) -> SavedHooks {
        SavedHooks(
            outer: outer, pack: { [self] tensor in keep(tensor) },
            unpack: { [self] value throws(TensorError) in try open(value as! Kept) })
    }

    private func keep(_ tensor: Tensor) -> Kept {
        let kept = Kept(tensor)
        table.withLock { table in
            table.entries[ObjectIdentifier(tensor.storage), default: []].append(.init(kept: kept))
            table.count += 1
            guard table.count > table.limit else { return }
            table.entries = table.entries.mapValues { $0.filter { $0.kept != nil } }
                .filter { !$0.value.isEmpty }
            table.count = table.entries.reduce(0) { $0 + $1.value.count }
            table.limit = Swift.max(256, 2 * table.count)
        }
        return kept
    }

    private func open(_ kept: Kept) throws(TensorError) -> Tensor {
        if table.withLock({ $0.hasEnded }) {
            throw TensorError(
                .autograd,
                "Trying to backward outside of the allowMutationOnSavedTensors scope in which the "
                    + "graph was originally recorded; call backward() inside it",
                operation: "allowMutationOnSavedTensors")
        }
        return kept.tensor.withLock { $0 }
    }

    /// Copies what nodes hold of this memory, which is about to be written to.
    func willWrite(_ storage: Storage) {
        let all = table.withLock { table -> [Kept] in
            table.entries.removeValue(forKey: ObjectIdentifier(storage))?.compactMap(\.kept) ?? []
        }
        if all.isEmpty { return }
        let mode = Mode.current
        mode.with(isGradEnabled: false, savedHooks: .none(outer: mode.savedHooks)).run {
            var copies: [(layout: Layout, dtype: DType, copy: Tensor)] = []
            for kept in all {
                let tensor = kept.tensor.withLock { $0 }
                // Another object may have taken the place of a freed one.
                guard tensor.storage === storage else { continue }
                // Several nodes may hold one tensor: they share its copy.
                let known = copies.first { $0.layout == tensor.layout && $0.dtype == tensor.dtype }
                let copy = known?.copy ?? tensor.clone()
                if known == nil { copies.append((tensor.layout, tensor.dtype, copy)) }
                kept.tensor.withLock { $0 = copy }
            }
        }
    }

    func end() {
        table.withLock { $0.hasEnded = true }
    }

    /// The mode inside such a scope; an error in the place of a second one.
    fileprivate func mode() -> Mode {
        let mode = Mode.current
        let refusal =
            mode.watchers.mutation == nil
            ? mode.savedHooks?.refusal : "allowMutationOnSavedTensors scopes cannot be nested"
        if let refusal {
            Failure.raise(
                TensorError(.autograd, refusal, operation: "allowMutationOnSavedTensors"))
            return mode
        }
        var watchers = mode.watchers
        watchers.mutation = self
        return mode.with(savedHooks: hooks(outer: mode.savedHooks), watchers: watchers)
    }
}

/// Runs `body`, in which tensors may be written in place though a derivative needs their old
/// elements: what was saved is copied before the write. The backward pass must run inside too.
///
///     let gradient = allowMutationOnSavedTensors {
///         let y = (x * x).clone(), z = y.exp()
///         y.zero_()
///         return grad(of: z.sum(), wrt: x)
///     }
///
/// - Errors: `.autograd` inside another such scope, where saved-tensor hooks are switched off,
///   and for a backward pass, after the scope, of what was recorded in it.
public func allowMutationOnSavedTensors<R>(_ body: () throws -> R) rethrows -> R {
    let scope = MutationScope()
    defer { scope.end() }
    return try scope.mode().run(body)
}

/// The asynchronous form.
public func allowMutationOnSavedTensors<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
    let scope = MutationScope()
    defer { scope.end() }
    return try await scope.mode().run(isolation: isolation, body)
}
