import CAdjoint

/// Where in the program something happened: raw return addresses, innermost first. Taking one
/// costs a microsecond or two; naming it waits until an error needs it.
final class Trace: Sendable {
    private static let limit = 64
    let addresses: [UInt]

    @inline(never)
    init() {
        addresses = [UInt](unsafeUninitializedCapacity: Trace.limit) { buffer, count in
            count = Int(adj_backtrace(buffer.baseAddress, Int32(Trace.limit)))
        }
    }

    /// The user's line, as "File.swift:12", or words that say why it cannot be told.
    var line: String { SourceLines.userLine(of: self) }
}

/// What a node knows beside its work, where somebody wants to know more.
final class NodeNotes: @unchecked Sendable {
    /// The node in whose derivative this one was made.
    struct Origin {
        let name: String
        let made: Trace?
    }

    /// The call that made the node, and with it what it saved.
    var made: Trace?
    var origin: Origin?
    /// The backward pass that freed what the node saved.
    var freed: Trace?
    /// What saved-tensor hooks hold in the place of the saved tensors.
    var packed: PackedTensors?
    /// The number of the node among those alive; 0 where they are not counted.
    var liveID: UInt64 = 0

    deinit {
        if liveID != 0 { LiveNodes.remove(liveID) }
    }
}
