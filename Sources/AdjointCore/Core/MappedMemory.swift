import Synchronization

/// Files that the process sees as memory.
///
/// Looking up the source lines of an error reads the first bytes of every file that is mapped, and
/// would crash if one went in the meantime: both happen under one lock.
package enum MappedMemory {
    private static let lock = Mutex(())

    package static func exclusively<R>(_ body: () -> sending R) -> sending R {
        lock.withLock { _ in body() }
    }
}
