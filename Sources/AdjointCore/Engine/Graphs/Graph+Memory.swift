extension Graph {
    /// What bytes are added up by.
    public enum Grouping: String, Sendable, CaseIterable {
        /// The operation that saved, "exp".
        case operation
        /// The source line that called it; known where debugging was on.
        case line
        /// The modules that called it; known where debugging was on.
        case module
    }

    /// The memory that a graph holds for its derivatives, each block counted once: for the
    /// operation that saved it first.
    public struct Memory: Sendable, CustomStringConvertible {
        /// One operation, line or module.
        public struct Entry: Sendable, Hashable {
            /// The operation, line or module; "(unknown: …)" where none was noted.
            public let name: String
            /// Bytes that no earlier operation holds already.
            public let bytes: Int
            /// Tensors saved, shared ones too.
            public let tensors: Int
        }

        /// What the entries stand for.
        public let grouping: Grouping
        /// The largest first; equal ones by name.
        public let entries: [Entry]
        /// Bytes of all entries together.
        public let total: Int
        /// Bytes of saved leaves (parameters, inputs), which would be there without the graph and
        /// are not in `total`.
        public let leaves: Int
        /// Saved tensors that lie in memory counted already.
        public let shared: Int
        /// Saved tensors that hooks or checkpoints hold elsewhere.
        public let packed: Int

        /// A table: bytes, share, number of tensors, name.
        public var description: String {
            var lines = [
                "saved for backward, by \(grouping.rawValue): \(Memory.text(total)); leaves "
                    + "\(Memory.text(leaves)), shared \(shared), packed \(packed)"
            ]
            for entry in entries {
                let share =
                    total == 0 ? 0 : Int((100 * Double(entry.bytes) / Double(total)).rounded())
                lines.append(
                    "  " + Memory.padded(Memory.text(entry.bytes), 10)
                        + Memory.padded("\(share)%", 6)
                        + Memory.padded("\(entry.tensors)", 6) + "  " + entry.name)
            }
            return lines.joined(separator: "\n")
        }

        private static func padded(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: Swift.max(width - text.count, 0)) + text
        }

        /// "1.5 MB"; a kilobyte has 1,000 bytes.
        static func text(_ bytes: Int) -> String {
            var (value, unit) = (Double(bytes), 0)
            let units = ["B", "kB", "MB", "GB", "TB"]
            while value >= 999.95, unit < units.count - 1 {
                (value, unit) = (value / 1000, unit + 1)
            }
            if unit == 0 { return "\(bytes) B" }
            let tenths = Int((value * 10).rounded())
            return "\(tenths / 10).\(tenths % 10) \(units[unit])"
        }
    }

    /// Adds up what the nodes keep for their derivatives.
    public func memory(by grouping: Grouping = .operation) -> Memory {
        var seen: Set<Int> = []
        var sums: [String: (bytes: Int, tensors: Int)] = [:]
        var (leaves, shared, packed) = (0, 0, 0)
        // The earliest operation first: it is the one that a block is there for.
        for node in nodes.sorted(by: { ($0.sequence ?? .max, $0.id) < ($1.sequence ?? .max, $1.id) }
        ) {
            for saved in node.saved {
                if saved.isPacked { packed += 1 }
                let isNew = saved.storage.map { seen.insert($0).inserted } ?? false
                if saved.isLeaf {
                    if isNew { leaves += saved.bytes }
                    continue
                }
                if !isNew, saved.storage != nil { shared += 1 }
                let key = name(node, grouping)
                sums[key, default: (0, 0)].bytes += isNew ? saved.bytes : 0
                sums[key, default: (0, 0)].tensors += 1
            }
        }
        let entries = sums.map { Memory.Entry(name: $0, bytes: $1.bytes, tensors: $1.tensors) }
            .sorted { ($1.bytes, $0.name) < ($0.bytes, $1.name) }
        return Memory(
            grouping: grouping, entries: entries, total: entries.reduce(0) { $0 + $1.bytes },
            leaves: leaves, shared: shared, packed: packed)
    }

    private func name(_ node: Node, _ grouping: Grouping) -> String {
        switch grouping {
        case .operation: return node.operation ?? node.name
        case .line: return node.line ?? "(unknown: record it inside detectAnomaly { })"
        case .module:
            if let label = node.inputs.lazy.compactMap({ $0 }).compactMap({ nodes[$0.node].label })
                .first, let dot = label.lastIndex(of: ".")
            {
                return String(label[..<dot])
            }
            if !node.modules.isEmpty { return node.modules.joined(separator: " > ") }
            return node.line == nil
                ? "(unknown: record it inside detectAnomaly { })" : "(outside modules)"
        }
    }
}
