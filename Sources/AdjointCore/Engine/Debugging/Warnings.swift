import CAdjoint
import Synchronization

/// What is no error, and hardly what was meant: told once for each kind, on the standard error
/// stream.
package enum Warnings {
    private final class Told: Sendable {
        private let texts = Mutex<[(kind: String, text: String)]>([])

        func add(_ kind: String, _ text: () -> String) -> String? {
            // The text may ask tensors: not under the lock.
            if texts.withLock({ $0.contains { $0.kind == kind } }) { return nil }
            let text = text()
            return texts.withLock { texts in
                if texts.contains(where: { $0.kind == kind }) { return nil }
                texts.append((kind, text))
                return text
            }
        }

        var all: [String] { texts.withLock { $0.map(\.text) } }
    }

    private static let ofProcess = Told()
    @TaskLocal private static var collected: Told?

    /// Tells `text` unless a warning of this kind was told before, in this scope or process.
    package static func once(_ kind: String, _ text: @autoclosure () -> String) {
        if let collected {
            _ = collected.add(kind, text)
        } else if let text = ofProcess.add(kind, text) {
            adj_warn(text)
        }
    }

    fileprivate static func collecting<R>(_ body: () throws -> R) rethrows -> (R, [String]) {
        let told = Told()
        let result = try $collected.withValue(told, operation: body)
        return (result, told.all)
    }
}

/// Runs `body` and hands out the warnings that it causes, which are not printed then; each kind
/// once.
public func collectingWarnings<R>(_ body: () throws -> R) rethrows -> (
    result: R, warnings: [String]
) {
    try Warnings.collecting(body)
}
