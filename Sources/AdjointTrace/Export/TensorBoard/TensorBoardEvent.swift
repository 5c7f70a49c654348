/// One event of a TensorBoard file, as `tensorflow/core/util/event.proto` numbers its fields.
struct TensorBoardEvent {
    /// What an event can carry.
    enum Content {
        /// The first event of a file.
        case version
        case scalar(tag: String, Double)
        case histogram(tag: String, TensorBoardHistogram)
        case graph([TensorBoardNode])
    }

    /// Seconds since 1970.
    let time: Double
    let step: Int
    let content: Content

    /// The event in its frame, as a file holds it.
    var record: [UInt8] { TFRecord.frame(message.bytes) }

    private var message: ProtobufMessage {
        var event = ProtobufMessage()
        event.add(1, time)
        event.add(2, step)
        switch content {
        case .version: event.add(3, "brain.Event:2")
        case .scalar(let tag, let value):
            var entry = ProtobufMessage()
            entry.add(1, tag)
            entry.add(2, Float(value))
            event.add(5, summary(entry))
        case .histogram(let tag, let histogram):
            var entry = ProtobufMessage()
            entry.add(1, tag)
            entry.add(5, histogram.message)
            event.add(5, summary(entry))
        case .graph(let nodes): event.add(4, TensorBoardNode.graph(nodes))
        }
        return event
    }

    private func summary(_ entry: ProtobufMessage) -> ProtobufMessage {
        var summary = ProtobufMessage()
        summary.add(1, entry)
        return summary
    }
}

/// `HistogramProto`: how many values lie up to each limit, above the limit before it.
struct TensorBoardHistogram: Equatable {
    var min = 0.0
    var max = 0.0
    var count = 0.0
    var sum = 0.0
    var sumOfSquares = 0.0
    var limits: [Double] = []
    var counts: [Double] = []

    var message: ProtobufMessage {
        var message = ProtobufMessage()
        for (field, value) in [min, max, count, sum, sumOfSquares].enumerated() {
            message.add(field + 1, value)
        }
        message.add(6, limits)
        message.add(7, counts)
        return message
    }

    init?(edges: [Double], counts: [Int], sum: Double, sumOfSquares: Double) {
        guard edges.count == counts.count + 1, let first = edges.first, let last = edges.last,
            first.isFinite, last.isFinite, first <= last
        else { return nil }
        (min, max, self.sum, self.sumOfSquares) = (first, last, sum, sumOfSquares)
        count = Double(counts.reduce(0, +))
        // The bucket before the first edge is empty: it says where the first one starts.
        limits = edges
        self.counts = [0] + counts.map(Double.init)
    }

    /// Of all finite `values`, in `buckets` equal parts; nil where there is none.
    init?(of values: [Double], buckets: Int = 30) {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return nil }
        // Halves, since the difference of the largest numbers is infinite.
        let buckets = low == high ? 1 : buckets
        let width = (high / 2 - low / 2) / Double(buckets) * 2
        let edges = (0...buckets).map { $0 == buckets ? high : low + width * Double($0) }
        var counts = [Int](repeating: 0, count: buckets)
        for value in finite {
            let place = width > 0 ? (value / 2 - low / 2) / (width / 2) : 0
            counts[place < Double(buckets) ? Int(place) : buckets - 1] += 1
        }
        self.init(
            edges: edges, counts: counts, sum: finite.reduce(0, +),
            sumOfSquares: finite.reduce(0) { $0 + $1 * $1 })
    }
}

/// `NodeDef`: the names of scopes are the parts of its name, "fc1/matmul".
struct TensorBoardNode {
    let name: String
    let operation: String
    let inputs: [String]

    static func graph(_ nodes: [TensorBoardNode]) -> ProtobufMessage {
        var graph = ProtobufMessage()
        for node in nodes {
            var message = ProtobufMessage()
            message.add(1, node.name)
            message.add(2, node.operation)
            for input in node.inputs { message.add(3, input) }
            graph.add(1, message)
        }
        var versions = ProtobufMessage()
        versions.add(1, 22)
        graph.add(4, versions)
        return graph
    }
}
