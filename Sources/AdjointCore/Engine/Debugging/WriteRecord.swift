import Synchronization

/// The latest write to each block of memory, with debugging on. Kept beside the storages, so that
/// they carry nothing where nobody asks.
enum WriteRecord {
    private struct Entry {
        weak var storage: Storage?
        let trace: Trace
    }

    private struct Table {
        var entries: [ObjectIdentifier: Entry] = [:]
        /// At how many entries those of freed memory are dropped.
        var limit = 256
    }

    private static let table = Mutex(Table())

    static func note(_ storage: Storage) {
        let trace = Trace()
        table.withLock { table in
            table.entries[ObjectIdentifier(storage)] = Entry(storage: storage, trace: trace)
            if table.entries.count > table.limit {
                table.entries = table.entries.filter { $0.value.storage != nil }
                table.limit = Swift.max(256, 2 * table.entries.count)
            }
        }
    }

    /// Where `storage` was written last; nil where that was not recorded.
    static func trace(of storage: Storage) -> Trace? {
        table.withLock { table in
            // Another object may have taken the place of a freed one.
            guard let entry = table.entries[ObjectIdentifier(storage)], entry.storage === storage
            else { return nil }
            return entry.trace
        }
    }
}

/// Stands for writes through `withUnsafeMutableBuffer`, those of optimisers among them.
enum BufferWrite {}

extension Storage {
    /// The public name of what wrote last: "add_".
    var lastWriterName: String {
        switch lastWriter {
        case let type as any AnyOperator.Type: type.info.name + "_"
        case is BufferWrite.Type: "withUnsafeMutableBuffer"
        case is ForeignWrite.Type: "something outside of the library"
        default: "an in-place operation"
        }
    }
}
