import Synchronization

/// The first error of one `catchingTensorErrors` scope.
final class ErrorScope: Sendable {
    private let failed = Atomic<Bool>(false)
    private let first = Mutex<TensorError?>(nil)
    let outer: ErrorScope?

    init(outer: ErrorScope?) { self.outer = outer }

    /// True once an operation of this scope, or of one around it, has failed.
    var hasFailed: Bool {
        failed.load(ordering: .acquiring) || (outer?.hasFailed ?? false)
    }

    var error: TensorError? { first.withLock { $0 } }

    func record(_ error: TensorError) {
        first.withLock {
            if $0 == nil, !failed.load(ordering: .relaxed) { $0 = error }
            failed.store(true, ordering: .releasing)
        }
    }

    /// Ends the computing in this scope without an error: operations return at once from here on.
    func stop() { failed.store(true, ordering: .releasing) }
}

/// The one funnel of every diagnostic.
package enum Failure {
    /// True once an operation of the scope that catches errors has failed: nothing is written then.
    package static var isActive: Bool { Mode.current.isFailing }

    /// Records `error` in the scope that catches, or ends the process with its message.
    @inline(never)
    package static func raise(_ error: TensorError) {
        let mode = Mode.current
        let error = mode.debug?.located(error) ?? error
        // What follows a mistake is not told again.
        if !mode.isFailing { mode.watchers.observer?.didFail(error) }
        if let scope = mode.errors {
            scope.record(error)
        } else {
            fatalError(error.description)
        }
    }

    /// Raises `error` and returns what the operation gives in its place.
    @inline(never)
    package static func poison(
        _ error: TensorError, like sizes: Dims = [], _ dtype: DType = .float32
    )
        -> Tensor
    {
        raise(error)
        return Tensor.poisoned(sizes, dtype)
    }
}

/// Runs `body`; a programmer's mistake in a tensor operation (shapes, dtypes, devices, autograd)
/// is thrown as the first `TensorError` instead of ending the process. After the mistake
/// operations write nothing and return at once, and nothing that was computed escapes.
public func catchingTensorErrors<R>(_ body: () throws -> R) throws -> R {
    let mode = Mode.current
    let scope = ErrorScope(outer: mode.errors)
    let result = Result { try mode.with(errors: scope).run(body) }
    if let error = scope.error { throw error }
    return try result.get()
}

/// The asynchronous form.
public func catchingTensorErrors<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async throws -> R {
    let mode = Mode.current
    let scope = ErrorScope(outer: mode.errors)
    do {
        let result = try await mode.with(errors: scope).run(isolation: isolation, body)
        if let error = scope.error { throw error }
        return result
    } catch {
        throw scope.error ?? error
    }
}
