import Foundation

/// Runs work of the library away from what answers requests: each on a thread of its own, so that
/// a long one keeps nobody waiting, and only so many at a time.
final class StudioRunner: Sendable {
    /// How many run at once; more are refused, and the page says so.
    static let limit = 8

    private let running = Counter()
    private let queue = DispatchQueue(label: "studio.runs", attributes: .concurrent)

    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var count = 0

        func enter() -> Bool {
            lock.withLock {
                guard count < StudioRunner.limit else { return false }
                count += 1
                return true
            }
        }

        func leave() { lock.withLock { count -= 1 } }
    }

    /// Says to the work that nobody waits for it any more.
    final class Stop: @unchecked Sendable {
        private let lock = NSLock()
        private var isSet = false
        private let deadline: ContinuousClock.Instant?

        init(seconds: Double?) {
            deadline = seconds.map { .now + .seconds($0) }
        }

        func set() { lock.withLock { isSet = true } }

        /// True once the request was taken back.
        var isCancelled: Bool { lock.withLock { isSet } }
        /// True once the time is used up.
        var isLate: Bool { deadline.map { .now > $0 } ?? false }
    }

    /// The result of `body`, which looks at its `Stop` between operations.
    ///
    /// - Parameter seconds: The time that it may take.
    /// - Throws: A `StudioError` where too much is running, and what `body` throws.
    func callAsFunction<R: Sendable>(
        seconds: Double? = 2, _ body: @escaping @Sendable (Stop) throws -> R
    ) async throws -> R {
        guard running.enter() else {
            throw StudioError(
                503, "busy", "\(Self.limit) runs are under way; try again when one is done")
        }
        let stop = Stop(seconds: seconds)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { [running] in
                    defer { running.leave() }
                    continuation.resume(with: Result { try body(stop) })
                }
            }
        } onCancel: {
            stop.set()
        }
    }
}
