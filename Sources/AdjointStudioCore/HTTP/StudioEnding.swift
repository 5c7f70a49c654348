import Synchronization

/// Says to streams that the studio is about to end, so that they end in order: a browser takes a
/// stream that breaks off for an error, and one that ends for a reason to come back.
final class StudioEnding: Sendable {
    private let isSet = Atomic<Bool>(false)

    func set() { isSet.store(true, ordering: .releasing) }

    /// True once no stream should go on.
    var isNear: Bool { isSet.load(ordering: .acquiring) }

    /// Waits, and tells whether there is anything to wait for still.
    func wait(_ duration: Duration) async -> Bool {
        if isNear || Task.isCancelled { return false }
        do { try await Task.sleep(for: duration) } catch { return false }
        return !isNear
    }
}
