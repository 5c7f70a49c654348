/// What a trace says of a program at one moment: the records and events up to one event, added up.
struct TraceMoment {
    /// One input of a node, whose gradient an edge carries.
    struct Input: Hashable {
        let node: Int
        let input: Int
    }

    /// A leaf's gradient, and how it came about last.
    struct Gradient {
        var after: TraceValue
        var before: TraceValue?
        var incoming: TraceValue?
    }

    /// The event of the moment; nil before the first and in a trace without events.
    private(set) var event: TraceEvent?
    /// The nodes that have computed, and the event at which they did.
    private(set) var made: [Int: Int] = [:]
    private(set) var values: [Int: TraceValue] = [:]
    private(set) var versions: [Int: Int] = [:]
    private(set) var gradients: [Int: Gradient] = [:]
    /// The gradient of each node's first output, in the latest pass.
    private(set) var incoming: [Int: TraceValue] = [:]
    /// What each input has got in the latest pass, and the event.
    private(set) var edges: [Input: (value: TraceValue, event: Int)] = [:]
    private(set) var freed: Set<Int> = []
    /// What the derivatives of the latest pass have computed.
    private var computed: [Int: [TraceValue]] = [:]

    /// The moment after the event whose index is `index`; the last one for nil.
    ///
    /// - Throws: `ExportError` of kind `.noSuchEvent`.
    init(of document: TraceDocument, at index: Int?) throws(ExportError) {
        if let index, document.event(index) == nil {
            let last = document.event(at: document.eventCount - 1)?.index
            throw ExportError(
                .noSuchEvent, problem: "the trace has no event \(index)",
                advice: last.map { "its events go up to \($0)" } ?? "it has no events at all")
        }
        var hasEvents = false
        for record in document.records {
            switch record {
            case .tensor(let tensor):
                if let value = tensor.value { values[tensor.id] = value }
                if let version = tensor.version { versions[tensor.id] = version }
            case .event(let event):
                hasEvents = true
                apply(event)
                if event.index == index { return }
            default: break
            }
        }
        // A graph that was not run event by event has all of its nodes.
        if !hasEvents { for node in document.nodes { made[node.id] = 0 } }
    }

    private mutating func apply(_ event: TraceEvent) {
        self.event = event
        switch event.body {
        case .forward(let e): made[e.node] = event.index
        case .backwardBegin: (incoming, edges, computed) = ([:], [:], [:])
        case .backwardNode(let e):
            incoming[e.node] = e.gradOut.first
            computed[e.node] = e.gradIn
        case .edge(let e):
            edges[Input(node: e.from, input: e.input ?? 0)] = (e.value, event.index)
        case .accumulate(let e):
            if let node = e.from, let input = e.input {
                edges[Input(node: node, input: input)] = (e.incoming, event.index)
            }
            gradients[e.tensor] = Gradient(
                after: e.after, before: e.mode == .add ? e.before : nil, incoming: e.incoming)
        case .zeroGrad(let e):
            gradients[e.tensor] = e.setToNone ? nil : Gradient(after: .full([0], exact: false))
        case .backwardEnd:
            // What no event has brought on its own has arrived by now.
            for (node, values) in computed {
                for (i, value) in values.enumerated() {
                    let input = Input(node: node, input: i)
                    if edges[input] == nil { edges[input] = (value, event.index) }
                }
            }
        case .free(let e): freed.insert(e.node)
        case .inplace(let e):
            versions[e.tensor] = e.versionAfter
            if let value = e.value { values[e.tensor] = value }
        case .optimStep(let e):
            if let tensor = e.tensor, let value = e.value { values[tensor] = value }
            if let tensor = e.tensor, let version = e.versionAfter { versions[tensor] = version }
        default: break
        }
    }

    /// "event 8 of 12: backward through mul: 1 gives 3".
    func words(_ document: TraceDocument) -> String {
        guard let event else { return "" }
        let last = document.event(at: document.eventCount - 1)
        if event.index == last?.index { return "after \(document.eventCount) events" }
        return
            "event \(event.index) of \(last?.index ?? event.index): \(document.words(for: event))"
    }
}
