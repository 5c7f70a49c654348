import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Tells on the standard error stream, once for each operation, that `vmap` takes the samples one
/// by one.
enum SlowBatch {
    private static let told = Mutex<Set<String>>([])

    /// The operations that have been told of.
    static var operations: Set<String> { told.withLock { $0 } }

    static func tell(_ operation: String) {
        guard told.withLock({ $0.insert(operation).inserted }) else { return }
        let text =
            "vmap: \(operation) has no batching rule, so its samples are computed one by one "
            + "(said once)\n"
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
