import CAdjoint
import Synchronization

/// A block of memory that one or more tensors view, with the count of the writes made to it.
///
/// The count lives here, and not in the tensors, so that no alias can forget it.
final class Storage: @unchecked Sendable {
    /// Null for a storage without data (`.meta`, and tensors of a failed scope).
    let memory: UnsafeMutableRawPointer?
    let byteCount: Int
    private let writes = Atomic<Int>(0)
    /// The type of what wrote last, for the error that names it; 0 before the first write.
    private let writer = Atomic<UInt>(0)
    /// How many transforms had been called, in the whole process, when this memory was last made: what a
    /// transformed function has made itself is younger than its call.
    var born = Storage.calls.load(ordering: .relaxed)
    private static let calls = Atomic<Int>(0)
    /// The number of a block that was observed; 0 for one that was not.
    let tag = Atomic<UInt32>(0)
    /// Keeps foreign memory alive (a mapped file); nil where the memory is our own.
    private let owner: AnyObject?

    /// Uninitialised memory, aligned to 64 bytes.
    init(byteCount: Int) {
        self.byteCount = byteCount
        memory = adj_alloc(Swift.max(byteCount, 1))
        owner = nil
        if memory == nil {
            fatalError("out of memory: the system refused \(byteCount) bytes for a tensor")
        }
    }

    /// No memory at all.
    private init() {
        memory = nil
        byteCount = 0
        owner = nil
    }

    /// Memory that `owner` holds and frees.
    init(memory: UnsafeMutableRawPointer, byteCount: Int, owner: AnyObject) {
        self.memory = memory
        self.byteCount = byteCount
        self.owner = owner
    }

    deinit {
        if let memory, owner == nil { adj_free(memory, Swift.max(byteCount, 1)) }
    }

    static func absent() -> Storage { Storage() }

    /// Counts the call of a transform: what is born later has its number, or a later one.
    static func nextCall() -> Int { calls.add(1, ordering: .relaxed).newValue }

    /// Another tensor's elements are made in this memory.
    func renew() { born = Storage.calls.load(ordering: .relaxed) }

    var ownsMemory: Bool { owner == nil && memory != nil }

    /// The number of in-place writes so far.
    var version: Int { writes.load(ordering: .relaxed) }

    /// Counts a write by `writer`: an operation's type, or a type that stands for another way.
    func bumpVersion(by writer: Any.Type) {
        self.writer.store(unsafeBitCast(writer, to: UInt.self), ordering: .relaxed)
        writes.add(1, ordering: .relaxed)
    }

    /// What made the latest write.
    var lastWriter: Any.Type? {
        let bits = writer.load(ordering: .relaxed)
        return bits == 0 ? nil : unsafeBitCast(bits, to: Any.Type.self)
    }
}
