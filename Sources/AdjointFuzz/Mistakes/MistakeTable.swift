/// A call with arguments at random.
struct MistakeCall: Sendable {
    /// The function, as `tools/wrong-calls` names it.
    let name: String
    let body: @Sendable (Draw) throws -> Void
}

/// Every call of the sweep. Most are generated from the library's public functions.
struct MistakeTable {
    private(set) var calls: [MistakeCall] = []

    static let all: [MistakeCall] = {
        var table = MistakeTable()
        table.coreCalls()
        table.nnCalls()
        table.optimCalls()
        table.dataCalls()
        table.trainerCalls()
        table.handCalls()
        return table.calls
    }()

    mutating func add(_ name: String, _ body: @escaping @Sendable (Draw) throws -> Void) {
        calls.append(MistakeCall(name: name, body: body))
    }
}
