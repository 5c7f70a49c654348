import CAdjoint

/// Frees graphs without recursion.
///
/// Releasing the last reference to a node releases those that it points to, and so on: a chain
/// of some thousand nodes would overflow a small stack. Instead each dying node or tensor hands
/// its references to a list of the thread, and whoever started the list empties it.
enum Reaper {
    private final class Worklist {
        @exclusivity(unchecked) var nodes: [Node] = []
    }

    /// Drops a reference that was counted by hand.
    static func release(_ reference: Unmanaged<Node>) {
        var node: Node? = reference.takeRetainedValue()
        release(&node)
    }

    /// Takes the node out of `reference` and drops it.
    static func release(_ reference: inout Node?) {
        // Others still hold it: dropping our reference frees nothing.
        if !isKnownUniquelyReferenced(&reference) {
            reference = nil
            return
        }
        let slot = adj_reaper_slot()!
        if let open = slot.pointee {
            let worklist = Unmanaged<Worklist>.fromOpaque(open).takeUnretainedValue()
            worklist.nodes.append(reference.take()!)
            return
        }
        let worklist = Worklist()
        slot.pointee = Unmanaged.passUnretained(worklist).toOpaque()
        worklist.nodes.append(reference.take()!)
        // Each round drops one node; its `deinit` appends what only it held.
        while !worklist.nodes.isEmpty {
            _ = worklist.nodes.removeLast()
        }
        withExtendedLifetime(worklist) { slot.pointee = nil }
    }
}
