import AdjointCore

/// The bytes that graphs hold for their derivatives, each block counted once, for the operation
/// that saved it first.
struct MemoryLedger {
    private struct Holding {
        weak var node: Node?
        var storages: [Int]
    }

    private struct Charge {
        var holders: Int
        let cause: String
        let bytes: Int
    }

    private var holdings: [Int: Holding] = [:]
    private var charges: [Int: Charge] = [:]
    private(set) var byCause: [String: Int] = [:]

    var total: Int { byCause.values.reduce(0, +) }

    /// A node saves a block. Returns true where it costs nothing more.
    mutating func save(
        _ storage: Int, bytes: Int, node id: Int, _ node: Node, cause: String, isLeaf: Bool
    ) -> Bool {
        holdings[id, default: Holding(node: node, storages: [])].storages.append(storage)
        if charges[storage] != nil {
            charges[storage]!.holders += 1
            return true
        }
        let counted = isLeaf ? 0 : bytes
        charges[storage] = Charge(holders: 1, cause: cause, bytes: counted)
        if counted > 0 { byCause[cause, default: 0] += counted }
        return isLeaf
    }

    /// The node gives back what it saved. Returns the bytes that nobody holds any more; nil where
    /// it held nothing.
    mutating func free(_ id: Int) -> Int? {
        guard let holding = holdings.removeValue(forKey: id) else { return nil }
        var bytes = 0
        for storage in holding.storages {
            guard var charge = charges[storage] else { continue }
            charge.holders -= 1
            if charge.holders > 0 {
                charges[storage] = charge
                continue
            }
            charges[storage] = nil
            bytes += charge.bytes
            if charge.bytes == 0 { continue }
            byCause[charge.cause]! -= charge.bytes
            if byCause[charge.cause] == 0 { byCause[charge.cause] = nil }
        }
        return bytes
    }

    /// Forgets nodes that have died without a backward pass.
    mutating func sweep() {
        for (id, holding) in holdings where holding.node == nil { _ = free(id) }
    }
}
